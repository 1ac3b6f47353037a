using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Demo;
using Slipway.Kube;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;

namespace Slipway.Bench;

/// <summary>
/// From a push to the patched workload, on the demo's stage: cluster, registry and controller in this process, everything between them over
/// loopback. By the clock on the wall, since most of it is waiting; the end-to-end suite measures the same on a real API server.
/// </summary>
internal static class PathBench
{
    // Taken in turn: a repository's hints are heeded once a second, so that one alone would measure that.
    private const int Repositories = 12;
    private const int WarmUp = 24;
    private const int Pushes = 60;
    private static readonly string[] Verbs = ["get", "list", "create", "update", "patch", "delete"];
    private const double Median = 0.020;
    private const double Slowest = 0.100;

    public static IEnumerable<Benchmark> All =>
    [
        new("push → patched, by webhook, on the sandbox", () =>
        {
            var run = Ran.Value;
            return new Figure(
                $"p50 {Report.Duration(run.Times[Pushes / 2])}",
                $"p50 ≤ {Report.Duration(Median)}, p99 ≤ {Report.Duration(Slowest)}",
                run.Times[Pushes / 2] <= Median && run.Times[^1] <= Slowest,
                $"wall clock, {Pushes} pushes: p90 {Report.Duration(run.Times[Pushes * 9 / 10])}, slowest {Report.Duration(run.Times[^1])}");
        }),
        new("requests of one release, webhook to Succeeded", () =>
        {
            var run = Ran.Value;
            return new Figure(
                Each(run.Api.Values.Sum() + run.Registry), "", null,
                $"registry {Each(run.Registry)}; API server {string.Join(", ", run.Api.Select(verb => $"{verb.Key} {Each(verb.Value)}"))}");
        }),
    ];

    private static readonly Lazy<Run> Ran = new(() => RunAsync().GetAwaiter().GetResult());

    /// <param name="Times">In seconds, the shortest first.</param>
    /// <param name="Api">Requests to the API server by verb, without watches, and those for the lease.</param>
    private sealed record Run(double[] Times, ImmutableSortedDictionary<string, long> Api, long Registry);

    private static string Each(long requests) => string.Create(CultureInfo.InvariantCulture, $"{(double)requests / Pushes:0.0}");

    private static async Task<Run> RunAsync()
    {
        await using var stage = await Stage.SetAsync(new DemoOptions("http://127.0.0.1:0", Speed: 10), CancellationToken.None);
        await stage.InstallAsync(CancellationToken.None);
        var patched = new Patched(stage.Cluster.Store);
        await stage.RunControllerAsync("http://127.0.0.1:0", CancellationToken.None);
        for (var index = 0; index < Repositories; index++)
        {
            await stage.Cluster.PushAsync(Name(index), "1.0.0", CancellationToken.None);
            await stage.ApplyAsync(ResourceTypes.Deployments, Deployment(Name(index), stage.Cluster.Image(Name(index), "1.0.0")), CancellationToken.None);
            await stage.ApplyAsync(ResourceTypes.Deliveries, Delivery(Name(index)), CancellationToken.None);
            await patched.SettledAsync(Name(index), "1.0.0");
        }

        for (var push = 1; push <= WarmUp; push++)
        {
            await PushAsync(stage, patched, push);
        }

        var (api, registry) = Count(stage);
        var times = new List<double>();
        for (var push = WarmUp + 1; push <= WarmUp + Pushes; push++)
        {
            times.Add(await PushAsync(stage, patched, push));
        }

        var (apiAfter, registryAfter) = Count(stage);
        return new([.. times.Order()], apiAfter.ToImmutableSortedDictionary(verb => verb.Key, verb => verb.Value - api[verb.Key]), registryAfter - registry);
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"shop-{index % Repositories}");

    private static async Task<double> PushAsync(Stage stage, Patched patched, int push)
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"1.0.{push}");
        var written = patched.WhenWritten(version);
        await stage.Cluster.PushAsync(Name(push), version, CancellationToken.None);
        var answered = TimeProvider.System.GetTimestamp();
        var seconds = TimeProvider.System.GetElapsedTime(answered, await written.WaitAsync(DemoOptions.Patience)).TotalSeconds;
        await patched.SettledAsync(Name(push), version);

        // The notification may be faster than the registry's answer to the push.
        return Math.Max(0, seconds);
    }

    private static (Dictionary<string, long> Api, long Registry) Count(Stage stage)
    {
        var requests = stage.Cluster.Api.Requests;
        var api = Verbs.ToDictionary(verb => verb, verb => (long)requests.Count(verb) - requests.Count(verb, "leases"));

        // Who pushes lists and reads nothing.
        var log = stage.Cluster.Registry.Log;
        return (api, log.Count(RequestKind.Tags) + log.Count(RequestKind.Manifest, method: "GET") + log.Count(RequestKind.Manifest, method: "HEAD") + log.Count(RequestKind.Blob, method: "GET"));
    }

    // Without replicas: what is measured ends with the patch, and the pods' time is not ours.
    private static JsonObject Deployment(string name, string image) => JsonNode.Parse(
        $$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"shop"}},
        "template":{"metadata":{"labels":{"app":"shop"} },"spec":{"containers":[{"name":"web","image":"{{{image}}}"}]} } } }
        """)!.AsObject();

    private static JsonObject Delivery(string name) => JsonNode.Parse(
        $$$"""
        {"apiVersion":"slipway.dev/v1alpha1","kind":"Delivery","metadata":{"name":"{{{name}}}"},
        "spec":{"targets":[{"name":"{{{name}}}"}],"source":{"follow":{"semver":{"range":">=1.0"}},"interval":"1h"} } }
        """)!.AsObject();

    /// <summary>Sees each write to the API server's store in the moment it is done.</summary>
    private sealed class Patched
    {
        private readonly Lock _gate = new();
        private string _wanted = "";
        private TaskCompletionSource<long> _written = new();
        private readonly Dictionary<string, string> _atRest = [];
        private (string Name, string Version, TaskCompletionSource Done) _settling = ("", "", new());

        public Patched(ObjectStore store) => store.Committed += happened => See(happened.Value);

        public Task<long> WhenWritten(string version)
        {
            lock (_gate)
            {
                (_wanted, _written) = (version, new(TaskCreationOptions.RunContinuationsAsynchronously));
                return _written.Task;
            }
        }

        public Task SettledAsync(string name, string version)
        {
            lock (_gate)
            {
                _settling = (name, version, new(TaskCreationOptions.RunContinuationsAsynchronously));
                if (_atRest.GetValueOrDefault(name) == version)
                {
                    _settling.Done.TrySetResult();
                }

                return _settling.Done.Task.WaitAsync(DemoOptions.Patience);
            }
        }

        private void See(JsonObject stored)
        {
            lock (_gate)
            {
                switch ((string?)stored["kind"])
                {
                    case "Deployment" when _wanted.Length > 0 && $"{stored["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]}".Contains($":{_wanted}@", StringComparison.Ordinal):
                        _written.TrySetResult(TimeProvider.System.GetTimestamp());
                        break;

                    case "Delivery":
                        // At rest is where the rollout has been written down as over.
                        var name = $"{stored["metadata"]?["name"]}";
                        _atRest[name] = $"{stored["status"]?["rollout"]?["phase"]}" == "Idle" ? $"{stored["status"]?["current"]?["tag"]}" : "";
                        if (name == _settling.Name && _atRest[name] == _settling.Version)
                        {
                            _settling.Done.TrySetResult();
                        }

                        break;
                }
            }
        }
    }
}
