using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>The chart as the real helm reads it, beside what <c>slipway install</c> prints.</summary>
[Collection(RealCluster.Name)]
public sealed class ChartTests(TestCluster cluster)
{
    private const string Home = "slipway-system";

    [Fact]
    public async Task Helm_finds_nothing_wrong_with_it()
    {
        var (exit, said) = await HelmChart.RunAsync("lint", "--strict", HelmChart.Folder);
        Assert.True(exit == 0, said);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("watchNamespace=prod", "--watch-namespace prod")]
    public async Task It_makes_what_install_makes(string values, string flags)
    {
        string[] set = values.Length > 0 ? ["--set", values] : [];
        var chart = await ReadAsync(await RenderedAsync(set));
        var (exit, printed) = await RunningProcess.RunAsync(TestEnvironment.Slipway, ["install", "-n", Home, .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(exit == 0, printed);
        var install = await ReadAsync(printed);

        // Helm makes the namespace itself where it is asked to, and takes the definitions from a folder of their own.
        Assert.Equal(install.Keys.Where(key => !key.StartsWith("Namespace/", StringComparison.Ordinal) && !key.StartsWith("CustomResourceDefinition/", StringComparison.Ordinal)), chart.Keys);
        foreach (var (key, made) in chart)
        {
            Assert.Equal(Essence(install[key]).ToJsonString(), Essence(made).ToJsonString());
        }
    }

    [Theory]
    [InlineData("replicas=many", "replicas")]
    [InlineData("image.digest=sha256:short", "digest")]
    [InlineData("shards=0", "shards")]
    [InlineData("networkpolicy.enabled=true", "networkpolicy")]
    [InlineData("service.type=External", "type")]
    public async Task A_wrong_value_is_refused_and_named(string value, string named)
    {
        var (exit, said) = await HelmChart.RunAsync("template", "slipway", HelmChart.Folder, "--set", value);
        Assert.NotEqual(0, exit);
        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.Contains("values don't meet the specifications of the schema", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_can_be_switched_on_is_taken_by_the_API_server()
    {
        var rendered = await RenderedAsync(
            "--set", "podDisruptionBudget.enabled=true,networkPolicy.enabled=true,grafanaDashboard.enabled=true,replicas=3,shards=6,logFormat=line,secrets={receivers},priorityClassName=system-cluster-critical",
            "--set-json", """configuration={"registries": [{"host": "registry.acme.example", "plainHttp": true}]}""", "--set-json", """networkPolicy.from=[{"namespaceSelector": {}}]""");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, rendered, TestContext.Current.CancellationToken);
        try
        {
            await cluster.KubectlAsync("apply", "--dry-run=server", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RenderedAsync(params string[] more)
    {
        var (exit, rendered) = await HelmChart.RunAsync(["template", "slipway", HelmChart.Folder, "-n", Home, "--api-versions", "policy/v1beta1/PodDisruptionBudget", .. more]);
        Assert.True(exit == 0, rendered);
        return rendered[rendered.IndexOf("---", StringComparison.Ordinal)..];
    }

    // kubectl reads YAML of any style as the API server does.
    private async Task<SortedDictionary<string, JsonObject>> ReadAsync(string manifests)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, manifests, TestContext.Current.CancellationToken);
        try
        {
            var json = await cluster.KubectlAsync("create", "--dry-run=client", "--validate=false", "-o", "json", "-f", file);
            return new(Objects(Encoding.UTF8.GetBytes(json)).ToDictionary(item => $"{item["kind"]}/{item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}"), StringComparer.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // One after the other, with nothing between them.
    private static List<JsonObject> Objects(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        var objects = new List<JsonObject>();
        while (reader.Read())
        {
            objects.Add(JsonNode.Parse(ref reader)!.AsObject());
        }

        return objects;
    }

    // Who made it, and what the API server would say of its own accord, is not what an installation is about.
    private static JsonObject Essence(JsonObject made)
    {
        var essence = made.DeepClone().AsObject();
        essence.Remove("metadata");
        if (essence["spec"]?["template"]?["spec"]?["containers"]?[0] is JsonObject container)
        {
            container.Remove("imagePullPolicy");
        }

        if (essence["kind"]!.GetValue<string>() == "Service")
        {
            essence["spec"]!.AsObject().Remove("type");
        }

        return Sorted(essence).AsObject();
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject json => new JsonObject(json.Where(pair => pair.Value is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Sorted(pair.Value!)))),
        JsonArray array => new JsonArray([.. array.Select(item => (JsonNode?)Sorted(item!))]),
        _ => node.DeepClone(),
    };
}
