using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Sharding;

namespace Slipway.Leadership;

/// <summary>Who of several replicas acts: one on everything, or each on its shards.</summary>
public sealed class Election : IDisposable
{
    private readonly ObjectKey _lease;
    private readonly Tenure _whole;

    /// <param name="shards">1: one replica acts.</param>
    public Election(ObjectKey lease, int shards, TimeProvider time)
    {
        (_lease, _whole) = (lease, new Tenure(time));
        Shards = shards == 1 ? [Shard.Whole(_whole)] : [.. ShardScope.Of(shards).Select(scope => new Shard(scope, new Tenure(time)))];
    }

    public IReadOnlyList<Shard> Shards { get; }

    /// <summary>Whether this process acts on anything.</summary>
    public bool Leads => _whole.IsLeader && Shards.Any(shard => shard.Tenure.IsLeader);

    /// <summary>Who this process is in it, for people.</summary>
    public string Describe() => !Leads ? "waits to lead"
        : Shards.Count == 1 ? "leads"
        : $"leads {string.Join(", ", Shards.Where(shard => shard.Tenure.IsLeader).Select(shard => shard.Scope.Index))} of {Shards.Count} shards";

    /// <summary>Through these goes every request of the controller: the whole must be held, and the shard of the namespace that is written to.</summary>
    public IReadOnlyList<DelegatingHandler> Fences() => Shards.Count == 1
        ? [new LeaderFence(_whole, _lease)]
        : [new LeaderFence(_whole, _lease), new LeaderFence(path => Shards[ShardScope.IndexOf(NamespaceIn(path), Shards.Count)].Tenure, _lease)];

    /// <summary>Runs until stopped, and then gives everything back. To be stopped after all work is done.</summary>
    public async Task RunAsync(ClusterConnection connection, string identity, Func<double> jitter, ILoggerFactory logs, CancellationToken stopping)
    {
        var terms = LeaseTerms.Default(identity);
        if (Shards.Count > 1)
        {
            await new ShardKeeper(connection, _lease, terms, _whole, Shards, jitter, logs).RunAsync(stopping);
            return;
        }

        var elector = new LeaderElector(connection, _lease, terms, _whole, jitter, logs.CreateLogger<LeaderElector>());
        var lookout = new LeaseWatch(connection, _lease, elector.Look, jitter, logs);
        await Task.WhenAll(elector.RunAsync(stopping), lookout.RunAsync(stopping));
    }

    public void Dispose()
    {
        foreach (var shard in Shards)
        {
            shard.Dispose();
        }

        if (Shards.Count > 1)
        {
            _whole.Dispose();
        }
    }

    // /api/v1/namespaces/NS/…, /apis/GROUP/VERSION/namespaces/NS/…
    internal static string NamespaceIn(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(parts, "namespaces");
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : "";
    }
}
