using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Kube;

namespace Slipway.Leadership;

/// <summary>All Leases of a namespace as they come in by watch, and for how long each has shown no sign of life, by our own clock.</summary>
internal sealed class LeaseBoard
{
    private readonly Informer<LeaseRecord> _leases;
    private readonly ConcurrentDictionary<string, (LeaseRecord Record, long Since)> _seen = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public LeaseBoard(ClusterConnection connection, string ns, Func<double> jitter, ILoggerFactory logs)
    {
        _time = connection.Time;
        var client = new ResourceClient<LeaseRecord>(connection, ResourceTypes.Leases, LeaseWire.Read);
        _leases = new(client, new ListScope(ns), jitter, logs.CreateLogger<LeaseBoard>());
        _leases.OnChange(Note);
    }

    public IEnumerable<(string Name, LeaseRecord Record)> All => _seen.Select(entry => (entry.Key, entry.Value.Record));

    public LeaseRecord? Find(string name) => _seen.TryGetValue(name, out var seen) ? seen.Record : null;

    /// <summary>For how long it has been seen unchanged; nothing, where it was never seen.</summary>
    public TimeSpan SilentFor(string name) => _seen.TryGetValue(name, out var seen) ? _time.GetElapsedTime(seen.Since) : TimeSpan.Zero;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _leases.WaitForSyncAsync(cancellationToken);

    public Task RunAsync(CancellationToken stopping) => _leases.RunAsync(stopping);

    private void Note(Change<LeaseRecord> change)
    {
        if (change.New is not { } now)
        {
            _seen.TryRemove(change.Key.Name, out _);
        }
        else if (!now.SameTermAs(Find(change.Key.Name)))
        {
            _seen[change.Key.Name] = (now, _time.GetTimestamp());
        }
    }
}
