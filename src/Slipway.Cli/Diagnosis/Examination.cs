using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>What is examined: one cluster, in one namespace or all of them.</summary>
/// <param name="Namespace">Whose Deliveries are looked at; null: all.</param>
/// <param name="Home">Where the controller is looked for by who may not look everywhere.</param>
internal sealed record Examination(ClusterConnection Connection, string? Namespace, string Home)
{
    private Task<ControllerSight?>? _controller;

    public DateTimeOffset Now => Connection.Time.GetUtcNow();

    public string Where => Namespace is null ? "in any namespace" : $"in namespace {Namespace}";

    /// <summary>The controller's workload, looked for once for all probes; null where there is none.</summary>
    /// <exception cref="KubeException">This user may not look.</exception>
    public Task<ControllerSight?> ControllerAsync(CancellationToken cancellationToken)
    {
        lock (Connection)
        {
            _controller ??= ControllerSight.FindAsync(Connection, Home, CancellationToken.None);
        }

        return _controller.WaitAsync(cancellationToken);
    }
}
