using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Output;
using Slipway.Cli.Schemas;
using Slipway.Deliveries;

namespace Slipway.Tests.Cli.Schemas;

public sealed class CustomResourcesTests
{
    [Fact]
    public void The_definitions_are_as_reviewed() => Golden.Match("crds.yaml", YamlText.OfMany(CustomResources.All));

    [Fact]
    public void Only_the_Delivery_keeps_its_status_apart()
    {
        Assert.NotNull(VersionOf(CustomResources.Delivery)["subresources"]?["status"]);
        Assert.Null(VersionOf(CustomResources.Release)["subresources"]);
    }

    [Fact]
    public void Every_node_of_a_schema_has_a_type_as_a_structural_schema_must() =>
        Assert.All(Nodes().ToArray(), node => Assert.NotNull((string?)node.Schema["type"]));

    [Fact]
    public void Every_field_that_people_see_is_explained() =>
        Assert.All(Nodes().Where(node => node.IsField && node.Path is not (".metadata" or ".metadata")), node =>
            Assert.False(string.IsNullOrEmpty((string?)node.Schema["description"]), $"{node.Path} has no description: kubectl explain shows nothing"));

    [Fact]
    public void What_is_required_exists() =>
        Assert.All(Nodes(), node => Assert.All(node.Schema["required"] as JsonArray ?? [], name => Assert.NotNull(node.Schema["properties"]?[(string)name!])));

    /// <summary>A rejection holds while the fingerprint does. A default that changed it would have every rejected image tried again after an upgrade.</summary>
    [Fact]
    public void Defaults_of_the_schema_change_neither_the_terms_nor_their_fingerprint()
    {
        const string Sparse = """{"targets":[{"name":"shop"}],"source":{"follow":{"semver":{}}},"history":{}}""";
        var defaulted = JsonNode.Parse(Sparse)!.AsObject();
        var filled = Fill(defaulted, SpecSchema());

        var (before, after) = (Terms(Sparse), Terms(defaulted.ToJsonString()));

        Assert.Equal(3, filled);
        Assert.Equal(before.Rollout.Fingerprint, after.Rollout.Fingerprint);
        Assert.Equal(before.Interval, after.Interval);
        Assert.Equal(before.Rollout.Suspended, after.Rollout.Suspended);
        Assert.Equal(before.Rollout.HistoryLimit, after.Rollout.HistoryLimit);
    }

    [Theory]
    [InlineData("pin", "TagAndDigest", "Tag", "Digest")]
    [InlineData("rollback", "OnFailure", "Never")]
    public void A_word_that_the_schema_takes_is_one_that_the_controller_takes(string field, params string[] values)
    {
        Assert.Equal(values, SpecSchema()["properties"]![field]!["enum"]!.AsArray().Select(value => (string)value!));
        Assert.All(values, value => Terms($$$"""{"{{{field}}}":"{{{value}}}","targets":[{"name":"shop"}],"source":{"follow":{"semver":{} } } }"""));
    }

    [Theory]
    [InlineData(".spec.progressDeadline")]
    [InlineData(".spec.strategy.rolling.hold")]
    [InlineData(".spec.source.interval")]
    [InlineData(".spec.source.minimumAge")]
    [InlineData(".spec.history.maxAge")]
    public void Durations_are_checked_by_the_server_already(string path) =>
        Assert.Equal(DurationText.Pattern, (string?)Nodes().Single(node => node.Path == path).Schema["pattern"]);

    private static DeliveryTerms Terms(string spec)
    {
        Assert.True(DeliveryTerms.TryRead(JsonSerializer.Deserialize(spec, ApiJson.Default.DeliverySpec), out var terms, out var problem), problem?.ToString());
        return terms;
    }

    // As the API server does it: absent fields of objects that are there.
    private static int Fill(JsonObject value, JsonObject schema)
    {
        var filled = 0;
        foreach (var (name, field) in schema["properties"]?.AsObject() ?? [])
        {
            if (field!["default"] is { } otherwise && !value.ContainsKey(name))
            {
                value[name] = otherwise.DeepClone();
                filled++;
            }

            filled += value[name] is JsonObject below ? Fill(below, field.AsObject()) : 0;
        }

        return filled;
    }

    private static JsonObject VersionOf(JsonObject definition) => definition["spec"]!["versions"]![0]!.AsObject();

    private static JsonObject SchemaOf(JsonObject definition) => VersionOf(definition)["schema"]!["openAPIV3Schema"]!.AsObject();

    private static JsonObject SpecSchema() => SchemaOf(CustomResources.Delivery)["properties"]!["spec"]!.AsObject();

    private sealed record Node(string Path, JsonObject Schema, bool IsField);

    private static IEnumerable<Node> Nodes() => CustomResources.All.SelectMany(definition => Walk(new Node("", SchemaOf(definition), false)));

    private static IEnumerable<Node> Walk(Node node)
    {
        yield return node;
        var below = (node.Schema["properties"]?.AsObject() ?? []).Select(field => new Node($"{node.Path}.{field.Key}", field.Value!.AsObject(), true));
        if (node.Schema["items"] is JsonObject items)
        {
            below = below.Append(new Node($"{node.Path}[]", items, false));
        }

        if (node.Schema["additionalProperties"] is JsonObject every)
        {
            below = below.Append(new Node($"{node.Path}{{}}", every, false));
        }

        foreach (var found in below.SelectMany(Walk))
        {
            yield return found;
        }
    }
}
