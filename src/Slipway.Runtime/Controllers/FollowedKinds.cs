using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>
/// Custom kinds, and Jobs: followed from the first Delivery that names one until none does. Of each object only the fields are kept that
/// some Delivery looks at; a Delivery that looks at others has the kind listed anew.
/// </summary>
public sealed partial class FollowedKinds(ControllerContext context, ValuePool pool, ILogger<FollowedKinds> log) : IAsyncDisposable
{
    /// <summary>Between two looks for a kind that the server does not have: its definition may be installed at any time.</summary>
    private static readonly TimeSpan Missing = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FollowedKind> _kinds = [];
    private readonly List<Task> _ended = [];
    private readonly CancellationTokenSource _all = new();
    private readonly ApiDiscovery _discovery = new(context.Connection);

    /// <summary>Called after a change of an object.</summary>
    public Action<WorkloadKey>? Changed { get; set; }

    /// <summary>Called, with <see cref="IndexOf"/>, when a kind was listed for the first time.</summary>
    public Action<string>? Listed { get; set; }

    /// <summary>Under what a kind is known here; null for a target of a kind that is followed always.</summary>
    public static string? IndexOf(Target target) =>
        target.ImagePaths is { Count: > 0 } ? $"{target.ApiVersion}/{target.Kind}"
        : target.Kind == WorkloadKinds.Job.Name && !string.IsNullOrEmpty(target.Recreate) ? $"{WorkloadKinds.Job.ApiVersions[0]}/{target.Kind}"
        : null;

    /// <summary>The kind of a target, followed from now on.</summary>
    /// <param name="others">All targets of all Deliveries of this kind.</param>
    public FollowedKind For(Target target, TargetKind read, Func<IEnumerable<Target>> others)
    {
        var index = IndexOf(target)!;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_all.IsCancellationRequested, this);
            var known = _kinds.GetValueOrDefault(index);
            if (known is not null && Paths(read).All(known.Paths.Contains))
            {
                return known;
            }

            // With what everybody else looks at too, or each new Delivery would have the kind listed again.
            Stop(known);
            var paths = others().SelectMany(other => TargetKind.TryRead("", other, out var kind, out _) ? Paths(kind) : []).Concat(Paths(read)).ToImmutableHashSet();
            var split = index.LastIndexOf('/');
            var started = new FollowedKind(read.Name, index[..split], index[(split + 1)..], paths, CancellationTokenSource.CreateLinkedTokenSource(_all.Token));
            started.Running = Task.Run(() => FollowAsync(index, started));
            return _kinds[index] = started;
        }
    }

    /// <summary>Nobody looks at this kind any more.</summary>
    public void Forget(string index)
    {
        lock (_gate)
        {
            Stop(_kinds.GetValueOrDefault(index));
            _kinds.Remove(index);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            if (_all.IsCancellationRequested)
            {
                return;
            }

            _all.Cancel();
            running = [.. _kinds.Values.Select(kind => kind.Running), .. _ended];
            _kinds.Clear();
        }

        await Task.WhenAll(running);
        _all.Dispose();
        _discovery.Dispose();
    }

    private static IEnumerable<FieldPath> Paths(TargetKind kind) => kind.Layout?.Fields.Select(field => field.Path) ?? [];

    private void Stop(FollowedKind? kind)
    {
        if (kind is not null)
        {
            _ended.RemoveAll(task => task.IsCompleted);
            _ended.Add(kind.StopAsync());
        }
    }

    private async Task FollowAsync(string index, FollowedKind kind)
    {
        try
        {
            var type = await FindAsync(kind);
            var client = new ResourceClient<WorkloadSnapshot>(context.Connection, type, Reader(kind));
            var informer = new Informer<WorkloadSnapshot>(client, new ListScope(context.WatchNamespace), context.Random, context.Logs.CreateLogger<Informer<WorkloadSnapshot>>());
            informer.OnChange(change => Changed?.Invoke(new WorkloadKey(kind.Name, change.Key.Namespace, change.Key.Name)));
            kind.Follow(client, informer);
            LogFollowing(kind.Name, kind.ApiVersion);
            await Task.WhenAll(informer.RunAsync(kind.Stopping), TellAsync(index, informer, kind.Stopping));
        }
        catch (OperationCanceledException) when (kind.Stopping.IsCancellationRequested)
        {
            // Nobody looks at it any more.
        }
    }

    private async Task TellAsync(string index, Informer<WorkloadSnapshot> informer, CancellationToken stopping)
    {
        await informer.WaitForSyncAsync(stopping);
        Listed?.Invoke(index);
    }

    private async Task<ResourceType> FindAsync(FollowedKind kind)
    {
        var (group, version) = kind.ApiVersion.Split('/') is [var named, var of] ? (named, of) : ("", kind.ApiVersion);
        while (true)
        {
            try
            {
                switch (await _discovery.FindAsync(group, kind.Kind, kind.Stopping, version))
                {
                    case { Namespaced: true } type:
                        return type;
                    case { }:
                        kind.Say($"{kind.Kind} in {kind.ApiVersion} lives in no namespace, and a Delivery moves only what is in its own");
                        break;
                    default:
                        kind.Say($"the API server has no {kind.Kind} in {kind.ApiVersion}; install its CustomResourceDefinition, or correct kind and apiVersion");
                        break;
                }
            }
            catch (KubeException e)
            {
                kind.Say(e.Message);
            }

            await Task.Delay(Missing, context.Time, kind.Stopping);
        }
    }

    private Func<JsonElement, WorkloadSnapshot?> Reader(FollowedKind kind)
    {
        if (kind.Name == WorkloadKinds.Job.Name)
        {
            var jobs = new WorkloadReader(pool);
            return json => jobs.Read(WorkloadKinds.Job, kind.ApiVersion, json);
        }

        return new CustomReader(pool, kind.Name, kind.ApiVersion, kind.Paths).Read;
    }

    [LoggerMessage(LogLevel.Information, "Following {Kind} ({ApiVersion}): a Delivery names it")]
    private partial void LogFollowing(string kind, string apiVersion);
}
