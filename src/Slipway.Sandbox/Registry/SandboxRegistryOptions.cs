using System.Collections.Immutable;

namespace Slipway.Sandbox.Registry;

/// <summary>What kind of registry to be. The defaults are those of a plain docker-registry that also has the referrers API.</summary>
public sealed record SandboxRegistryOptions
{
    /// <summary>On loopback; 0 lets the system choose.</summary>
    public int Port { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public RegistryAuth Auth { get; init; } = new RegistryAuth.Anonymous();

    public RegistryRateLimit? RateLimit { get; init; }

    public ImmutableArray<NotificationEndpoint> Notifications { get; init; } = [];

    /// <summary>Without it the path answers 404, as docker-registry 2.8 does, and clients fall back to the referrers tag.</summary>
    public bool ReferrersApi { get; init; } = true;

    /// <summary>docker-registry 2.8 ignores <c>n</c> and always sends every tag.</summary>
    public bool HonoursPageSize { get; init; } = true;

    /// <summary>At most so many tags or repositories on a page, whatever the client asks for; null for no limit.</summary>
    public int? MaxPageSize { get; init; }

    /// <summary>Gives tag lists an ETag and answers 304 to If-None-Match. Few registries do.</summary>
    public bool TagListValidators { get; init; }

    /// <summary>4 MiB, as the OCI distribution spec 1.1 wants it at least ("Pushing Manifests").</summary>
    public int MaxManifestBytes { get; init; } = 4 << 20;

    public long MaxBlobBytes { get; init; } = 512L << 20;

    /// <summary>Of tokens, upload sessions and event ids; the same seed and the same requests give the same ones.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Which requests a rate limit counts.</summary>
public enum RateLimitScope
{
    /// <summary>As Docker Hub: a GET of a manifest is a pull, a HEAD is free.</summary>
    Pulls,

    Everything,
}

/// <summary>
/// At most so many requests of one client in any window. The answers to manifests carry Docker Hub's headers
/// (<c>ratelimit-limit: 100;w=21600</c>, docs.docker.com, "Pull usage and limits").
/// </summary>
public sealed record RegistryRateLimit(int Limit, TimeSpan Window, RateLimitScope Scope = RateLimitScope.Pulls);

/// <summary>Who is told of pushes and pulls, as in docker distribution's "Work with notifications".</summary>
public sealed record NotificationEndpoint(Uri Url)
{
    /// <summary>Sent with each envelope, for instance an Authorization.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The actions it wants: push, pull, mount, delete. Empty: all.</summary>
    public ImmutableHashSet<string> Actions { get; init; } = [];

    /// <summary>After so many failures in a row of one envelope it is dropped, and counted.</summary>
    public int Attempts { get; init; } = 5;

    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
