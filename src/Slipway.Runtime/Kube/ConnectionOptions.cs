using Slipway.Telemetry;

namespace Slipway.Kube;

/// <summary>Which cluster, as whom, and how patiently.</summary>
public sealed record ConnectionOptions
{
    /// <summary>A file; default: the list in KUBECONFIG, else ~/.kube/config, else the pod's service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Default: the kubeconfig's current context.</summary>
    public string? Context { get; init; }

    /// <summary>Ends in the user agent, by which the server's operators recognise us.</summary>
    public string Version { get; init; } = "0.0.0";

    /// <summary>Longest time from request to the end of the answer; watches are exempt.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What every request passes through, outermost first: the leader fence, counters of tests.</summary>
    public IReadOnlyList<DelegatingHandler> Handlers { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public SlipwayMetrics Metrics { get; init; } = new();

    /// <summary>Environment variables by name.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

/// <summary>There is no way to a cluster: the message says what was looked for, and the way out.</summary>
public sealed class ConnectionException(string message, Exception? inner = null) : Exception(message, inner);
