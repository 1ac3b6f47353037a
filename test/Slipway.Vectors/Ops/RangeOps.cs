using System.Text.Json.Nodes;
using Slipway.Versions;

namespace Slipway.Vectors.Ops;

internal static class RangeOps
{
    public static JsonObject Check(VectorCase one) => new()
    {
        ["match"] = SemanticVersion.TryParse(one.Text("version"), out var version) && Range(one).Contains(version, one.Flag("includePrerelease")),
    };

    public static JsonObject Parse(VectorCase one) => !VersionRange.TryParse(one.Text("constraint"), out var range, out _)
        ? new JsonObject { ["valid"] = false }
        : new JsonObject { ["valid"] = true, ["orGroups"] = range.Alternatives.Length, ["andTermsInFirstGroup"] = range.Alternatives[0].Length };

    public static JsonObject Text(VectorCase one) => new() { ["string"] = Range(one).ToString() };

    public static JsonObject ValidateRange(VectorCase one) => new() { ["valid"] = VersionRange.TryParse(one.Text("range"), out _, out _) };

    private static VersionRange Range(VectorCase one) =>
        VersionRange.TryParse(one.Text("constraint"), out var range, out var error) ? range : throw new ArgumentException(error);
}
