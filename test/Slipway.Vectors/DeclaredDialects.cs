using System.Collections.Frozen;
using System.Text.Json;

namespace Slipway.Vectors;

/// <summary>
/// Peers' own rules that Slipway does not follow, by file and dialect. A dialect is ours as a whole or not at all: never put a single case here, and never an op
/// of a dialect whose other ops pass.
/// </summary>
public static class DeclaredDialects
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        ["policy-regex/keel"] = "it orders what a group captured as text, so that build 9 comes after build 10; ours is filter.extract with an order of its own",
        ["policy-semver/keel"] =
            "its policies (patch, minor, major, all) are relative to what runs, so that what is picked depends on the path that led there; a range says the same by itself",
        [$"webhooks/auth/{OpenWithoutSecret}"] = "without a configured secret it takes what anybody sends; ours is no credential, no route",
    }.ToFrozenDictionary();

    private const string OpenWithoutSecret = "open-without-secret";

    /// <summary>A peer's rule that the file does not mark by name, told by the input that it hangs on, and so for every case that has it.</summary>
    public static string? Unmarked(string file, JsonElement one) =>
        file is "webhooks/auth" && one.ValueKind is JsonValueKind.Object && one.TryGetProperty("configuredSecret", out var secret) && secret.ValueEquals("") ? OpenWithoutSecret : null;
}
