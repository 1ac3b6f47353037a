using Microsoft.Extensions.Logging;
using Slipway.CheckSources;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Notifications;
using Slipway.Queue;
using Slipway.Registry;
using Slipway.Signatures;
using Slipway.Traffic;

namespace Slipway.Controllers;

/// <summary>
/// The Deliveries of one shard: the queue of those that want a pass, and, as long as this process leads there, those who work on it. It sees the whole
/// cluster, and writes to its own namespaces only.
/// </summary>
internal sealed class DeliveryShard : IDisposable
{
    private static readonly Backoff Pause = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5));

    private readonly ControllerContext _context;
    private readonly Shard _shard;
    private readonly ClusterView _cluster;
    private readonly EventRecorder _events;
    private readonly RegistryClient _client;
    private readonly int _workers;
    private readonly PodInterest _interest = new();
    private readonly SideInterest _sides = new();
    private readonly Turnstile _turnstile;

    // Set while this process leads.
    private volatile Work? _work;

    private sealed record Work(FeedSet Feeds, SignatureChecks Signatures, NotificationDesk Desk);

    /// <summary>To be made before the caches begin to follow the server.</summary>
    public DeliveryShard(ControllerContext context, Shard shard, ClusterView cluster, EventRecorder events, RegistryClient client, int workers)
    {
        (_context, _shard, _cluster, _events, _client, _workers) = (context, shard, cluster, events, client, workers);
        Queue = new WorkQueue<ObjectKey>(context.Time, Pause, context.Random);
        _turnstile = new Turnstile(context.Concurrency.PartOf(shard.Scope), context.Time);
        Triggers.Connect(cluster, _interest, _sides, _turnstile, Queue, shard.Scope);
        Annotations = new AnnotationController(context, cluster, events, shard.Scope);
    }

    public WorkQueue<ObjectKey> Queue { get; }

    public AnnotationController Annotations { get; }

    public Task RunAsync(CancellationToken stopping) => _shard.RunAsync(LeadAsync, stopping);

    /// <summary>Feeds that look because of this.</summary>
    public int Hint(RepositoryName repository, string? tag)
    {
        if (_work is not { } work)
        {
            return 0;
        }

        work.Signatures.Hint(repository);
        return work.Feeds.Hint(repository, tag);
    }

    public IReadOnlyDictionary<FeedPace, int> Paces() => _work?.Feeds.Paces() ?? new Dictionary<FeedPace, int>();

    /// <summary>A Notifier is another.</summary>
    public void Look(ObjectKey notifier) => _work?.Desk.Look(notifier);

    public void Dispose()
    {
        Annotations.Dispose();
        Queue.Dispose();
    }

    private async Task LeadAsync(CancellationToken term)
    {
        await using var feeds = new FeedSet(_client, _context.Time, _context.Random, _context.Logs.CreateLogger<FeedSet>());
        await using var signatures = new SignatureChecks(
            _client, _context.Connection, _context.ImagePolicies, _context.Time, _context.Random, _context.Logs.CreateLogger<SignatureChecks>());
        await using var desk = NewDesk();
        using var measuring = new Measuring(_context.Connection, _context.Checks, _context.Time);
        await using var runner = new CheckRunner(measuring.MeasureAsync, measuring.AbandonAsync, _context.Time, _context.Logs.CreateLogger<CheckRunner>())
        {
            Measured = key => Queue.Add(key, Urgency.Urgent),
        };
        var reconciler = NewReconciler(feeds, signatures, desk, new DeliveryChecks(runner, new CheckTemplates(_context.Connection), Queue));
        var loop = new ReconcileLoop(reconciler, Queue, _workers, _context.Metrics, _context.Time, _context.Logs.CreateLogger<ReconcileLoop>());
        foreach (var delivery in _cluster.Deliveries.List().Where(delivery => _shard.Scope.Holds(delivery.Metadata.Namespace)))
        {
            Queue.Add(new ObjectKey(delivery.Metadata.Namespace ?? "", delivery.Metadata.Name), Urgency.Routine);
        }

        _work = new Work(feeds, signatures, desk);
        foreach (var notifier in _cluster.Notifiers?.List() ?? [])
        {
            desk.Look(new ObjectKey(notifier.Metadata.Namespace ?? "", notifier.Metadata.Name));
        }

        try
        {
            await Task.WhenAll(loop.RunAsync(term), Annotations.LeadAsync(term));
        }
        finally
        {
            _work = null;
        }
    }

    private DeliveryReconciler NewReconciler(FeedSet feeds, SignatureChecks signatures, NotificationDesk desk, DeliveryChecks checks)
    {
        var (context, cluster, logs) = (_context, _cluster, _context.Logs);
        var sources = new SourceBinding(feeds, signatures, new PullCredentials(context, _client, logs.CreateLogger<PullCredentials>()), Queue);
        var jobs = new JobRecreation(context, cluster.ReleaseClient, logs.CreateLogger<JobRecreation>());
        var publisher = new VersionPublisher(context, logs.CreateLogger<VersionPublisher>());
        var traffic = TrafficShell.For(cluster, _sides, context);
        var observer = new DeliveryObserver(cluster, sources, _interest, traffic.Observer, jobs, publisher, new Neighbours(cluster, _turnstile), checks, context.Time);
        var world = new WorldApplier(cluster, jobs, publisher, traffic.Applier, checks, context.Time, logs.CreateLogger<WorldApplier>());
        return new DeliveryReconciler(cluster, observer, world, _turnstile, _events, desk, context.Metrics.Rollouts, context.Time, logs.CreateLogger<DeliveryReconciler>());
    }

    private NotificationDesk NewDesk()
    {
        var (context, cluster) = (_context, _cluster);
        var post = new NotificationPost(context);
        return new NotificationDesk(
            key => cluster.Notifiers?.Get(key), notifier => NotifierTerms.Read(notifier, context.Home, context.Links is not null), post.SendAsync, new NotifierStatusWriter(context, cluster.Notifiers).StoreAsync, context.Metrics.Notified, context.Time, context.Random,
            context.Logs.CreateLogger<NotificationDesk>())
        {
            Closing = post.Dispose,
        };
    }
}
