using Microsoft.Extensions.Logging;
using Slipway.Kube;

namespace Slipway.Leadership;

/// <summary>
/// Tells who waits for a Lease as soon as nobody holds it. Only a hint: what is done about it is read anew and written by compare-and-swap.
/// </summary>
public sealed class LeaseWatch
{
    private readonly Informer<LeaseRecord> _leases;

    /// <param name="look">Called when the Lease was given back, or is gone.</param>
    public LeaseWatch(ClusterConnection connection, ObjectKey lease, Action look, Func<double> jitter, ILoggerFactory logs)
    {
        var client = new ResourceClient<LeaseRecord>(connection, ResourceTypes.Leases, LeaseWire.Read);
        _leases = new(client, new ListScope(lease.Namespace, FieldSelector: $"metadata.name={lease.Name}"), jitter, logs.CreateLogger<LeaseWatch>());
        _leases.OnChange(change =>
        {
            if (change.New is null or { Holder: "" })
            {
                look();
            }
        });
    }

    /// <summary>Until the Lease was seen once.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _leases.WaitForSyncAsync(cancellationToken);

    public Task RunAsync(CancellationToken stopping) => _leases.RunAsync(stopping);
}
