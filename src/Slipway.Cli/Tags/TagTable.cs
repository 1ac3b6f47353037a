using System.Text.Json.Nodes;
using Slipway.Cli.Output;
using Slipway.Explanations;
using Slipway.Versions;

namespace Slipway.Cli.Tags;

/// <summary>Tags and what they are on: which of them are the same image.</summary>
/// <param name="Digests">By tag; a tag that has gone meanwhile is not in it.</param>
internal sealed record TagTable(string Repository, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Digests)
{
    /// <summary>Versions from the highest down, then the other tags from the last in the alphabet up to the first.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> tags) => tags
        .Select(tag => (Tag: tag, IsVersion: SemanticVersion.TryParse(tag, out var version), Version: version))
        .OrderByDescending(entry => entry.IsVersion)
        .ThenByDescending(entry => entry.Version)
        .ThenByDescending(entry => entry.Tag, StringComparer.Ordinal)
        .Select(entry => entry.Tag);

    public IReadOnlyList<string> SameAs(string tag) =>
        Digests.TryGetValue(tag, out var digest) ? [.. Tags.Where(other => other != tag && Digests.GetValueOrDefault(other) == digest)] : [];

    public JsonObject ToJson() => new()
    {
        ["repository"] = Repository,
        ["tags"] = new JsonArray(
        [
            .. Tags.Where(Digests.ContainsKey).Select(tag => new JsonObject
            {
                ["tag"] = tag,
                ["digest"] = Digests[tag],
                ["sameAs"] = new JsonArray([.. SameAs(tag).Select(other => (JsonNode?)other)]),
            }),
        ]),
    };

    public void Write(TextWriter writer, Palette palette)
    {
        var table = new Table("TAG", "DIGEST", "SAME IMAGE AS");
        foreach (var tag in Tags.Where(Digests.ContainsKey))
        {
            table.Add(tag, Words.ShortDigest(Digests[tag]), string.Join(", ", SameAs(tag)));
        }

        table.Write(writer, palette);
    }
}
