using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.CheckSources;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Signatures;
using Slipway.Telemetry;

namespace Slipway.Controllers;

/// <summary>What everything in the controller is made with.</summary>
/// <param name="WatchNamespace">Null: all of them.</param>
/// <param name="Random">Draws from [0, 1); may be called by several threads.</param>
public sealed record ControllerContext(
    ClusterConnection Connection, string? WatchNamespace, TimeProvider Time, Func<double> Random, SlipwayMetrics Metrics, ILoggerFactory Logs)
{
    /// <summary>What is required of images whatever their Deliveries say.</summary>
    public ImmutableArray<ImagePolicy> ImagePolicies { get; init; } = [];

    /// <summary>Where the controller itself is: Notifiers there may speak for all namespaces. Null: nobody said.</summary>
    public string? Home { get; init; }

    /// <summary>Addresses for messages; null: the configuration does not say by which one browsers reach the controller.</summary>
    public PeoplesLinks? Links { get; init; }

    public ConcurrencyLimits Concurrency { get; init; } = new();

    /// <summary>Which Prometheus is asked, and where checks may send the controller.</summary>
    public CheckConfiguration? Checks { get; init; }
}
