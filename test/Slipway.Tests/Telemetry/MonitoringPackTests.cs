using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Telemetry;
using Slipway.Tests.Tidy;

namespace Slipway.Tests.Telemetry;

/// <summary>What can be said of deploy/monitoring without a Prometheus; with one, eng/monitoring/check tries all of it.</summary>
public sealed partial class MonitoringPackTests
{
    private static readonly string Rules = Read("deploy/monitoring/slipway.rules.yaml");

    private static readonly string[] Alerts = [.. Alert.Matches(Rules).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^\s*- alert: (?<name>\w+)$", RegexOptions.Multiline)]
    private static partial Regex Alert { get; }

    [GeneratedRegex(@"\b(slipway|process|dotnet)_[a-z_]+\b")]
    private static partial Regex Metric { get; }

    [Fact]
    public void Every_alert_says_what_to_do_where_the_document_has_it()
    {
        var document = Read("docs/alerts.md").Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]);

        Assert.Equal(Alerts, document);
        Assert.All(Alerts, alert => Assert.Contains($"runbook: docs/alerts.md#{alert.ToLowerInvariant()}\n", Rules, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alert_is_tested_where_it_fires_and_where_it_is_silent()
    {
        var tests = Read("deploy/monitoring/slipway.rules.test.yaml");

        Assert.All(Alerts, alert =>
        {
            Assert.Matches($@"- eval_time: \w+\n\s+alertname: {alert}\n\s+exp_alerts:", tests);
            Assert.Matches($@"- \{{eval_time: 90m, alertname: {alert}\}}", tests);
        });
    }

    [Fact]
    public void Alerts_and_the_dashboard_ask_for_what_there_is()
    {
        var dashboard = JsonNode.Parse(Read("deploy/monitoring/slipway.dashboard.json"))!["panels"]!.AsArray();
        var queries = dashboard.SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!).ToArray();
        var known = Instruments.All.SelectMany(metric => metric.Kind == MetricKind.Histogram ? [$"{metric.Name}_bucket", $"{metric.Name}_sum", $"{metric.Name}_count"] : (string[])[metric.Name]).ToHashSet();

        Assert.Empty(queries.Append(Rules).SelectMany(text => Metric.Matches(text)).Select(match => match.Value).Distinct().Except(known));
        Assert.True(queries.Length > 20, $"{queries.Length} queries");
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(SourceTree.Root, path));
}
