using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Cli.Install;
using Slipway.Cli.Output;
using Slipway.Cli.Schemas;
using Slipway.Tests.Tidy;

namespace Slipway.Tests.Cli.Install;

/// <summary>What of the chart follows from the code: definitions, rules, roles. UPDATE_GOLDEN=1 writes it anew, and the review is the diff.</summary>
public sealed partial class ChartFilesTests
{
    private static string Chart => Path.Combine(SourceTree.Root, "deploy", "charts", "slipway");

    public static TheoryData<string> Generated => [.. Files().Keys];

    [Theory]
    [MemberData(nameof(Generated))]
    public void A_generated_file_is_what_the_code_says(string name)
    {
        var path = Path.Combine(Chart, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Files()[name]);
        }

        Assert.Equal(Files()[name], File.Exists(path) ? File.ReadAllText(path) : $"{path} is missing; UPDATE_GOLDEN=1 writes it");
    }

    [Fact]
    public void No_definition_is_in_the_chart_that_the_code_does_not_have() =>
        Assert.Equal(CustomResources.All.Select(Name).Order(StringComparer.Ordinal), Directory.EnumerateFiles(Path.Combine(Chart, "crds")).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_charts_version_is_the_products()
    {
        var product = ProductVersionLine().Match(File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Build.props"))).Groups[1].Value;
        var chart = File.ReadAllText(Path.Combine(Chart, "Chart.yaml"));
        Assert.Contains($"\nversion: {product}\n", chart, StringComparison.Ordinal);
        Assert.Contains($"\nappVersion: {product}\n", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_has_a_default_and_a_place_in_the_schema_that_lets_nothing_else_in()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Chart, "values.schema.json")))!;
        var told = schema["properties"]!.AsObject().Select(pair => pair.Key).Where(name => name != "global").ToArray();
        var values = TopLevelKey().Matches(File.ReadAllText(Path.Combine(Chart, "values.yaml"))).Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(told.Order(StringComparer.Ordinal), values.Order(StringComparer.Ordinal));
        Assert.False((bool)schema["additionalProperties"]!);
    }

    private static SortedDictionary<string, string> Files() => new(CustomResources.All.ToDictionary(one => $"crds/{Name(one)}.yaml", one => YamlText.OfMany([one])), StringComparer.Ordinal)
    {
        ["files/rules/watched.yaml"] = Rules(Permissions.Watched),
        ["files/rules/cluster.yaml"] = Rules([Permissions.Nodes, Permissions.Freezes, Permissions.ClusterChecks]),
        ["files/rules/lease.yaml"] = Rules([Permissions.Lease]),
        ["files/rules/reviews.yaml"] = Rules(Permissions.Reviews),
        ["files/people.yaml"] = YamlText.OfMany(PeoplesRoles.All),
    };

    private static string Name(JsonObject definition) => (string)definition["metadata"]!["name"]!;

    // A line for each, in YAML's flow style, which is JSON.
    private static string Rules(IEnumerable<Permission> permissions) => string.Concat(permissions.Select(permission => $"  - {JsonSerializer.Serialize(permission.ToJson())}\n"));

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex ProductVersionLine();

    [GeneratedRegex("^([a-zA-Z]+):", RegexOptions.Multiline)]
    private static partial Regex TopLevelKey();
}
