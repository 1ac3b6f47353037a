using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Registry;

namespace Slipway.Controllers;

/// <summary>
/// The controller of Deliveries, put together. Its caches are warm in every process; queues are worked on, and registries are asked,
/// only in the one that leads.
/// </summary>
/// <param name="shards">One for all namespaces, or several of which this process may have any.</param>
/// <param name="workers">Of all shards together; each has two at least.</param>
/// <param name="identity">Names this process in Events.</param>
public sealed partial class DeliveryController(ControllerContext context, IReadOnlyList<Shard> shards, RegistryOptions registries, int workers, string identity, ILogger<DeliveryController> log)
{
    // Between two tries to find out what the API server has, at the very start.
    private static readonly TimeSpan DiscoveryPause = TimeSpan.FromSeconds(2);

    // One that waits for an answer is not to hold up a whole shard.
    private const int LeastWorkers = 2;

    private ClusterView? _cluster;

    private readonly TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<DeliveryShard> _shards = [];

    /// <summary>The caches, of a process that leads or does not; null until the API server was asked what it has.</summary>
    public ClusterView? Cluster => _cluster;

    /// <summary>Called with the caches before they begin to follow, so that a listener misses no change.</summary>
    public Action<ClusterView>? Watching { get; set; }

    /// <summary>Why this process could not do its work at present; null when it could. What a readiness probe shows.</summary>
    public string? Problem { get; private set; } = "starting";

    /// <summary>A registry says that something changed there: it is looked at now, and what was said is not believed (rule 14).</summary>
    /// <param name="tag">What was pushed, where the registry says it.</param>
    /// <returns>How many feeds look; 0 in a process that does not lead.</returns>
    public int Hint(RepositoryName repository, string? tag = null) => _shards.Sum(shard => shard.Hint(repository, tag));

    /// <summary>Until the caches are full: who leads before that keeps everybody waiting.</summary>
    public Task WaitUntilWarmAsync(CancellationToken cancellationToken) => _warm.Task.WaitAsync(cancellationToken);

    public async Task RunAsync(CancellationToken stopping)
    {
        if (await DiscoverAsync(stopping) is not { } cluster)
        {
            return;
        }

        await using var view = _cluster = cluster;
        using var client = new RegistryClient(registries, context.Time, context.Random, context.Metrics.RegistryRequest);
        var events = new EventRecorder(context, identity, context.Logs.CreateLogger<EventRecorder>());
        var each = Math.Max(LeastWorkers, workers / shards.Count);
        var parts = _shards = [.. shards.Select(shard => new DeliveryShard(context, shard, view, events, client, shards.Count == 1 ? workers : each))];
        Show(parts);
        ClusterReadings.Show(context.Metrics, view, shards);
        Watching?.Invoke(view);
        view.Notifiers?.OnChange(change =>
        {
            foreach (var part in parts)
            {
                part.Look(change.Key);
            }
        });

        // What follows the cluster outlives the work on it: a pass that is being finished still reads the caches.
        using var following = new CancellationTokenSource();
        var background = Task.WhenAll(view.RunAsync(following.Token), events.RunAsync(following.Token));
        try
        {
            await view.WaitForSyncAsync(stopping);
            Problem = null;
            _warm.TrySetResult();
            await Task.WhenAll(parts.Select(part => part.RunAsync(stopping)));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before the caches were full.
        }
        finally
        {
            await following.CancelAsync();
            await background;
            foreach (var part in parts)
            {
                part.Dispose();
            }
        }
    }

    /// <summary>Caches that do not follow the server, and why; null when all do.</summary>
    public string? NotFollowing() => _cluster?.Problem();

    private void Show(ImmutableArray<DeliveryShard> parts)
    {
        context.Metrics.Show("delivery", () => parts.Sum(part => part.Queue.Depth), () => parts.Min(part => part.Queue.OldestSince));
        context.Metrics.Show("annotations", () => parts.Sum(part => part.Annotations.Queue.Depth), () => parts.Min(part => part.Annotations.Queue.OldestSince));
        context.Metrics.Show(() => parts.SelectMany(part => part.Paces()).GroupBy(pace => pace.Key, pace => pace.Value).ToDictionary(pace => pace.Key, pace => pace.Sum()));
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
