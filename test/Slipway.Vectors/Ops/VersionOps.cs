using System.Text.Json.Nodes;
using Slipway.Versions;

namespace Slipway.Vectors.Ops;

internal static class VersionOps
{
    public static JsonObject ParseStrict(VectorCase one) => new() { ["valid"] = SemanticVersion.TryParseStrict(one.Text("input"), out _) };

    public static JsonObject ParseLoose(VectorCase one) => !SemanticVersion.TryParse(one.Text("input"), out var version)
        ? new JsonObject { ["valid"] = false }
        : new JsonObject
        {
            ["valid"] = true,
            ["major"] = version.Major,
            ["minor"] = version.Minor,
            ["patch"] = version.Patch,
            ["prerelease"] = version.Prerelease,
            ["metadata"] = version.Metadata,
            ["string"] = version.ToString(),
        };

    public static JsonObject Text(VectorCase one) => new() { ["string"] = Version(one.Text("input")).ToString() };

    /// <summary>Flux's reading of a git tag: all three numbers are written.</summary>
    public static JsonObject ParseWhole(VectorCase one) => new() { ["valid"] = SemanticVersion.TryParse(one.Text("input"), out var version) && version.WrittenNumbers == 3 };

    public static JsonObject Compare(VectorCase one) => new() { ["result"] = A(one).CompareTo(B(one)) };

    public static JsonObject Equal(VectorCase one) => new() { ["result"] = A(one) == B(one) };

    public static JsonObject Less(VectorCase one) => new() { ["result"] = A(one) < B(one) };

    public static JsonObject LessEqual(VectorCase one) => new() { ["result"] = A(one) <= B(one) };

    public static JsonObject Greater(VectorCase one) => new() { ["result"] = A(one) > B(one) };

    public static JsonObject GreaterEqual(VectorCase one) => new() { ["result"] = A(one) >= B(one) };

    public static JsonObject SortAscending(VectorCase one) =>
        new() { ["strings"] = one.Texts("inputs").Select(Version).Order().Select(version => version.ToString()).Array() };

    public static JsonObject ValidatePrerelease(VectorCase one) => new() { ["valid"] = SemanticVersion.TryParseStrict($"1.2.3-{one.Text("input")}", out _) };

    public static JsonObject ValidateMetadata(VectorCase one) => new() { ["valid"] = SemanticVersion.TryParseStrict($"1.2.3+{one.Text("input")}", out _) };

    private static SemanticVersion A(VectorCase one) => Version(one.Text("a"));

    private static SemanticVersion B(VectorCase one) => Version(one.Text("b"));

    private static SemanticVersion Version(string text) =>
        SemanticVersion.TryParse(text, out var version) ? version : throw new ArgumentException($"{text} is no version");
}
