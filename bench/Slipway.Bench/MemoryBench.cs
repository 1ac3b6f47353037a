using System.Globalization;
using System.Text.Json;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Policies;
using Slipway.Workloads;

namespace Slipway.Bench;

/// <summary>What the caches hold for 10,000 Deliveries. Budget: 200 MiB for the whole process.</summary>
internal static class MemoryBench
{
    private const int Count = 10_000;

    // The history's default limit, and as many as a busy Delivery has after a while.
    private const int ReleasesEach = 50;
    private const double Budget = 200.0 * 1024 * 1024;

    public static IEnumerable<Benchmark> All =>
    [
        Row("memory: cached Delivery", Deliveries),
        Row("memory: cached Deployment", Deployments),
        Row("memory: cached Release", Releases),
        Row("memory: a whole Release, for comparison", WholeReleases),
        Row("memory: read terms, semver range", () => Terms(filter: null)),
        Row("memory: read terms, range and filter", () => Terms(new Filter("^v(?P<v>.*)-alpine$", "$v"))),
        Row("memory: read terms, range and filter, patterns shared", () => Terms(new Filter("^v(?P<v>.*)-alpine$", "$v"), new PatternPool().TryParse)),
        new("memory: 10,000 Deliveries, all of it", () =>
        {
            var each = (Measure.Memory(Deliveries) + Measure.Memory(Deployments) + Measure.Memory(() => Terms(filter: null))) / Count;
            var release = (double)Measure.Memory(Releases) / Count;
            var (young, full) = (Count * (each + (3 * release)), Count * (each + (ReleasesEach * release)));
            return new Figure(Report.Bytes(young), $"≤ {Report.Bytes(Budget)}", young <= Budget, $"with 3 Releases each; with {ReleasesEach}, the default limit: {Report.Bytes(full)}");
        }),
        new("read: a Deployment from the API server's JSON", () =>
        {
            var json = Samples.Deployment(0);
            using var document = JsonDocument.Parse(json);
            var reader = new WorkloadReader(new ValuePool());
            var time = Measure.Seconds(() => reader.Read(WorkloadKinds.Deployment, "apps/v1", document.RootElement));
            return new Figure(Report.Duration(time), "", null, $"{json.Length} characters; 10,000: {Report.Duration(time * Count)}");
        }),
    ];

    private static Benchmark Row<T>(string what, Func<T> make)
        where T : class => new(what, () =>
    {
        var bytes = Measure.Memory(make);
        return new Figure(Report.Bytes((double)bytes / Count), "", null, string.Create(CultureInfo.InvariantCulture, $"{Count:#,0} of them: {Report.Bytes(bytes)}"));
    });

    private static Dictionary<ObjectKey, ResourceItem<Delivery>> Deliveries() =>
        Cache(index => JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(Samples.Delivery(index, rejections: 1), ApiJson.Default.Delivery), ApiJson.Default.Delivery)!);

    private static Dictionary<ObjectKey, ResourceItem<CachedRelease>> Releases()
    {
        var pool = new ValuePool();
        return Cache(index =>
        {
            using var json = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(Samples.Release(index), ApiJson.Default.Release));
            return CachedRelease.Read(json.RootElement, pool)!;
        });
    }

    private static Dictionary<ObjectKey, ResourceItem<Release>> WholeReleases() =>
        Cache(index => JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(Samples.Release(index), ApiJson.Default.Release), ApiJson.Default.Release)!);

    private static Dictionary<ObjectKey, ResourceItem<WorkloadSnapshot>> Deployments()
    {
        var reader = new WorkloadReader(new ValuePool());
        return Cache(index =>
        {
            using var json = JsonDocument.Parse(Samples.Deployment(index));
            return reader.Read(WorkloadKinds.Deployment, "apps/v1", json.RootElement);
        });
    }

    private static DeliveryTerms[] Terms(Filter? filter, PatternReader? patterns = null) =>
    [
        .. Enumerable.Range(0, Count).Select(index =>
        {
            var spec = Samples.Delivery(index, rejections: 0).Spec! with { };
            spec = spec with { Source = spec.Source! with { Filter = filter } };
            return DeliveryTerms.TryRead(spec, out var terms, out var problem, patterns) ? terms : throw new InvalidOperationException($"{problem}");
        }),
    ];

    private static Dictionary<ObjectKey, ResourceItem<T>> Cache<T>(Func<int, T> make)
        where T : class
    {
        var cache = new Dictionary<ObjectKey, ResourceItem<T>>();
        for (var index = 0; index < Count; index++)
        {
            var key = new ObjectKey(Samples.Namespace(index), Samples.Name(index));
            cache[key] = new ResourceItem<T>(key, Samples.Uid(index), $"{10_000_000 + index}", make(index));
        }

        return cache;
    }
}
