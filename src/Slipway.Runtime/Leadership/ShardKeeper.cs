using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Sharding;

namespace Slipway.Leadership;

/// <summary>
/// Stands for as many shards as are this replica's share, and gives up those that are another's. What it believes of the others decides only who stands:
/// who has a shard is decided by its Lease.
/// </summary>
/// <param name="lease">The Lease of the whole. All replicas hold it together, in the name of the number of shards, so that nobody acts who counts otherwise.</param>
/// <param name="whole">Extended as long as they hold it.</param>
public sealed partial class ShardKeeper(
    ClusterConnection connection, ObjectKey lease, LeaseTerms terms, Tenure whole, IReadOnlyList<Shard> shards, Func<double> jitter, ILoggerFactory logs)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // A dead replica's Lease is kept for those who want to see who was there.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly LeaseBoard _board = new(connection, lease.Namespace, jitter, logs);
    private readonly ResourceClient<LeaseRecord> _leases = new(connection, ResourceTypes.Leases, LeaseWire.Read);
    private readonly ILogger _log = logs.CreateLogger<ShardKeeper>();
    private readonly Dictionary<int, Standing> _standing = [];
    private readonly string _me = MemberName(terms.Identity);

    private sealed record Standing(CancellationTokenSource Stop, Task Running)
    {
        public Task? Leaving { get; set; }
    }

    // Who counts otherwise is in another round, and no share is kept for him.
    private string MemberPrefix => $"{AnyMemberPrefix}{shards.Count}-";

    private string AnyMemberPrefix => $"{lease.Name}-of-";

    /// <summary>Runs until stopped, and then gives all back. To be stopped after all work is done.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var members = new Tenure(connection.Time);
        using var following = new CancellationTokenSource();
        var together = Elect(lease.Name, terms with { Identity = $"{shards.Count}-shards" }, whole, shared: true).RunAsync(stopping);
        var member = Elect($"{MemberPrefix}{_me}", terms with { Identity = _me }, members, shared: false).RunAsync(stopping);
        var board = _board.RunAsync(following.Token);
        try
        {
            await _board.WaitForSyncAsync(stopping);
            while (true)
            {
                Rebalance();
                await SweepAsync(stopping);
                await Task.Delay(Look, connection.Time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This is how it ends.
        }

        await Task.WhenAll(_standing.Values.Select(StopAsync));
        await Task.WhenAll(together, member);
        await RemoveAsync($"{MemberPrefix}{_me}", new DeleteTerms(), CancellationToken.None);
        await following.CancelAsync();
        await board;
    }

    /// <summary>What may stand in the name of a Lease, of what may stand in that of a host.</summary>
    internal static string MemberName(string identity) =>
        string.Concat(identity.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')).Trim('-');

    private string NameOf(int shard) => $"{lease.Name}-shard-{shard}";

    private void Rebalance()
    {
        var holders = shards.Select(shard => _board.Find(NameOf(shard.Scope.Index))?.Holder).Select(holder => string.IsNullOrEmpty(holder) ? null : holder).ToImmutableArray();
        var plan = ShardPlan.Assign(Members(), holders);
        foreach (var shard in shards)
        {
            var mine = whole.IsLeader && plan[shard.Scope.Index] == _me;
            var standing = _standing.GetValueOrDefault(shard.Scope.Index);
            if (standing is { Leaving.IsCompleted: true })
            {
                standing.Stop.Dispose();
                _standing.Remove(shard.Scope.Index);
                standing = null;
            }

            if (mine && standing is null)
            {
                _standing[shard.Scope.Index] = Stand(shard);
            }
            else if (!mine && standing is { Leaving: null })
            {
                LogLeaving(_log, _me, shard.Scope.Index, plan[shard.Scope.Index]);
                standing.Leaving = shard.GiveUpAsync(() => StopAsync(standing));
            }
        }
    }

    // Half of the time after which a Lease may be taken: to stand for the shard of one who lives does no harm, and one that is dead is followed no later.
    private IEnumerable<string> Members() => _board.All
        .Where(seen => seen.Name.StartsWith(MemberPrefix, StringComparison.Ordinal) && seen.Record.Holder.Length > 0 && _board.SilentFor(seen.Name) < terms.Duration / 2)
        .Select(seen => seen.Record.Holder).Append(_me);

    private Standing Stand(Shard shard)
    {
        var name = NameOf(shard.Scope.Index);
        var stop = new CancellationTokenSource();
        var elector = Elect(name, terms with { Identity = _me }, shard.Tenure, shared: false);
        return new Standing(stop, elector.RunAsync(stop.Token, _board.Find(name), _board.SilentFor(name)));
    }

    private static async Task StopAsync(Standing standing)
    {
        await standing.Stop.CancelAsync();
        await standing.Running;
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        foreach (var (name, record) in _board.All.Where(seen => seen.Name.StartsWith(AnyMemberPrefix, StringComparison.Ordinal) && _board.SilentFor(seen.Name) > Forgotten).ToArray())
        {
            await RemoveAsync(name, new DeleteTerms { ResourceVersion = record.ResourceVersion }, stopping);
        }
    }

    private async Task RemoveAsync(string name, DeleteTerms terms, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(2), connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _leases.DeleteAsync(new ObjectKey(lease.Namespace, name), terms, either.Token);
        }
        catch (Exception e) when (e is KubeException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogNotRemoved(_log, name, e.Message);
        }
    }

    private LeaderElector Elect(string name, LeaseTerms asWhom, Tenure tenure, bool shared) =>
        new(connection, new ObjectKey(lease.Namespace, name), asWhom, tenure, jitter, logs.CreateLogger<LeaderElector>()) { Shared = shared };

    [LoggerMessage(LogLevel.Information, "{Me} gives up shard {Shard}; its owner is to be {Owner}")]
    private static partial void LogLeaving(ILogger log, string me, int shard, string? owner);

    [LoggerMessage(LogLevel.Warning, "Lease {Name} of a replica that is gone was not removed: {Why}")]
    private static partial void LogNotRemoved(ILogger log, string name, string why);
}
