using System.Globalization;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.HighAvailability;

/// <summary>
/// Deliveries that roll out whenever they are told to, and an account of all that was written for them. Their workloads have no pods, so that a rollout
/// takes a second and needs no node.
/// </summary>
internal sealed class Fleet
{
    private const string First = "1.0.0";

    private readonly TestCluster _cluster;
    private readonly string[] _namespaces;
    private readonly List<string> _versions = [First];
    private readonly long _audit = AuditLog.End(TestEnvironment.AuditLog!);

    private Fleet(TestCluster cluster, string[] namespaces) => (_cluster, _namespaces) = (cluster, namespaces);

    public int Rollouts => (_versions.Count - 1) * _namespaces.Length;

    /// <summary>A Deployment and its Delivery in each of so many namespaces.</summary>
    /// <param name="registry">By which host and port the controller reaches the registry; null: as everybody does.</param>
    public static async Task<Fleet> CreateAsync(TestCluster cluster, string prefix, int size, string? registry = null)
    {
        var namespaces = await Task.WhenAll(Enumerable.Range(0, size).Select(_ => cluster.NewNamespaceAsync(prefix)));
        var fleet = new Fleet(cluster, namespaces);
        await fleet.PushAsync(First);
        await cluster.ApplyAsync(string.Concat(namespaces.Select(ns =>
            Manifests.Deployment(ns, $"{registry ?? TestEnvironment.Registry}/{ns}/shop:{First}", replicas: 0)
            + Manifests.Delivery(ns, "{name: shop}", "follow: {semver: {}}, interval: 1s", "strategy: {rolling: {hold: 500ms}}\n  history: {limit: 200}"))));
        return fleet;
    }

    /// <summary>A new version in every repository.</summary>
    public async Task PushAsync()
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"1.0.{_versions.Count}");
        _versions.Add(version);
        await PushAsync(version);
    }

    /// <summary>Until the newest version has shipped everywhere.</summary>
    public Task ShippedAsync(Func<string> evidence) => Eventually.TrueAsync(
        $"{_versions[^1]} has shipped everywhere",
        async () =>
        {
            foreach (var ns in _namespaces)
            {
                if ((await _cluster.DeliveryAsync(ns, "shop")).Status?.Current?.Tag != _versions[^1])
                {
                    return false;
                }
            }

            return true;
        },
        TimeSpan.FromMinutes(2),
        evidence);

    /// <summary>What a user sees of the first of them.</summary>
    public async Task<string> StandingAsync()
    {
        var status = (await _cluster.DeliveryAsync(_namespaces[0], "shop")).Status!;
        var conditions = status.Conditions!.Select(condition => $"{condition.Type}={condition.Status} ({condition.Reason})");
        return $"{status.Current?.Tag}, {string.Join(", ", conditions)}{(status.Held is { } held ? $", held: {held.Reason}: {held.Message}" : "")}";
    }

    /// <summary>
    /// Of every Delivery: a Release for each version, none lost, none twice; each workload patched once for each version, by the audit log of the API
    /// server and by the generation of the workload.
    /// </summary>
    public async Task JudgeAsync()
    {
        var patches = AuditLog.Since(TestEnvironment.AuditLog!, _audit, TestEnvironment.ControllerUser)
            .Where(request => request is { Verb: "patch", Resource: "deployments", Code: 200 })
            .ToLookup(request => request.Path.Split('?')[0]);
        foreach (var ns in _namespaces)
        {
            var history = await _cluster.HistoryAsync(ns, "shop");
            Assert.Equal(_versions, history.Select(release => release.Spec.Tag));
            Assert.Equal(Enumerable.Range(1, _versions.Count).Select(number => (long)number), history.Select(release => release.Spec.Number));
            Assert.All(history.Skip(1), release => Assert.Equal("Succeeded", release.Status!.Outcome));

            var bodies = patches[$"/apis/apps/v1/namespaces/{ns}/deployments/shop"].Select(request => request.Body ?? "").ToArray();
            Assert.All(_versions.Skip(1), version => Assert.Single(bodies, body => body.Contains($"/shop:{version}@", StringComparison.Ordinal)));
            var generation = await _cluster.KubectlAsync("get", "deployment", "shop", "-n", ns, "-o", "jsonpath={.metadata.generation}");
            Assert.Equal(_versions.Count, int.Parse(generation, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Until each Delivery has its first Release.</summary>
    public Task AdoptedAsync(Func<string> evidence) => ShippedAsync(evidence);

    private Task<string[]> PushAsync(string version) => Task.WhenAll(_namespaces.Select(ns => _cluster.Shipyard.PushAsync($"{ns}/shop", version)));
}
