using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>A step of a version, from when its share was in effect until it was over.</summary>
internal sealed record StepWindow(string Version, int Step, TimeSpan From, TimeSpan Until);

/// <summary>Looks at the state of a Delivery all the time, on the clock of a load, so that the requests of a step can be told from the others.</summary>
internal sealed class RolloutWatch : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // In effect is what the API server says of the endpoints; the proxies follow within that.
    private static readonly TimeSpan ProxiesFollow = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<(TimeSpan At, string Version, int Step)> _holding = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _looking;

    public RolloutWatch(TestCluster cluster, string ns, LoadGenerator load) => _looking = Task.Run(() => LookAsync(cluster, ns, load));

    /// <summary>Steps that were held for longer than the proxies need.</summary>
    public ImmutableArray<StepWindow> Steps
    {
        get
        {
            var windows = new List<StepWindow>();
            foreach (var (at, version, step) in _holding)
            {
                if (windows.LastOrDefault() is { } last && (last.Version, last.Step) == (version, step))
                {
                    windows[^1] = last with { Until = at };
                }
                else
                {
                    windows.Add(new StepWindow(version, step, at, at));
                }
            }

            return [.. windows.Select(window => window with { From = window.From + ProxiesFollow }).Where(window => window.From < window.Until)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking;
        _stopping.Dispose();
    }

    private async Task LookAsync(TestCluster cluster, string ns, LoadGenerator load)
    {
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                var before = load.Now;
                try
                {
                    // Only what held before the question and still holds after it counts for the whole time between.
                    if ((await cluster.DeliveryAsync(ns, "shop")).Status?.Rollout is RolloutState.Stepping { Stage: Stage.Holding } at)
                    {
                        _holding.Enqueue((before, at.Attempt.Tag ?? "", at.Step));
                    }
                }
                catch (KubeException)
                {
                    // Seen at the next look.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
    }
}
