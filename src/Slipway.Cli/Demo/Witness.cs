using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Kube;

namespace Slipway.Cli.Demo;

/// <summary>All that was seen so far.</summary>
internal sealed record Scene(Delivery? Delivery, Workload? Workload, ImmutableSortedDictionary<long, Release> Releases, ImmutableList<Happening> Announced)
{
    public static readonly Scene Empty = new(null, null, ImmutableSortedDictionary<long, Release>.Empty, []);

    public Scene With(Sight sight) => sight switch
    {
        Sight.OfDelivery seen => this with { Delivery = seen.Delivery },
        Sight.OfWorkload seen => this with { Workload = seen.Workload },
        Sight.OfRelease seen => this with { Releases = Releases.SetItem(seen.Release.Spec.Number, seen.Release) },
        Sight.OfEvent seen => this with { Announced = Announced.Add(seen.Happening) },
        _ => this,
    };

    /// <summary>Events travel by themselves, and may come after what they tell of.</summary>
    public bool IsAnnounced(string reason) => Announced.Exists(happening => happening.Reason == reason);

    /// <summary>The Delivery's last word, for when something does not come about.</summary>
    public string LastWord => Delivery?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.Ready) is { } ready
        ? $"{ready.Reason}: {ready.Message}"
        : "nothing";
}

/// <summary>Follows the API and hands out what it sees, one thing after the other.</summary>
internal sealed class Witness : IAsyncDisposable
{
    private readonly Channel<Sight> _sights = Channel.CreateUnbounded<Sight>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly ClusterConnection _connection;
    private readonly Task _following;

    public Witness(ClusterConnection connection)
    {
        _connection = connection;
        _following = Task.WhenAll(
            Follow(new ResourceClient<Delivery>(connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery), delivery => new Sight.OfDelivery(delivery)),
            Follow(new ResourceClient<Release>(connection, ResourceTypes.Releases, ApiJson.Default.Release), release => new Sight.OfRelease(release)),
            Follow(new ResourceClient<Happening>(connection, ResourceTypes.Events, Happening.Read), happening => new Sight.OfEvent(happening)),
            Follow(new ResourceClient<Workload>(connection, ResourceTypes.Deployments, Workload.Read), workload => new Sight.OfWorkload(workload)));
    }

    public Scene Scene { get; private set; } = Scene.Empty;

    /// <summary>Takes in what is seen until <paramref name="so"/> holds; each sight goes to <paramref name="told"/> first.</summary>
    /// <exception cref="VerbException">It did not come about in time, or the controller ended.</exception>
    public async Task UntilAsync(Func<Scene, bool> so, string what, Action<Scene, Sight> told, Task controller, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(DemoOptions.Patience, _connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            while (!so(Scene))
            {
                var next = _sights.Reader.ReadAsync(either.Token).AsTask();
                if (await Task.WhenAny(next, controller) == controller)
                {
                    await controller;
                    throw new VerbException(ExitCode.Failed, $"the controller ended before {what}");
                }

                var (before, sight) = (Scene, await next);
                Scene = before.With(sight);
                told(before, sight);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VerbException(
                ExitCode.Failed,
                $"the story did not come out: {what} did not happen within {DemoOptions.Patience.TotalSeconds} s. The Delivery's last word: {Scene.LastWord}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        _stopping.Dispose();
    }

    private Task Follow<T>(ResourceClient<T> client, Func<T, Sight> sight)
        where T : class
    {
        var informer = new Informer<T>(client, new ListScope(Stage.Namespace), jitter: () => 0.5, NullLogger.Instance);
        informer.OnChange(change =>
        {
            if (change.New is { } now)
            {
                _sights.Writer.TryWrite(sight(now));
            }
        });
        return informer.RunAsync(_stopping.Token);
    }
}
