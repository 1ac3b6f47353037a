using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

public sealed record ApiServerOptions
{
    /// <summary>0 for any that is free. The server listens on loopback alone.</summary>
    public int Port { get; init; }

    /// <summary>
    /// HTTPS with a certificate of its own, as kubectl wants it: over plain HTTP it sends no credentials. Without, a connection
    /// costs less.
    /// </summary>
    public bool Tls { get; init; } = true;

    /// <summary>Of uids and generated names.</summary>
    public int Seed { get; init; } = 1;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public KubernetesRelease Release { get; init; }

    public StoreLimits Limits { get; init; } = new();

    /// <summary>How often a watch that asked for bookmarks gets one when nothing happens. The API server does it each minute.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What <c>kubectl logs</c> shows, of a pod and one of its containers.</summary>
    public Func<JsonObject, string, string> PodLog { get; init; } = (pod, container) => $"{pod.Name()}/{container}: no containers run in the sandbox\n";
}
