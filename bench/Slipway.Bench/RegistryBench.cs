using System.Globalization;
using Slipway.Api;
using Slipway.Sources;
using Slipway.Vectors.RequestBudget;

namespace Slipway.Bench;

/// <summary>What watching registries costs: requests, counted at a registry without a network; memory; and the time from a hint to its look.</summary>
internal static class RegistryBench
{
    private const int Repositories = 5_000;
    private const int Tags = 1_000;
    private const int Hints = 200;
    private const int Budget = 601;
    private static readonly Follow Newer = new() { Semver = new SemverPolicy(">=0") };

    public static IEnumerable<Benchmark> All =>
    [
        new("requests: 100 repositories × 3 workloads × 5 rounds", () =>
        {
            var requests = Requests(100);
            return new Figure(Count(requests), $"≤ {Budget}", requests <= Budget, $"1,000 repositories: {Count(Requests(1000))}");
        }),
        new("memory: 5,000 repositories × 1,000 tags, watched", () =>
        {
            var (bytes, few, ten) = (Watching(Repositories, Tags), Watching(Repositories / 10, Tags), Watching(Repositories / 10, 10 * Tags));
            return new Figure(
                Report.Bytes(bytes), "", null,
                $"{Report.Bytes((double)bytes / Repositories)} each; 500 repositories: {Report.Bytes(few)}; with 10,000 tags: {Report.Bytes(ten)}");
        }),
        new("webhook → look started", () =>
        {
            var times = HintedAsync().GetAwaiter().GetResult();
            return new Figure(
                $"p50 {Report.Duration(times[Hints / 2])}", "", null, $"wall clock, {Hints} hints: p90 {Report.Duration(times[Hints * 9 / 10])}, slowest {Report.Duration(times[^1])}");
        }),
    ];

    private static string Count(int requests) => requests.ToString("#,0", CultureInfo.InvariantCulture);

    private static int Requests(int repositories)
    {
        var registry = new CountingRegistry { WantsToken = true };
        var scenario = Watched(registry, repositories, workloads: 3, tags: 200);
        scenario.PollAsync(5).GetAwaiter().GetResult();
        scenario.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return registry.Total;
    }

    // The registry's own memory is not ours, and there before.
    private static long Watching(int repositories, int tags)
    {
        var registry = new CountingRegistry();
        var digest = Push(registry, tags);
        return Measure.Memory(() =>
        {
            var scenario = new FeedScenario(registry);
            for (var index = 0; index < repositories; index++)
            {
                scenario.Watch(Path(index), Newer, digest);
            }

            // At the rate of one's own registry.
            scenario.PassAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
            return scenario.Sees() is Sighting.Seen ? scenario : throw new InvalidOperationException($"{scenario.Sees()}");
        });
    }

    private static async Task<double[]> HintedAsync()
    {
        var (asked, times) = (new TaskCompletionSource<long>(), new List<double>());
        var registry = new CountingRegistry { AtRequest = () => asked.TrySetResult(TimeProvider.System.GetTimestamp()) };
        await using var scenario = Watched(registry, Hints, workloads: 1, tags: Tags);
        await scenario.PassAsync(TimeSpan.FromSeconds(30));
        for (var hint = 0; hint < Hints; hint++)
        {
            asked = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var hinted = TimeProvider.System.GetTimestamp();
            var settled = scenario.HintAsync(Path(hint), "1.0.1");
            times.Add(TimeProvider.System.GetElapsedTime(hinted, await asked.Task).TotalSeconds);
            await settled;
        }

        return [.. times.Order()];
    }

    private static FeedScenario Watched(CountingRegistry registry, int repositories, int workloads, int tags)
    {
        var (scenario, known) = (new FeedScenario(registry), Push(registry, tags));
        for (var index = 0; index < repositories * workloads; index++)
        {
            scenario.Watch(Path(index % repositories), Newer, known);
        }

        return scenario;
    }

    private static KnownImage Push(CountingRegistry registry, int tags)
    {
        var known = new KnownImage("", "");
        for (var tag = 0; tag < tags; tag++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"1.0.{tag}");
            known = new KnownImage(name, registry.Push(name));
        }

        return known;
    }

    private static string Path(int index) => string.Create(CultureInfo.InvariantCulture, $"acme/shop-{index}");
}
