using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Autoscaling;
using Slipway.Sandbox.Workloads.Nodes;
using Slipway.Sandbox.Workloads.Services;
using Slipway.Sandbox.Workloads.Traffic;

namespace Slipway.Sandbox.Workloads;

/// <summary>
/// The controllers, the scheduler and the kubelets of a cluster, on the store of the sandbox's API server. They act on what the store tells
/// them and on the clock they are given, and do nothing while neither moves.
/// </summary>
public sealed class SandboxWorkloads : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly WorkLoop _loop;
    private readonly AutoscalerController _autoscaler;

    private SandboxWorkloads(ObjectStore store, TimeProvider time, WorkloadOptions options)
    {
        _store = store;
        var timings = options.Timings.Scaled(options.Speed);
        var events = new EventRecorder(store, time);
        var pods = new PodCreation(store, Quota, events);
        var kubelet = new Kubelet(store, new NodeImages(new ImagePuller(options.Mirrors, timings.PullDeadline, time)), events, timings, time);
        Traffic = new SandboxTraffic(store);
        _autoscaler = new AutoscalerController(store, events, options.Autoscaling.Scaled(options.Speed), time);
        _loop = new WorkLoop(time,
        [
            new DeploymentController(store, events, time),
            new ReplicaSetController(store, pods, time),
            new StatefulSetController(store, pods, time),
            new DaemonSetController(store, pods, time),
            new JobController(store, pods, events, time),
            new Scheduler(store, events, time),
            kubelet,
            new EndpointsController(store),
            new GatewayController(store, Traffic, time),
            _autoscaler,
        ]);
        kubelet.Loop = _loop;
        Quota.Changed += Reconsider;
    }

    /// <summary>Refuses pods, for tests of what controllers say then.</summary>
    public PodQuota Quota { get; } = new();

    /// <summary>Who would answer a client now.</summary>
    public SandboxTraffic Traffic { get; }

    /// <summary>The use of a pod in percent of what it requests, as autoscalers are to see it; null leaves it to the annotation of the autoscaler.</summary>
    public Func<JsonObject, double?> PodLoad
    {
        get => _autoscaler.Load;
        set => _autoscaler.Load = value;
    }

    /// <summary>Controllers that failed and were tried again; empty unless the sandbox itself has a mistake.</summary>
    public IReadOnlyList<string> Failures => _loop.Failures;

    public static SandboxWorkloads Start(ObjectStore store, TimeProvider time, WorkloadOptions? options = null)
    {
        var chosen = options ?? new WorkloadOptions();
        var workloads = new SandboxWorkloads(store, time, chosen);
        store.Committed += workloads.Traffic.Notice;
        store.Committed += workloads._loop.Notice;
        NodeFleet.Register(store, chosen, time.GetUtcNow());
        workloads.TakeStock();
        return workloads;
    }

    /// <summary>Waits until the controllers have nothing to do before the clock moves or somebody writes.</summary>
    public Task WhenIdleAsync() => _loop.WhenIdleAsync();

    public ValueTask DisposeAsync()
    {
        _store.Committed -= _loop.Notice;
        _store.Committed -= Traffic.Notice;
        Quota.Changed -= Reconsider;
        return _loop.DisposeAsync();
    }

    private static readonly GroupResource[] Watched =
        [Known.Nodes, Known.Deployments, Known.ReplicaSets, Known.StatefulSets, Known.DaemonSets, Known.Jobs, Known.Services, Known.EndpointSlices, Known.Pods,
        Known.HorizontalPodAutoscalers, GatewayController.Routes];

    // What was there before is new to us.
    private void TakeStock()
    {
        foreach (var stored in Watched.SelectMany(resource => _store.List(resource).Objects))
        {
            var added = new WatchEvent(WatchEventType.Added, stored, null);
            Traffic.Notice(added);
            _loop.Notice(added);
        }
    }

    private void Reconsider(string ns)
    {
        foreach (var stored in Watched.SelectMany(resource => _store.List(resource, ns).Objects))
        {
            _loop.Notice(new WatchEvent(WatchEventType.Modified, stored, stored));
        }
    }
}
