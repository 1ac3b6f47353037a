using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Label selectors and node selectors ("Labels and Selectors" of the Kubernetes documentation).</summary>
internal static class LabelSelectors
{
    /// <summary>A LabelSelector of meta/v1. One that says nothing matches everything, one that is not there nothing.</summary>
    public static bool Matches(JsonObject? selector, JsonObject value) =>
        selector is not null
        && MatchesAll(selector.Section("matchLabels"), value)
        && selector.Objects("matchExpressions").All(expression => Holds(expression, value.Label(expression.Text("key"))));

    public static bool MatchesAll(JsonObject? labels, JsonObject value) =>
        labels is null || labels.All(pair => value.Label(pair.Key) == JsonFields.AsText(pair.Value));

    /// <summary>One requirement: operators of label selectors, and Gt and Lt of node selectors.</summary>
    public static bool Holds(JsonObject expression, string? actual)
    {
        var values = (expression.Field("values") as JsonArray ?? []).Select(JsonFields.AsText).ToArray();
        return expression.Text("operator") switch
        {
            "In" => actual is not null && values.Contains(actual),
            "NotIn" => actual is null || !values.Contains(actual),
            "Exists" => actual is not null,
            "DoesNotExist" => actual is null,
            "Gt" => Number(actual) > Number(values.FirstOrDefault()),
            "Lt" => Number(actual) < Number(values.FirstOrDefault()),
            _ => false,
        };
    }

    private static long? Number(string? text) =>
        long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
