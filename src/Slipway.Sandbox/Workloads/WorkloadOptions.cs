using System.Collections.Immutable;
using Slipway.Sandbox.Workloads.Autoscaling;

namespace Slipway.Sandbox.Workloads;

/// <summary>A machine that pods land on.</summary>
public sealed record SandboxNode(string Name)
{
    public string Architecture { get; init; } = "amd64";

    public string Os { get; init; } = "linux";

    /// <summary>Beyond those that every node has (hostname, arch, os).</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<NodeTaint> Taints { get; init; } = [];
}

/// <param name="Effect">NoSchedule, PreferNoSchedule or NoExecute.</param>
public sealed record NodeTaint(string Key, string Value, string Effect);

/// <summary>How long things take on a node. All but <see cref="PullDeadline"/> are divided by <see cref="WorkloadOptions.Speed"/>.</summary>
public sealed record NodeTimings
{
    public TimeSpan ContainerStart { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From running to ready, where the image does not say.</summary>
    public TimeSpan Ready { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From the request to end until the last container has ended, where the image does not say.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a container that is meant to end runs, where the image does not say.</summary>
    public TimeSpan Task { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From ErrImagePull to ImagePullBackOff.</summary>
    public TimeSpan PullFailureShown { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The first pause before a restart or another pull; it doubles (kubelet: 10 s).</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause (kubelet: 5 minutes).</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who ran so long starts over with the first pause (kubelet: 10 minutes).</summary>
    public TimeSpan BackoffReset { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan PullDeadline { get; init; } = TimeSpan.FromSeconds(30);

    internal NodeTimings Scaled(double speed) => this with
    {
        ContainerStart = ContainerStart / speed,
        Ready = Ready / speed,
        Stop = Stop / speed,
        Task = Task / speed,
        PullFailureShown = PullFailureShown / speed,
        Backoff = Backoff / speed,
        MaxBackoff = MaxBackoff / speed,
        BackoffReset = BackoffReset / speed,
    };
}

public sealed record WorkloadOptions
{
    public ImmutableArray<SandboxNode> Nodes { get; init; } = [new SandboxNode("sandbox-1")];

    public NodeTimings Timings { get; init; } = new();

    public AutoscalerTimings Autoscaling { get; init; } = new();

    /// <summary>How many times faster than the timings say. What a user writes (deadlines, minReadySeconds, image labels) stays as written.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Where the content of a registry host is really found, as in containerd's hosts.toml: <c>ghcr.io</c> to the sandbox's registry.</summary>
    public ImmutableDictionary<string, Uri> Mirrors { get; init; } = ImmutableDictionary<string, Uri>.Empty;
}
