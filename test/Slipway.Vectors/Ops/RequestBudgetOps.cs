using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Registry;
using Slipway.Sources;
using Slipway.Vectors.RequestBudget;
using static Slipway.Vectors.RequestBudget.Asked;

namespace Slipway.Vectors.Ops;

/// <summary>The scenarios of the request budgets: each is run, and what it cost is counted at the registry.</summary>
public static class RequestBudgetOps
{
    private static readonly Follow Newer = new() { Semver = new SemverPolicy(">=0") };

    private static readonly Dictionary<string, Func<JsonElement, Task<JsonObject>>> Scenarios = new(StringComparer.Ordinal)
    {
        ["rb-001"] = SteadyListsAsync,
        ["rb-002"] = SteadyTagsAsync,
        ["rb-003"] = NewestBuildAsync,
        ["rb-004"] = ManyTagsAsync,
        ["rb-005"] = WebhookAsync,
        ["rb-006"] = TooManyRequestsAsync,
        ["rb-007"] = PartOfAListAsync,
        ["rb-008"] = ManyNamespacesAsync,
    };

    /// <summary>What the scenario cost, in the words of its budget.</summary>
    public static JsonObject Measure(VectorCase one) => Scenarios.TryGetValue(one.Id, out var scenario)
        ? scenario(one.Body.GetProperty("given")).GetAwaiter().GetResult()
        : throw new ArgumentException($"no scenario is named {one.Id}");

    /// <summary>The budget where it is kept, which is what a case expects; else what it cost.</summary>
    public static JsonObject Judge(VectorCase one)
    {
        var cost = Measure(one);
        foreach (var budget in one.Expect.EnumerateObject().Where(budget => budget.Value.ValueKind is JsonValueKind.Number))
        {
            if (cost[budget.Name] is { } spent && spent.GetValue<double>() <= budget.Value.GetDouble())
            {
                cost[budget.Name] = budget.Value.GetDouble();
            }
        }

        return cost;
    }

    private static async Task<JsonObject> SteadyListsAsync(JsonElement given)
    {
        await using var scenario = new FeedScenario(new CountingRegistry { WantsToken = true });
        var digest = Push(scenario.Registry, given.GetProperty("tagsPerRepository").GetInt32());
        for (var workload = 0; workload < given.GetProperty("repositories").GetInt32() * given.GetProperty("workloadsPerRepository").GetInt32(); workload++)
        {
            scenario.Watch($"acme/r{workload % given.GetProperty("repositories").GetInt32()}", Newer, digest);
        }

        await scenario.PollAsync(given.GetProperty("pollIntervals").GetInt32());
        return Counts(scenario.Registry);
    }

    private static async Task<JsonObject> SteadyTagsAsync(JsonElement given)
    {
        await using var scenario = new FeedScenario(new CountingRegistry { WantsToken = true });
        var tag = given.GetProperty("tag").GetString()!;
        var known = new KnownImage(tag, scenario.Registry.Push(tag));
        for (var repository = 0; repository < given.GetProperty("repositories").GetInt32(); repository++)
        {
            scenario.Watch($"acme/r{repository}", new Follow { Tag = new TagPolicy(tag) }, known);
        }

        await scenario.PollAsync(given.GetProperty("pollIntervals").GetInt32());
        return Counts(scenario.Registry);
    }

    private static async Task<JsonObject> NewestBuildAsync(JsonElement given)
    {
        var cache = Directory.CreateTempSubdirectory("slipway-builds-");
        var (registry, newest, costs) = (new CountingRegistry(), new Follow { Newest = new NewestPolicy() }, new List<int>());
        var known = Push(registry, given.GetProperty("tags").GetInt32());
        await using (var scenario = new FeedScenario(registry, cache.FullName))
        {
            scenario.Watch("acme/shop", newest, known: null);
            await scenario.PassAsync(TimeSpan.FromSeconds(30));
            costs.Add(registry[ManifestGet]);
            await AgainAsync(scenario);
            known = new KnownImage("9.0.0", registry.Push("9.0.0"));
            await AgainAsync(scenario);
        }

        registry.Forget();
        await using var anew = new FeedScenario(registry, cache.FullName);
        anew.Watch("acme/shop", newest, known);
        await anew.PassAsync(TimeSpan.FromSeconds(30));
        cache.Delete(recursive: true);
        return With([], ("coldManifestGetMax", costs[0]), ("secondPollManifestRequestsMax", costs[1]), ("thirdPollManifestRequestsMax", costs[2]), ("afterRestartManifestRequestsMax", registry[ManifestHead] + registry[ManifestGet]));

        async Task AgainAsync(FeedScenario scenario)
        {
            registry.Forget();
            await scenario.PassAsync(TimeSpan.FromMinutes(1));
            costs.Add(registry[ManifestHead] + registry[ManifestGet]);
        }
    }

    private static async Task<JsonObject> ManyTagsAsync(JsonElement given)
    {
        var (before, peak) = (0L, 0L);
        await using var scenario = new FeedScenario(new CountingRegistry { PageLimit = given.GetProperty("serverPageLimit").GetInt32() });
        Push(scenario.Registry, given.GetProperty("tags").GetInt32());
        scenario.Registry.AtRequest = () => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
        before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        scenario.Watch("acme/shop", Newer, known: null);
        await scenario.PollAsync(1);
        return With(Counts(scenario.Registry), ("wallMillisMaxOnLoopback", Stopwatch.GetElapsedTime(started).TotalMilliseconds), ("peakManagedBytesMax", Math.Max(0, peak - before)));
    }

    private static async Task<JsonObject> WebhookAsync(JsonElement given)
    {
        await using var scenario = new FeedScenario(new CountingRegistry());
        scenario.Watch("acme/shop", Newer, Push(scenario.Registry, 10));
        await scenario.PollAsync(1);
        scenario.Registry.Forget();
        var (started, at) = (Stopwatch.GetTimestamp(), scenario.Elapsed);
        var digest = scenario.Registry.Push("9.0.0");
        await scenario.HintAsync("acme/shop", "9.0.0");
        return scenario.Sees() is Sighting.Seen seen && seen.Digest == digest
            ? With(Counts(scenario.Registry), ("latencyMillisMax", (Stopwatch.GetElapsedTime(started) + scenario.Elapsed - at).TotalMilliseconds))
            : throw new InvalidOperationException($"what was pushed is not seen: {scenario.Sees()}");
    }

    private static async Task<JsonObject> TooManyRequestsAsync(JsonElement given)
    {
        await using var scenario = new FeedScenario(new CountingRegistry());
        scenario.Registry.Instead = (_, _) =>
        {
            var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            refusal.Headers.Add("Retry-After", "30");
            return refusal;
        };
        for (var repository = 0; repository < given.GetProperty("repositories").GetInt32(); repository++)
        {
            scenario.Watch($"acme/r{repository}", Newer, known: null);
        }

        await scenario.PassAsync(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        return With([], ("requestsInFirst30sMax", scenario.Registry.Total), ("perRegistryAfterFirst429Max", scenario.Registry.Total - 1));
    }

    private static async Task<JsonObject> PartOfAListAsync(JsonElement given)
    {
        await using var scenario = new FeedScenario(new CountingRegistry { PageLimit = 2 });
        scenario.Watch("acme/shop", Newer, Push(scenario.Registry, 2));
        await scenario.PollAsync(1);
        var before = scenario.Sees();
        scenario.Registry.Push("0.5.0");
        scenario.Registry.Push("9.0.0");
        scenario.Registry.Instead = (_, path) => path.Contains("last=", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.InternalServerError) : null;
        await scenario.PassAsync(TimeSpan.FromMinutes(5));
        return new JsonObject { ["update"] = before is not Sighting.Seen || scenario.Sees() is not Sighting.Problem { Reason: nameof(RegistryProblemKind.RegistryUnavailable) } };
    }

    private static async Task<JsonObject> ManyNamespacesAsync(JsonElement given)
    {
        await using var scenario = new FeedScenario(new CountingRegistry());
        var known = Push(scenario.Registry, 10);
        for (var space = 0; space < given.GetProperty("namespaces").GetInt32(); space++)
        {
            scenario.Watch("acme/shop", Newer, known);
        }

        await scenario.PollAsync(given.GetProperty("pollIntervals").GetInt32());
        return Counts(scenario.Registry);
    }

    // Versions 1.0.0, 1.0.1, ...; the last of them is what runs.
    private static KnownImage Push(CountingRegistry registry, int tags)
    {
        var digest = "";
        for (var tag = 0; tag < tags; tag++)
        {
            digest = registry.Push($"1.0.{tag}");
        }

        return new KnownImage($"1.0.{tags - 1}", digest);
    }

    private static JsonObject Counts(CountingRegistry registry) => new()
    {
        ["tagsListMax"] = (double)registry[TagsList],
        ["tokenMax"] = (double)registry[Token],
        ["pingMax"] = (double)registry[Ping],
        ["manifestHeadMax"] = (double)registry[ManifestHead],
        ["manifestGetMax"] = (double)registry[ManifestGet],
        ["totalMax"] = (double)registry.Total,
    };

    private static JsonObject With(JsonObject counts, params ReadOnlySpan<(string Name, double Value)> more)
    {
        foreach (var (name, value) in more)
        {
            counts[name] = value;
        }

        return counts;
    }
}
