using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Demo;
using Slipway.Kube;
using Slipway.Sandbox.Storage;

namespace Slipway.Bench;

/// <summary>
/// How long a canary stands still once its last pod is ready: from that pod's status in the API server's store to the Delivery's, in which the next
/// step has begun. On the demo's stage, by the clock on the wall. Between the two are the endpoints, what the controller hears and decides, and its write.
/// </summary>
internal static class StepBench
{
    private const int Rollouts = 20;
    private const string Strategy = """{"canary":{"steps":[{"weight":10},{"weight":20},{"weight":30},{"weight":40},{"weight":50}],"traffic":{"settle":"0s","drain":"0s"} } }""";

    public static IEnumerable<Benchmark> All =>
    [
        new("last pod ready → next step, canary by pods, on the sandbox", () =>
        {
            var delays = RunAsync().GetAwaiter().GetResult();
            return new Figure(
                $"p50 {Report.Duration(delays[delays.Length / 2])}", "", null,
                string.Create(CultureInfo.InvariantCulture, $"wall clock, {Rollouts} rollouts, {delays.Length} steps: p90 {Report.Duration(delays[delays.Length * 9 / 10])}, slowest {Report.Duration(delays[^1])}"));
        }),
    ];

    private static async Task<double[]> RunAsync()
    {
        await using var stage = await Stage.SetAsync(new DemoOptions("http://127.0.0.1:0", Speed: 10), CancellationToken.None);
        await stage.InstallAsync(CancellationToken.None);
        var steps = new Steps(stage.Cluster.Store);
        await stage.RunControllerAsync("http://127.0.0.1:0", CancellationToken.None);
        await stage.Cluster.PushAsync("shop", "1.0.0", CancellationToken.None);
        await stage.ApplyAsync(ResourceTypes.Deployments, Deployment(stage.Cluster.Image("shop", "1.0.0")), CancellationToken.None);
        await stage.ApplyAsync(ResourceTypes.Deliveries, Delivery(), CancellationToken.None);
        await steps.AtRestAsync("1.0.0");
        for (var rollout = 1; rollout <= Rollouts; rollout++)
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"1.0.{rollout}");
            await stage.Cluster.PushAsync("shop", version, CancellationToken.None);
            await steps.AtRestAsync(version);
        }

        return [.. steps.Delays.Order()];
    }

    private static JsonObject Deployment(string image) => JsonNode.Parse(
        $$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop"},"spec":{"replicas":10,"selector":{"matchLabels":{"app":"shop"}},
        "template":{"metadata":{"labels":{"app":"shop"} },"spec":{"containers":[{"name":"web","image":"{{{image}}}"}]} } } }
        """)!.AsObject();

    private static JsonObject Delivery() => JsonNode.Parse(
        $$$"""
        {"apiVersion":"slipway.dev/v1alpha1","kind":"Delivery","metadata":{"name":"shop"},
        "spec":{"targets":[{"name":"shop"}],"source":{"follow":{"semver":{}},"interval":"1h"},"strategy":{{{Strategy}}} } }
        """)!.AsObject();

    /// <summary>Sees each write to the API server's store in the moment it is done.</summary>
    private sealed class Steps
    {
        private readonly Lock _gate = new();
        private readonly HashSet<string> _ready = [];
        private long _lastReady;
        private int _step = -1;
        private string _current = "";
        private (string Version, TaskCompletionSource Done) _awaited = ("", new());

        public Steps(ObjectStore store) => store.Committed += happened => See(happened.Value);

        /// <summary>In seconds, in the order in which they were.</summary>
        public List<double> Delays { get; } = [];

        public Task AtRestAsync(string version)
        {
            lock (_gate)
            {
                _awaited = (version, new(TaskCreationOptions.RunContinuationsAsynchronously));
                if (_current == version)
                {
                    _awaited.Done.TrySetResult();
                }

                return _awaited.Done.Task.WaitAsync(DemoOptions.Patience);
            }
        }

        private void See(JsonObject stored)
        {
            lock (_gate)
            {
                switch ((string?)stored["kind"])
                {
                    case "Pod" when $"{stored["metadata"]?["name"]}" is var name && name.StartsWith("shop-canary-", StringComparison.Ordinal):
                        if (IsReady(stored) && _ready.Add(name))
                        {
                            _lastReady = TimeProvider.System.GetTimestamp();
                        }

                        break;

                    case "Delivery":
                        Moved(stored["status"]?["rollout"]?.AsObject(), $"{stored["status"]?["current"]?["tag"]}");
                        break;
                }
            }
        }

        private void Moved(JsonObject? rollout, string current)
        {
            // The first step is 0, and what is 0 is not written.
            var step = $"{rollout?["phase"]}" != "Stepping" ? -1 : int.TryParse($"{rollout!["step"]}", NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0;
            if (step > _step && _lastReady != 0)
            {
                Delays.Add(TimeProvider.System.GetElapsedTime(_lastReady).TotalSeconds);
            }

            if (step != _step)
            {
                (_step, _lastReady) = (step, 0);
            }

            _current = $"{rollout?["phase"]}" is "Idle" or "" ? current : "";
            if (_current == _awaited.Version)
            {
                _ready.Clear();
                _awaited.Done.TrySetResult();
            }
        }

        private static bool IsReady(JsonObject pod) => pod["status"]?["conditions"] is JsonArray conditions
            && conditions.Any(condition => $"{condition?["type"]}" == "Ready" && $"{condition?["status"]}" == "True");
    }
}
