using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Vectors.Ops;

/// <summary>From a spec to a pick, as a Delivery goes: a spec that cannot be read and a list in which nothing fits are both an error to Flux.</summary>
internal static class PolicyOps
{
    public static JsonObject SelectSemver(VectorCase one) =>
        Select(one, new Follow { Semver = new SemverPolicy(one.Text("range"), one.Flag("includePrerelease")) });

    // Kargo's strictSemvers is a filter of ours, as its allow and ignore are.
    public static JsonObject Eligible(VectorCase one)
    {
        var pattern = one.Flag("strict") ? @"^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+].*)?$" : one.Texts("allow").SingleOrDefault();
        var source = new Source { Follow = AnyVersion, Filter = new Filter(pattern, Exclude: one.Texts("ignore")) };
        return FollowRule.TryRead(source, out var rule, out var problem) ? new() { ["match"] = rule.Takes(one.Text("tag")) } : throw new ArgumentException($"{problem}");
    }

    public static JsonObject SelectNumeric(VectorCase one) => Select(one, new Follow { Numeric = Order(one) });

    public static JsonObject SelectAlphabetical(VectorCase one) => Select(one, new Follow { Alphabetical = Order(one) });

    public static JsonObject ValidateNumericOrder(VectorCase one) => Validate(new Follow { Numeric = Order(one) });

    public static JsonObject ValidateAlphabeticalOrder(VectorCase one) => Validate(new Follow { Alphabetical = Order(one) });

    public static JsonObject SortSemverDescending(VectorCase one) => new() { ["tags"] = BestFirst(one, AnyVersion).Array() };

    public static JsonObject SortSemverAscending(VectorCase one) => new() { ["tags"] = BestFirst(one, AnyVersion).Reverse().Array() };

    public static JsonObject SortAlphabetical(VectorCase one) => new() { ["tags"] = BestFirst(one, LastInByteOrder).Reverse().Array() };

    public static JsonObject TopAlphabetical(VectorCase one) => new() { ["tags"] = BestFirst(one, LastInByteOrder).Take(10).Array() };

    private static Follow AnyVersion => new() { Semver = new SemverPolicy("*", IncludePrerelease: true) };

    private static Follow LastInByteOrder => new() { Alphabetical = new OrderPolicy() };

    // Flux's words for our orders; another word goes through as it is.
    private static OrderPolicy Order(VectorCase one) => new(one.Text("order") switch
    {
        "asc" => "Ascending",
        "desc" => "Descending",
        var other => other,
    });

    private static JsonObject Select(VectorCase one, Follow follow)
    {
        var filter = one.Body.TryGetProperty("filter", out var body)
            ? new Filter(body.GetProperty("pattern").GetString(), body.GetProperty("extract").GetString())
            : null;
        return FollowRule.TryRead(new Source { Follow = follow, Filter = filter }, out var rule, out var problem)
            ? Picked(rule.Policy(one.Texts("tags")))
            : new JsonObject { ["error"] = true, ["why"] = problem.ToString() };
    }

    private static JsonObject Picked(Selection selection) => selection switch
    {
        Selection.Picked picked => new JsonObject { ["selected"] = picked.Tag, ["why"] = picked.Why },
        Selection.None none => new JsonObject { ["selected"] = null, ["error"] = true, ["why"] = none.Why },
        _ => throw new ArgumentException($"unknown selection {selection}"),
    };

    private static JsonObject Validate(Follow follow) => new() { ["valid"] = FollowRule.TryRead(new Source { Follow = follow }, out _, out _) };

    // Picked again and again from what is left, so that ties are broken as a pick breaks them.
    private static IEnumerable<string> BestFirst(VectorCase one, Follow follow)
    {
        var left = one.Texts("tags").ToList();
        if (!FollowRule.TryRead(new Source { Follow = follow }, out var rule, out var problem))
        {
            throw new ArgumentException(problem.ToString());
        }

        while (rule.Policy(left) is Selection.Picked picked)
        {
            left.Remove(picked.Tag);
            yield return picked.Tag;
        }
    }
}
