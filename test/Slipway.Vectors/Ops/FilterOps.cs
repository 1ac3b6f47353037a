using System.Diagnostics;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Vectors.Ops;

internal static class FilterOps
{
    public static JsonObject FilterExtract(VectorCase one)
    {
        var filter = Read(new Filter(one.Text("pattern"), one.Text("extract")));
        var matches = one.Texts("tags")
            .Select(tag => (Tag: tag, Verdict: filter.Read(tag, out var key), Key: key.ToString()))
            .Where(match => match.Verdict == TagVerdict.Kept)
            .ToList();
        return new JsonObject
        {
            ["keys"] = matches.Select(match => match.Key).Distinct().Order(StringComparer.Ordinal).Array(),
            ["matches"] = new JsonArray([.. matches.Select(match => new JsonObject { ["tag"] = match.Tag, ["extracted"] = match.Key })]),
        };
    }

    public static JsonObject Exclude(VectorCase one) => TagFilter.TryRead(new Filter(Exclude: one.Texts("patterns")), out var filter, out var problem)
        ? new JsonObject { ["tags"] = one.Texts("tags").Where(tag => filter.Read(tag, out _) == TagVerdict.Kept).Array() }
        : new JsonObject { ["error"] = true, ["why"] = problem.ToString() };

    // A filter that cannot be read is a problem of the spec and excludes nothing.
    public static JsonObject ExcludeAny(VectorCase one) => new()
    {
        ["match"] = TagFilter.TryRead(new Filter(Exclude: one.Texts("patterns")), out var filter, out _) && filter.Read(one.Text("tag"), out _) == TagVerdict.Excluded,
    };

    public static JsonObject AllowIgnore(VectorCase one) => new()
    {
        ["match"] = Read(new Filter(one.Texts("allow").SingleOrDefault(), Exclude: one.Texts("ignore"))).Read(one.Text("tag"), out _) == TagVerdict.Kept,
    };

    public static JsonObject GeneratedArtifactTag(VectorCase one) => new() { ["skip"] = TagFilter.IsArtifact(one.Text("tag")) };

    public static JsonObject Match(VectorCase one) => new() { ["match"] = TagPattern.TryParse(one.Text("pattern"), out var pattern, out _) && pattern.IsMatch(one.Text("tag")) };

    public static JsonObject ValidatePattern(VectorCase one) => new() { ["validInRE2"] = TagPattern.TryParse(one.Text("pattern"), out _, out _) };

    public static JsonObject Redos(VectorCase one)
    {
        var limit = one.Expect.GetProperty("maxMillis").GetInt64();
        var started = Stopwatch.GetTimestamp();
        var matched = TagPattern.TryParse(one.Text("pattern"), out var pattern, out var error) ? one.Texts("tags").Any(tag => pattern.IsMatch(tag)) : throw new ArgumentException(error);
        var elapsed = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return new JsonObject { ["match"] = matched, ["maxMillis"] = Math.Max(elapsed, limit) };
    }

    private static TagFilter Read(Filter filter) => TagFilter.TryRead(filter, out var read, out var problem) ? read : throw new ArgumentException(problem.ToString());
}
