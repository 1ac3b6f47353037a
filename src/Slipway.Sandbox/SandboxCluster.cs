using System.Collections.Immutable;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;

namespace Slipway.Sandbox;

/// <summary>The parts keep their own options; the clock of all three is <see cref="Time"/>.</summary>
public sealed record SandboxClusterOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ApiServerOptions Api { get; init; } = new();

    public SandboxRegistryOptions Registry { get; init; } = new();

    public WorkloadOptions Workloads { get; init; } = new();
}

/// <summary>A cluster in a process: API server, registry, and the controllers that make workloads run.</summary>
public sealed class SandboxCluster : IAsyncDisposable
{
    private readonly RegistryConnection _connection;
    private readonly ImagePusher _pusher;

    private SandboxCluster(SandboxApiServer api, SandboxRegistry registry, SandboxWorkloads workloads, RegistryLogin? login)
    {
        (Api, Registry, Workloads) = (api, registry, workloads);
        _connection = new RegistryConnection(registry.Url, login);
        _pusher = new ImagePusher(_connection);
    }

    public SandboxApiServer Api { get; }

    public SandboxRegistry Registry { get; }

    public SandboxWorkloads Workloads { get; }

    public ObjectStore Store => Api.Store;

    public static async Task<SandboxCluster> StartAsync(SandboxClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SandboxClusterOptions();
        var registry = await SandboxRegistry.StartAsync(options.Registry with { Time = options.Time }, cancellationToken);
        SandboxApiServer? api = null;
        try
        {
            api = await SandboxApiServer.StartAsync(options.Api with { Time = options.Time }, cancellationToken);
        }
        finally
        {
            // Half a cluster would hold its port for as long as the process lives.
            if (api is null)
            {
                await registry.DisposeAsync();
            }
        }

        return new SandboxCluster(api, registry, SandboxWorkloads.Start(api.Store, options.Time, options.Workloads), LoginFor(options.Registry.Auth));
    }

    /// <summary>A kubeconfig of the administrator.</summary>
    public void WriteKubeconfig(string path) => Api.WriteKubeconfig(path);

    /// <summary>How a pod names an image of the cluster's registry.</summary>
    public string Image(string repository, string tag) => $"{Registry.Address}/{repository}:{tag}";

    /// <summary>Builds an image that says its version, and how its pods behave, in labels (<see cref="Workloads.Nodes.ImageBehaviour"/>), and pushes it.</summary>
    /// <returns>Its digest.</returns>
    public Task<string> PushAsync(string repository, string tag, CancellationToken cancellationToken, params ImmutableArray<(string Label, string Value)> labels)
    {
        var version = new ImageBuilder().WithLabel("org.opencontainers.image.version", tag);
        var image = labels.Aggregate(version, (builder, label) => builder.WithLabel(label.Label, label.Value)).Build();
        return PushAsync(repository, image, cancellationToken, tag);
    }

    /// <returns>The digest of the image.</returns>
    public Task<string> PushAsync(string repository, BuiltImage image, CancellationToken cancellationToken, params string[] tags) =>
        _pusher.PushAsync(repository, image, cancellationToken, tags);

    public async ValueTask DisposeAsync()
    {
        await Workloads.DisposeAsync();
        await Api.DisposeAsync();
        await Registry.DisposeAsync();
        _connection.Dispose();
    }

    private static RegistryLogin? LoginFor(RegistryAuth auth) => auth switch
    {
        RegistryAuth.Basic { Accounts: [var account, ..] } => new(account.User, account.Password),
        RegistryAuth.Bearer { Accounts: [var account, ..] } => new(account.User, account.Password),
        _ => null,
    };
}
