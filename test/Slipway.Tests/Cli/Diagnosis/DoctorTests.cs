using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Diagnosis;

/// <summary>'slipway doctor' over real HTTP: on clusters that are well, ill, and closed to who asks.</summary>
public sealed class DoctorTests
{
    private static readonly string Young = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Delivery(string conditions, string held = "null", string name = "shop") => $$"""
        {"apiVersion":"slipway.dev/v1alpha1","kind":"Delivery","metadata":{"name":"{{name}}","namespace":"prod"},
         "spec":{"targets":[{"name":"{{name}}"}],"source":{"repository":"registry.example/{{name}}","follow":{"semver":{} } } },
         "status":{"observedGeneration":1,"held":{{held}},"conditions":[{{conditions}}] } }
        """;

    private static string Condition(string type, string status, string reason, string message) =>
        $$"""{"type":"{{type}}","status":"{{status}}","reason":"{{reason}}","message":"{{message}}","lastTransitionTime":"{{Young}}","observedGeneration":1}""";

    private static JsonNode Parsed(CliRun run) => JsonNode.Parse(run.Out)!;

    private static IEnumerable<string> Of(CliRun run, string subject) => Parsed(run)["findings"]!.AsArray().Where(finding => (string?)finding!["subject"] == subject).Select(finding => $"{finding!["verdict"]}: {finding["said"]}");

    [Fact]
    public async Task Of_a_cluster_that_is_well_it_says_so()
    {
        await using var patient = await Patient.StartAsync();
        await patient.InstallAsync();
        await patient.LeaseAsync(TimeSpan.Zero);
        await patient.CreateAsync(Delivery($"{Condition("Ready", "True", "UpToDate", "1.1.0 runs")},{Condition("SourceReady", "True", "Found", "registry.example/shop: 1.1.0")}"));

        var run = await patient.ExamineAsync([]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match("doctor-well.txt", run.Out);
    }

    [Fact]
    public async Task Of_a_cluster_without_Slipway_it_says_what_to_install()
    {
        await using var patient = await Patient.StartAsync();

        var run = await patient.ExamineAsync([]);

        Assert.Equal(1, run.Code);
        Golden.Match("doctor-empty.txt", run.Out);
    }

    [Fact]
    public async Task What_is_ill_is_told_with_what_to_do()
    {
        await using var patient = await Patient.StartAsync();
        await patient.InstallAsync(ready: 0, image: "ghcr.io/slipway-dev/slipway:0.0.9", reviews: false);
        await patient.LeaseAsync(TimeSpan.FromDays(2.5));
        await patient.CreateAsync("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"slipway-1","namespace":"slipway-system","labels":{"app.kubernetes.io/name":"slipway"}},"spec":{"containers":[{"name":"slipway","image":"x"}]},"status":{"containerStatuses":[{"name":"slipway","image":"x","imageID":"","restartCount":0,"ready":false,"state":{"waiting":{"reason":"ImagePullBackOff","message":"not found"}}}]}}""");
        await patient.CreateAsync("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"slipway-webhook","namespace":"slipway-system"},"data":{"token":"czNjcjN0"}}""");
        await patient.CreateAsync("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Freeze","metadata":{"name":"sale"},"spec":{"reason":"summer sale"}}""");
        await patient.CreateAsync(Delivery($"{Condition("Ready", "False", "TargetNotFound", "there is no Deployment shop")},{Condition("Stalled", "True", "TargetNotFound", "there is no Deployment shop")},{Condition("SourceReady", "False", "Unauthorized", "registry.example/shop: 401")}"));
        await patient.CreateAsync(Delivery($"{Condition("Ready", "False", "Drifted", "ada set another image")},{Condition("SourceReady", "True", "Found", "registry.example/cart: 1.0.0")}", """{"reason":"Drifted","message":"ada set another image"}""", "cart"));
        await patient.CreateAsync(Delivery($"{Condition("Ready", "False", "TooYoung", "it rests")}", """{"reason":"TooYoung","message":"it rests"}""", "patient"));

        var run = await patient.ExamineAsync(["-A"]);

        Assert.Equal(1, run.Code);
        Golden.Match("doctor-ill.txt", System.Text.RegularExpressions.Regex.Replace(run.Out, "for [0-9]s:", "for 0s:"));
        Assert.DoesNotContain("czNjcjN0", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_do_nothing_is_told_what_is_closed_to_them_and_nothing_breaks()
    {
        await using var patient = await Patient.StartAsync();
        await patient.InstallAsync();

        var run = await patient.ExamineAsync([], rules: """[{"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectaccessreviews"],"verbs":["create"]},{"nonResourceURLs":["/version","/apis","/apis/*"],"verbs":["get"]}]""");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match("doctor-closed.txt", run.Out);
    }

    [Theory]
    [InlineData("json", "doctor.json")]
    [InlineData("yaml", "doctor.yaml")]
    [InlineData("jsonpath={.verdict}", "doctor-jsonpath.txt")]
    public async Task Scripts_get_the_same_findings(string format, string golden)
    {
        await using var patient = await Patient.StartAsync();
        await patient.InstallAsync();
        await patient.LeaseAsync(TimeSpan.Zero);

        var run = await patient.ExamineAsync(["-o", format]);

        Assert.Equal(0, run.Code);
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_ends_with_3_and_one_finding()
    {
        var run = await CliRun.OfAsync(["doctor"], connect: options => Slipway.Kube.ClusterConnection.To(new Uri("http://127.0.0.1:9"), options), time: TimeProvider.System);

        Assert.Equal(3, run.Code);
        Assert.Contains("problem  server", run.Out, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_of_another_version_is_told_field_by_field()
    {
        await using var patient = await Patient.StartAsync();
        var older = Slipway.Cli.Schemas.CustomResources.Delivery;
        var fields = older["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!;
        fields.AsObject().Remove("windows");
        await patient.CreateAsync(older);

        var run = await patient.ExamineAsync(["-o", "json"]);

        Assert.Contains(Of(run, "definitions"), said => said.StartsWith("warning: deliveries.slipway.dev is not as this program knows it: spec.windows", StringComparison.Ordinal));
        Assert.Contains("problem: releases.slipway.dev, freezes.slipway.dev, clusterchecks.slipway.dev, notifiers.slipway.dev are not installed", Of(run, "definitions"));
    }

    [Fact]
    public async Task A_configuration_that_the_controller_cannot_read_is_a_problem_and_one_that_it_can_names_its_receivers()
    {
        await using var bad = await Patient.StartAsync();
        await bad.InstallAsync(configuration: "receivers:\n- nmae: hub\n");
        await using var good = await Patient.StartAsync();
        await good.InstallAsync(configuration: "receivers:\n- {name: hub, type: generic, tokenFile: /etc/slipway/secrets/receivers/hub}\n");

        Assert.Contains(Of(await bad.ExamineAsync(["-o", "json"]), "receivers"), said => said.StartsWith("problem: the controller cannot start with its configuration: ConfigMap slipway-system/slipway", StringComparison.Ordinal));
        Assert.Contains("ok: the controller takes /webhooks/hub", Of(await good.ExamineAsync(["-o", "json"]), "receivers"));
    }

    [Fact]
    public async Task A_probe_that_gets_no_answer_is_unknown_when_its_time_is_over_and_the_others_are_told()
    {
        var cluster = new SilentCluster();

        var run = await CliRun.OfAsync(["doctor", "--timeout", "100ms", "-o", "json"], connect: options => Slipway.Kube.ClusterConnection.To(new Uri("http://cluster.test"), options with { Handlers = [cluster] }), time: TimeProvider.System);

        Assert.Contains("ok: Kubernetes v1.33.1 at http://cluster.test (http://cluster.test/)", Of(run, "server"));
        Assert.Contains("unknown: no answer within 0.1 s", Of(run, "deliveries"));
        Assert.Equal(0, run.Code);
    }

    // It tells its version, and nothing else, ever.
    private sealed class SilentCluster : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath != "/version")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return new HttpResponseMessage { Content = new StringContent("""{"major":"1","minor":"33+","gitVersion":"v1.33.1"}""") };
        }
    }
}
