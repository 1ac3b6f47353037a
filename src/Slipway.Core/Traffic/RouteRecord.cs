using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Traffic;

/// <summary>What is noted on a route while something of ours is in it: the weights that were there, and which step's rules were written.</summary>
/// <param name="Weights">By index of the rule, without ours; null where none was written there.</param>
public sealed record RouteRecord(IReadOnlyDictionary<int, int?> Weights, int? Step)
{
    public const string Annotation = Api.ApiNames.Group + "/canary";

    private static readonly RouteRecord None = new(new Dictionary<int, int?>(), null);

    public static RouteRecord Of(JsonObject route) => Parse((route["metadata"]?["annotations"] as JsonObject)?[Annotation]) ?? None;

    public override string ToString()
    {
        var weights = new JsonObject(Weights.OrderBy(weight => weight.Key)
            .Select(weight => KeyValuePair.Create<string, JsonNode?>(weight.Key.ToString(CultureInfo.InvariantCulture), weight.Value)));
        var record = new JsonObject { ["weights"] = weights };
        if (Step is { } step)
        {
            record["step"] = step;
        }

        return record.ToJsonString();
    }

    // Whoever edits it by hand loses what it said, and nothing else.
    private static RouteRecord? Parse(JsonNode? annotation)
    {
        try
        {
            return annotation is JsonValue value && value.TryGetValue<string>(out var text) && JsonNode.Parse(text) is JsonObject record
                ? new(
                    (record["weights"] as JsonObject ?? []).Where(entry => int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                        .ToDictionary(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture), entry => Number(entry.Value)),
                    Number(record["step"]))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where it is no integer.</summary>
    public static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
