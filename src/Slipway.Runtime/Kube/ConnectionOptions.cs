using Slipway.Telemetry;

namespace Slipway.Kube;

/// <summary>Which cluster, as whom, and how patiently.</summary>
public sealed record ConnectionOptions
{
    /// <summary>A file; default: the list in KUBECONFIG, else ~/.kube/config, else the pod's service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Default: the kubeconfig's current context.</summary>
    public string? Context { get; init; }

    /// <summary>What is put in the place of the kubeconfig's.</summary>
    public ConnectionOverrides Overrides { get; init; } = new();

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

/// <summary>kubectl's flags for one call ("kubectl options", Kubernetes documentation); null leaves what the kubeconfig says.</summary>
/// <param name="Cluster">Name of a cluster of the kubeconfig, instead of the context's.</param>
/// <param name="User">Name of a user of the kubeconfig, instead of the context's.</param>
/// <param name="Server">Instead of the cluster's address.</param>
/// <param name="Token">Instead of the user's. It is in no message.</param>
/// <param name="As">Whom to act as ("Authenticating", User impersonation).</param>
public sealed record ConnectionOverrides(string? Cluster = null, string? User = null, Uri? Server = null, string? Token = null, string? As = null)
{
    /// <summary>Groups to act in; only together with <see cref="As"/>.</summary>
    public IReadOnlyList<string> AsGroups { get; init; } = [];

    // A record's own text would hold the token.
    public override string ToString() => $"Cluster = {Cluster}, User = {User}, Server = {Server}, As = {As}";
}

/// <summary>There is no way to a cluster: the message says what was looked for, and the way out.</summary>
public sealed class ConnectionException(string message, Exception? inner = null) : Exception(message, inner);
