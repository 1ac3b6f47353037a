using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Gates;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>
/// What the controller knows of the cluster without asking: Deliveries, Releases, workloads and nodes are followed always, pods only in
/// namespaces where a rollout is under way.
/// </summary>
public sealed class ClusterView : IAsyncDisposable
{
    /// <summary>Index of Deliveries: <c>Kind/namespace/name</c> of each target that is named, <c>*/namespace</c> where one is selected.</summary>
    public const string ByTarget = "target";

    /// <summary>Index of Deliveries: kinds of their targets that are followed on demand (<see cref="FollowedKinds.IndexOf"/>).</summary>
    public const string ByKind = "kind";

    /// <summary>Index of Deliveries: those that they come after (spec.after), as <c>namespace/name</c>.</summary>
    public const string ByPredecessor = "after";

    /// <summary>Index of Deliveries: their group, as <c>namespace/group</c>.</summary>
    public const string ByGroup = "group";

    /// <summary>Index of Releases: the uid of the Delivery that owns them.</summary>
    public const string ByDelivery = "delivery";

    /// <summary>Index of pods: each of their labels, as <c>key=value</c>.</summary>
    public const string ByLabel = "label";

    /// <summary>Index of Deployments: uid of the Delivery for which Slipway made them.</summary>
    private const string BySide = "side";

    // Long enough that the next step of a rollout finds the pods still followed, short enough that an idle minute has no watch on them.
    private static readonly TimeSpan PodsIdle = TimeSpan.FromMinutes(2);

    private readonly ControllerContext _context;
    private readonly ListScope _scope;
    private readonly ValuePool _pool = new();
    private readonly Dictionary<string, Informer<WorkloadSnapshot>> _workloads = [];

    private ClusterView(ControllerContext context)
    {
        _context = context;
        _scope = new ListScope(context.WatchNamespace);
        DeliveryClient = new(context.Connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery);
        ReleaseClient = new(context.Connection, ResourceTypes.Releases, ApiJson.Default.Release);
        PodClient = new(context.Connection, ResourceTypes.Pods, new PodReader(_pool).Read);
        Deliveries = new(DeliveryClient, _scope, context.Random, Log<Delivery>(), new Dictionary<string, Func<Delivery, IEnumerable<string>>> 
        {
            [ByTarget] = TargetsOf,
            [ByPredecessor] = Neighbours.PredecessorsOf,
            [ByGroup] = delivery => delivery.Spec?.Group?.Name is { Length: > 0 } group ? [$"{delivery.Metadata.Namespace}/{group}"] : [],
            [ByKind] = delivery => (delivery.Spec?.Targets ?? []).Select(FollowedKinds.IndexOf).OfType<string>().Distinct(),
        });
        Kinds = new(context, _pool, context.Logs.CreateLogger<FollowedKinds>());
        var releases = new ResourceClient<CachedRelease>(context.Connection, ResourceTypes.Releases, json => CachedRelease.Read(json, _pool));
        Releases = new(releases, _scope, context.Random, Log<CachedRelease>(), new Dictionary<string, Func<CachedRelease, IEnumerable<string>>>
        {
            [ByDelivery] = release => [release.Owner ?? ""],
        });
        Traffic = new(context);
        Pods = new(NewPodInformer, PodsIdle, context.Time, context.Logs.CreateLogger<InformerPool<PodSnapshot>>());
    }

    /// <summary>Null: all of them are seen.</summary>
    public string? WatchNamespace => _context.WatchNamespace;

    public ResourceClient<Delivery> DeliveryClient { get; }

    /// <summary>Whole ones, as they are now.</summary>
    public ResourceClient<Release> ReleaseClient { get; }

    public ResourceClient<PodSnapshot> PodClient { get; }

    public Informer<Delivery> Deliveries { get; }

    /// <summary>Kinds that are followed only because Deliveries name them.</summary>
    public FollowedKinds Kinds { get; }

    public Informer<CachedRelease> Releases { get; }

    public InformerPool<PodSnapshot> Pods { get; }

    /// <summary>Services, endpoints and routers, as far as something is beside a workload.</summary>
    public TrafficView Traffic { get; }

    /// <summary>Null where only one namespace may be read: then no image is refused for a node.</summary>
    public Informer<NodeSnapshot>? Nodes { get; private set; }

    /// <summary>Null where they cannot be read, or the server does not know them: then nobody can freeze.</summary>
    public Informer<FreezeTerms>? Freezes { get; private set; }

    /// <summary>Null where they cannot be read, or the server does not know them: then nobody is told.</summary>
    public Informer<Notifier>? Notifiers { get; private set; }

    /// <summary>By kind; a kind that the server does not have is missing.</summary>
    public IReadOnlyDictionary<string, Informer<WorkloadSnapshot>> Workloads => _workloads;

    /// <summary>Called after a change of a pod that is followed.</summary>
    public Action<Change<PodSnapshot>>? PodChanged { get; set; }

    /// <summary>Finds out in which version the server has each kind (batch/v1beta1 on Kubernetes 1.20), and begins with nothing followed yet.</summary>
    public static async Task<ClusterView> DiscoverAsync(ControllerContext context, CancellationToken cancellationToken)
    {
        var view = new ClusterView(context);
        using var discovery = new ApiDiscovery(context.Connection);
        foreach (var kind in WorkloadKinds.All)
        {
            var group = kind.ApiVersions[0].Split('/')[0];
            if (await discovery.FindAsync(group, kind.Name, cancellationToken) is { } type && kind.ApiVersions.Contains(type.ApiVersion))
            {
                var reader = new WorkloadReader(view._pool);
                var client = new ResourceClient<WorkloadSnapshot>(context.Connection, type, json => reader.Read(kind, type.ApiVersion, json));
                view._workloads[kind.Name] = new(client, view._scope, context.Random, view.Log<WorkloadSnapshot>(), new Dictionary<string, Func<WorkloadSnapshot, IEnumerable<string>>>
                {
                    [BySide] = workload => workload.Side is { } side ? [side.Owner] : [],
                });
                view.WorkloadClients[kind.Name] = client;
            }
        }

        if (context.WatchNamespace is null)
        {
            view.Nodes = new(new(context.Connection, ResourceTypes.Nodes, new NodeReader(view._pool).Read), ListScope.All, context.Random, view.Log<NodeSnapshot>());
        }

        view.Freezes = await FollowedFreezes.FindAsync(context, cancellationToken);
        view.Notifiers = await FollowedNotifiers.FindAsync(context, cancellationToken);
        return view;
    }

    internal Dictionary<string, ResourceClient<WorkloadSnapshot>> WorkloadClients { get; } = [];

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(
    [
        Deliveries.RunAsync(stopping),
        Releases.RunAsync(stopping),
        Pods.RunAsync(stopping),
        Traffic.RunAsync(stopping),
        Nodes?.RunAsync(stopping) ?? Task.CompletedTask,
        Freezes?.RunAsync(stopping) ?? Task.CompletedTask,
        Notifiers?.RunAsync(stopping) ?? Task.CompletedTask,
        .. _workloads.Values.Select(informer => informer.RunAsync(stopping)),
    ]);

    /// <summary>Until everything was listed once: before that, absent means unknown, and nothing may be decided.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(
    [
        Deliveries.WaitForSyncAsync(cancellationToken),
        Releases.WaitForSyncAsync(cancellationToken),
        Nodes?.WaitForSyncAsync(cancellationToken) ?? Task.CompletedTask,
        Freezes?.WaitForSyncAsync(cancellationToken) ?? Task.CompletedTask,
        Notifiers?.WaitForSyncAsync(cancellationToken) ?? Task.CompletedTask,
        .. _workloads.Values.Select(informer => informer.WaitForSyncAsync(cancellationToken)),
    ]);

    /// <summary>Kinds that were not listed yet, in the order in which they are waited for.</summary>
    public IEnumerable<string> Unsynced()
    {
        (string Kind, bool? HasSynced)[] followed =
        [
            (ResourceTypes.Deliveries.Kind, Deliveries.HasSynced),
            (ResourceTypes.Releases.Kind, Releases.HasSynced),
            (ResourceTypes.Nodes.Kind, Nodes?.HasSynced),
            (ResourceTypes.Freezes.Kind, Freezes?.HasSynced),
            (ResourceTypes.Notifiers.Kind, Notifiers?.HasSynced),
            .. _workloads.Select(kind => (kind.Key, (bool?)kind.Value.HasSynced)),
        ];
        return followed.Where(kind => kind.HasSynced == false).Select(kind => kind.Kind);
    }

    /// <summary>What is not followed at present, and why; null when all is well.</summary>
    public string? Problem() =>
        Deliveries.Problem ?? Releases.Problem ?? Nodes?.Problem ?? _workloads.Values.Select(informer => informer.Problem).FirstOrDefault(problem => problem is not null);

    public WorkloadSnapshot? Workload(WorkloadKey key) => _workloads.GetValueOrDefault(key.Kind)?.Get(new ObjectKey(key.Namespace, key.Name));

    /// <summary>What Slipway made to run beside the workload of the Delivery with this uid.</summary>
    public IReadOnlyList<WorkloadSnapshot> Siblings(string delivery) => _workloads.GetValueOrDefault(WorkloadKinds.Deployment.Name)?.ByIndex(BySide, delivery) ?? [];

    /// <summary>What the server answered when a Release was written or read.</summary>
    public void Wrote(ResourceItem<Release> release) => Releases.Wrote(CachedRelease.Of(release, _pool));

    /// <summary>The Deliveries that may move this workload.</summary>
    public IEnumerable<Delivery> DeliveriesOf(WorkloadKey key) =>
        Deliveries.ByIndex(ByTarget, $"{key.Kind}/{key.Namespace}/{key.Name}").Concat(Deliveries.ByIndex(ByTarget, $"*/{key.Namespace}"));

    /// <summary>The kind of this target, followed from now on.</summary>
    public FollowedKind Follow(Target target, TargetKind kind)
    {
        var index = FollowedKinds.IndexOf(target)!;
        return Kinds.For(target, kind, () => Deliveries.ByIndex(ByKind, index).SelectMany(delivery => delivery.Spec?.Targets ?? []).Where(other => FollowedKinds.IndexOf(other) == index));
    }

    public async ValueTask DisposeAsync()
    {
        await Pods.DisposeAsync();
        await Traffic.DisposeAsync();
        await Kinds.DisposeAsync();
    }

    private static IEnumerable<string> TargetsOf(Delivery delivery) =>
        (delivery.Spec?.Targets ?? []).Select(target => string.IsNullOrEmpty(target.Name)
            ? $"*/{delivery.Metadata.Namespace}"
            : $"{TargetKind.NameOf(target)}/{delivery.Metadata.Namespace}/{target.Name}").Distinct();

    private Informer<PodSnapshot> NewPodInformer(string ns)
    {
        var informer = new Informer<PodSnapshot>(PodClient, new ListScope(ns), _context.Random, Log<PodSnapshot>(), new Dictionary<string, Func<PodSnapshot, IEnumerable<string>>>
        {
            [ByLabel] = pod => pod.Labels.Select(label => $"{label.Key}={label.Value}"),
        });
        informer.OnChange(change => PodChanged?.Invoke(change));
        return informer;
    }

    private ILogger Log<T>()
        where T : class => _context.Logs.CreateLogger<Informer<T>>();
}
