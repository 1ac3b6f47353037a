using System.Globalization;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Bench;

/// <summary>A policy's choice among the tags of one repository. Budget: 100,000 tags in 50 ms, and no quadratic growth.</summary>
internal static class SelectionBench
{
    private const int Most = 100_000;
    private const double Budget = 0.050;

    public static IEnumerable<Benchmark> All =>
    [
        Row("select: semver range", Plain, new() { Semver = new(Range: ">=1.4 <2") }),
        Row("select: semver range, filter cut by position", Alpine, new() { Semver = new(Range: ">=1.4 <2") }, new Filter("^v(?P<v>.*)-alpine$", "$v")),
        Row("select: numeric, filter captured", Builds, new() { Numeric = new() }, new Filter(@"^(?P<branch>[a-z]+)-(?P<build>[0-9]+)$", "$build")),
        Row("select: calver", Days, new() { Calver = new("YYYY.0M.0D.MICRO") }),
        Row("select: calver, filter cut by position", index => $"web-{Days(index)}-slim", new() { Calver = new("YYYY.0M.0D.MICRO") }, new Filter("^web-(.*)-slim$", "$1")),
        Row("select: newest, build times known", Builds, new() { Newest = new() }),
        Row("select: alphabetical", Builds, new() { Alphabetical = new() }),
        Row("select: nothing fits", Plain, new() { Semver = new(Range: ">=99") }),
    ];

    private static Benchmark Row(string what, Func<int, string> tag, Follow follow, Filter? filter = null) => new($"{what}, 100k tags", () =>
    {
        if (!FollowRule.TryRead(new Source { Follow = follow, Filter = filter }, out var rule, out var problem))
        {
            throw new InvalidOperationException($"{problem}");
        }

        var times = new[] { Most / 100, Most / 10, Most }.Select(count => (Count: count, Time: Measure.Seconds(() => rule.Pick(Tags(tag, count), built => Noon.AddSeconds(built.Length))))).ToArray();
        var growth = times[^1].Time / times[^2].Time;
        return new Figure(
            Report.Duration(times[^1].Time),
            $"≤ {Report.Duration(Budget)}",
            times[^1].Time <= Budget,
            string.Create(CultureInfo.InvariantCulture, $"1k {Report.Duration(times[0].Time)}, 10k {Report.Duration(times[1].Time)}; ten times the tags: × {growth:0.0}"));
    });

    private static readonly Dictionary<(Func<int, string>, int), string[]> Lists = [];

    // Made once: a registry's list is there already when a policy sees it.
    private static string[] Tags(Func<int, string> tag, int count) =>
        Lists.TryGetValue((tag, count), out var list) ? list : Lists[(tag, count)] = [.. Enumerable.Range(0, count).Select(index => tag(Scattered(index, count)))];

    // In no order, as registries give them: a prime step goes through all of them.
    private static int Scattered(int index, int count) => (int)(index * 7919L % count);

    private static string Plain(int index) => string.Create(CultureInfo.InvariantCulture, $"{index % 3}.{index / 3 % 40}.{index / 120}{(index % 10 == 0 ? "-rc1" : "")}");

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Days(int index) => string.Create(CultureInfo.InvariantCulture, $"{2000 + (index % 30)}.{1 + (index / 30 % 12):00}.{1 + (index / 360 % 28):00}.{index / 10_080}");

    private static string Alpine(int index) => $"v{Plain(index)}{(index % 2 == 0 ? "-alpine" : "")}";

    private static string Builds(int index) => string.Create(CultureInfo.InvariantCulture, $"main-{index}");
}
