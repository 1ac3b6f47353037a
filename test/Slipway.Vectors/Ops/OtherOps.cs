using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Vectors.Ops;

/// <summary>Policies that peers have and that ours say in other words: a glob is a filter with byte order, the newest build is ours.</summary>
internal static class OtherOps
{
    // The vectors count seconds from nothing; what is older than 1990 tells no time to us.
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static JsonObject GlobSelect(VectorCase one) => new()
    {
        ["selected"] = Glob(one.Text("pattern")).Pick(one.Texts("tags")) is Selection.Picked picked ? picked.Tag : null,
    };

    public static JsonObject GlobShouldUpdate(VectorCase one) => new()
    {
        ["update"] = Glob(one.Text("pattern")) is var rule && rule.Takes(one.Text("candidate")) && rule.Compare(one.Text("current"), one.Text("candidate")) < 0,
    };

    public static JsonObject ExcludeGlob(VectorCase one) => new()
    {
        ["match"] = Filter(new Filter(Exclude: [.. one.Texts("patterns").Select(Pattern)])).Read(one.Text("tag"), out _) == TagVerdict.Excluded,
    };

    // A list of patterns is one pattern with | between them; one that cannot be read is a problem of the spec, and nothing is included.
    public static JsonObject IncludeAny(VectorCase one) => new()
    {
        ["match"] = TagFilter.TryRead(new Filter(string.Join('|', one.Texts("patterns").Select(pattern => $"(?:{pattern})"))), out var filter, out _)
            && filter.Read(one.Text("tag"), out _) == TagVerdict.Kept,
    };

    public static JsonObject NewestSelect(VectorCase one)
    {
        var builds = Builds(one);
        return new() { ["selected"] = Newest.Pick([.. builds.Keys], tag => builds[tag]) is Selection.Picked picked ? picked.Tag : null };
    }

    public static JsonObject NewestSort(VectorCase one)
    {
        var builds = Builds(one);
        return new() { ["ascending"] = Newest.Order(tag => builds[tag])!.Top(builds.Keys, builds.Count).Reverse().Array() };
    }

    // An image is known by its digest, whatever the text behind the @ is called.
    public static JsonObject DigestSelect(VectorCase one) => new() { ["update"] = one.Text("current").Split('@')[^1] != one.Text("registryDigest") };

    // Rule 2: where both have a digest it decides, under whatever tag; a digest that only one side has says that they are not the same text.
    public static JsonObject SameImage(VectorCase one)
    {
        var (a, b) = (Image(one, "a"), Image(one, "b"));
        return new() { ["equal"] = a.Digest.Length > 0 && b.Digest.Length > 0 ? a.Digest == b.Digest : a == b };
    }

    private static SourceRule Newest => Rule(new Source { Follow = new Follow { Newest = new NewestPolicy() } });

    private static SourceRule Glob(string glob) => Rule(new Source { Follow = new Follow { Alphabetical = new OrderPolicy() }, Filter = new Filter(Pattern(glob)) });

    private static string Pattern(string glob) => $"^{Regex.Escape(glob).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}$";

    private static SourceRule Rule(Source source) => FollowRule.TryRead(source, out var rule, out var problem) ? rule : throw new ArgumentException($"{problem}");

    private static TagFilter Filter(Filter filter) => TagFilter.TryRead(filter, out var read, out var problem) ? read : throw new ArgumentException($"{problem}");

    /// <summary>The newest of these images, whose tag and time of build, in seconds, are called so.</summary>
    public static string? NewestOf(IEnumerable<JsonElement> images, string tag, string built)
    {
        var builds = images.ToDictionary(image => image.GetProperty(tag).GetString()!, image => BuildTime.Told(Beginning.AddSeconds(image.GetProperty(built).GetInt64())));
        return Newest.Pick([.. builds.Keys], name => builds[name]) is Selection.Picked picked ? picked.Tag : null;
    }

    // Where a tag is there twice, a list is read from the front and the last word counts.
    private static Dictionary<string, DateTimeOffset?> Builds(VectorCase one)
    {
        var builds = new Dictionary<string, DateTimeOffset?>();
        foreach (var image in one.Body.GetProperty("images").EnumerateArray())
        {
            builds[image.GetProperty("tag").GetString()!] = BuildTime.Told(Beginning.AddSeconds(image.GetProperty("created").GetInt64()));
        }

        return builds;
    }

    private static (string Tag, string Digest) Image(VectorCase one, string side) =>
        one.Body.GetProperty(side) is { ValueKind: JsonValueKind.Object } image ? (image.GetProperty("tag").GetString()!, image.GetProperty("digest").GetString()!) : throw new ArgumentException(side);
}
