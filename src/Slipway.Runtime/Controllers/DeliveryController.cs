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
/// The controller of Deliveries, put together. Its caches are warm in every process; the queue is worked on, and registries are asked,
/// only in the one that leads.
/// </summary>
/// <param name="identity">Names this process in Events.</param>
public sealed partial class DeliveryController(ControllerContext context, Tenure tenure, RegistryOptions registries, int workers, string identity, ILogger<DeliveryController> log)
{
    private static readonly Backoff Pause = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5));

    // Between two tries to find out what the API server has, at the very start.
    private static readonly TimeSpan DiscoveryPause = TimeSpan.FromSeconds(2);

    private ClusterView? _cluster;

    // Set while this process leads.
    private Func<RepositoryName, string?, int>? _hint;

    private NotificationDesk? _desk;

    /// <summary>The caches, of a process that leads or does not; null until the API server was asked what it has.</summary>
    public ClusterView? Cluster => _cluster;

    /// <summary>Called with the caches before they begin to follow, so that a listener misses no change.</summary>
    public Action<ClusterView>? Watching { get; set; }

    /// <summary>Why this process could not do its work at present; null when it could. What a readiness probe shows.</summary>
    public string? Problem { get; private set; } = "starting";

    /// <summary>A registry says that something changed there: it is looked at now, and what was said is not believed (rule 14).</summary>
    /// <param name="tag">What was pushed, where the registry says it.</param>
    /// <returns>How many feeds look; 0 in a process that does not lead.</returns>
    public int Hint(RepositoryName repository, string? tag = null) => _hint?.Invoke(repository, tag) ?? 0;

    public async Task RunAsync(CancellationToken stopping)
    {
        if (await DiscoverAsync(stopping) is not { } cluster)
        {
            return;
        }

        await using var view = _cluster = cluster;
        using var queue = new WorkQueue<ObjectKey>(context.Time, Pause, context.Random);
        var (interest, sides) = (new PodInterest(), new SideInterest());
        var events = new EventRecorder(context, identity, context.Logs.CreateLogger<EventRecorder>());
        context.Metrics.Show("delivery", () => queue.Depth, () => queue.OldestSince);
        var turnstile = new Turnstile(context.Concurrency, context.Time);
        ClusterReadings.Show(context.Metrics, view, tenure);
        Triggers.Connect(view, interest, sides, turnstile, queue);
        Watching?.Invoke(view);
        view.Notifiers?.OnChange(change => _desk?.Look(change.Key));
        using var annotations = new AnnotationController(context, view, events);

        // What follows the cluster outlives the work on it: a pass that is being finished still reads the caches.
        using var following = new CancellationTokenSource();
        var background = Task.WhenAll(view.RunAsync(following.Token), events.RunAsync(following.Token));
        try
        {
            await view.WaitForSyncAsync(stopping);
            Problem = null;
            await tenure.WhileLeadingAsync(term => LeadAsync(view, queue, interest, sides, turnstile, events, annotations, term), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before the caches were full.
        }
        finally
        {
            await following.CancelAsync();
            await background;
        }
    }

    /// <summary>Caches that do not follow the server, and why; null when all do.</summary>
    public string? NotFollowing() => _cluster?.Problem();

    private async Task LeadAsync(
        ClusterView cluster, WorkQueue<ObjectKey> queue, PodInterest interest, SideInterest sides, Turnstile turnstile, EventRecorder events, AnnotationController annotations, CancellationToken term)
    {
        using var client = new RegistryClient(registries, context.Time, context.Random, context.Metrics.RegistryRequest);
        await using var feeds = new FeedSet(client, context.Time, context.Random, context.Logs.CreateLogger<FeedSet>());
        await using var signatures = new SignatureChecks(
            client, context.Connection, context.ImagePolicies, context.Time, context.Random, context.Logs.CreateLogger<SignatureChecks>());
        var sources = new SourceBinding(feeds, signatures, new PullCredentials(context, client, context.Logs.CreateLogger<PullCredentials>()), queue);
        var jobs = new JobRecreation(context, cluster.ReleaseClient, context.Logs.CreateLogger<JobRecreation>());
        var publisher = new VersionPublisher(context, context.Logs.CreateLogger<VersionPublisher>());
        await using var desk = NewDesk(cluster);
        using var measuring = new Measuring(context.Connection, context.Checks, context.Time);
        await using var runner = new CheckRunner(measuring.MeasureAsync, measuring.AbandonAsync, context.Time, context.Logs.CreateLogger<CheckRunner>())
        {
            Measured = key => queue.Add(key, Urgency.Urgent),
        };
        var checks = new DeliveryChecks(runner, new CheckTemplates(context.Connection), queue);
        var traffic = TrafficShell.For(cluster, sides, context);
        var observer = new DeliveryObserver(cluster, sources, interest, traffic.Observer, jobs, publisher, new Neighbours(cluster, turnstile), checks, context.Time);
        var world = new WorldApplier(cluster, jobs, publisher, traffic.Applier, checks, context.Time, context.Logs.CreateLogger<WorldApplier>());
        var reconciler = new DeliveryReconciler(cluster, observer, world, turnstile, events, desk, context.Metrics.Rollouts, context.Time, context.Logs.CreateLogger<DeliveryReconciler>());
        var loop = new ReconcileLoop(reconciler, queue, workers, context.Metrics, context.Time, context.Logs.CreateLogger<ReconcileLoop>());
        foreach (var delivery in cluster.Deliveries.List())
        {
            queue.Add(new ObjectKey(delivery.Metadata.Namespace ?? "", delivery.Metadata.Name), Urgency.Routine);
        }

        _desk = desk;
        foreach (var notifier in cluster.Notifiers?.List() ?? [])
        {
            desk.Look(new ObjectKey(notifier.Metadata.Namespace ?? "", notifier.Metadata.Name));
        }

        context.Metrics.Show(feeds.Paces);
        _hint = (repository, tag) =>
        {
            signatures.Hint(repository);
            return feeds.Hint(repository, tag);
        };
        try
        {
            await Task.WhenAll(loop.RunAsync(term), annotations.LeadAsync(term));
        }
        finally
        {
            (_hint, _desk) = (null, null);
            context.Metrics.Show(() => new Dictionary<FeedPace, int>());
        }
    }

    private NotificationDesk NewDesk(ClusterView cluster)
    {
        var post = new NotificationPost(context);
        return new NotificationDesk(
            key => cluster.Notifiers?.Get(key), notifier => NotifierTerms.Read(notifier, context.Home, context.Links is not null), post.SendAsync, new NotifierStatusWriter(context, cluster.Notifiers).StoreAsync, context.Metrics.Notified, context.Time, context.Random,
            context.Logs.CreateLogger<NotificationDesk>())
        {
            Closing = post.Dispose,
        };
    }

    private async Task<ClusterView?> DiscoverAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await ClusterView.DiscoverAsync(context, stopping);
            }
            catch (KubeException e)
            {
                LogNoDiscovery(Problem = e.Message);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return null;
            }

            try
            {
                await Task.Delay(DiscoveryPause, context.Time, stopping);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for the API server: {Why}")]
    private partial void LogNoDiscovery(string why);
}
