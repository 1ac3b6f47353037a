using Slipway.Actions;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Cli.Requests;

/// <summary>Sends a request and, where asked to, waits for what comes of it.</summary>
internal sealed class Requesting(ClusterSession session, Surroundings surroundings)
{
    private static readonly TimeSpan EventDelay = TimeSpan.FromSeconds(2);

    public async Task<int> SendAsync(ResourceItem<Fetched<Delivery>> seen, ActionPlan.Write ask, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var name = seen.Key.Name;
        var sent = await session.PatchAsync(name, ask.Patch(), cancellationToken);
        surroundings.Out.WriteLine($"Delivery {seen.Key}: {ask.Told}");
        if (wait is null)
        {
            surroundings.Error.WriteLine($"'slipway why {name}' tells how it goes; --wait stays until it is done.");
            return ExitCode.Ok;
        }

        using var deadline = new CancellationTokenSource(wait.Value, surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var doing = "";
        try
        {
            var progress = new RequestProgress(ask, seen.Value.Value.Status?.LastRelease ?? 0);
            await foreach (var delivery in session.FollowAsync(sent, either.Token))
            {
                switch (progress.Look(delivery))
                {
                    case Standing.Pending pending when pending.Doing != doing:
                        doing = pending.Doing;
                        surroundings.Error.WriteLine($"  {Words.Readable(doing)}");
                        break;
                    case Standing.Settled settled:
                        return await ConcludeAsync(settled, ask.Kind, either.Token);
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(seen.Key, wait.Value, doing);
        }

        throw new VerbException(ExitCode.Failed, $"Delivery {seen.Key} could not be followed to the end; 'slipway why {name}' tells where it is");
    }

    private static VerbException TimedOut(ObjectKey key, TimeSpan wait, string doing) => new(
        ExitCode.TimedOut,
        $"Delivery {key} was not done within {DurationText.Write(wait)} ({doing}); the request stands, and 'slipway why {key.Name}' tells how it goes on. "
            + "If nothing happens at all, see whether the controller runs: kubectl get pods -A -l app.kubernetes.io/name=slipway");

    private async Task<int> ConcludeAsync(Standing.Settled settled, ActionKind kind, CancellationToken cancellationToken)
    {
        var name = settled.Delivery.Metadata.Name;
        if (settled.Attempt is { } attempt)
        {
            return await ReportAsync(attempt, name, cancellationToken);
        }

        if (kind.IsNote)
        {
            surroundings.Out.WriteLine("  the controller has seen it");
            return ExitCode.Ok;
        }

        if (kind.MustMove)
        {
            throw new VerbException(ExitCode.Failed, $"the controller refused: {await RefusalAsync(name, cancellationToken)}");
        }

        var ready = settled.Delivery.Status?.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.Ready);
        surroundings.Out.WriteLine(ready is null ? "  no word about it yet" : $"  {ready.Reason}: {Words.Readable(ready.Message)}");
        return ready?.Status == "True" ? ExitCode.Ok : ExitCode.Failed;
    }

    private async Task<int> ReportAsync(Attempt attempt, string name, CancellationToken cancellationToken)
    {
        var result = (await session.ReleaseAsync(attempt.Release, cancellationToken))?.Status ?? new ReleaseStatus();
        var good = result.Outcome == Outcomes.Succeeded || result.Reason is Reasons.Aborted or Reasons.Stopped;
        var sentence = $"release {attempt.Number} ({Words.Version(attempt.Tag, attempt.Digest)}): {result.Outcome}: {Words.Readable(result.Message ?? "")}";
        if (!good)
        {
            throw new VerbException(ExitCode.Failed, $"{sentence}; 'slipway why {name}' tells what can be done");
        }

        surroundings.Out.WriteLine($"  {sentence}");
        return ExitCode.Ok;
    }

    // The refusal is told as an Event, which the controller sends after it has stored its answer.
    private async Task<string> RefusalAsync(string name, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if ((await session.HappeningsAsync(name, cancellationToken)).FirstOrDefault(happening => happening.Reason == Reasons.RequestRefused) is { } refusal)
            {
                return refusal.Message;
            }

            await Task.Delay(EventDelay, surroundings.Time, cancellationToken);
        }

        return $"it gave no reason; 'slipway why {name}' may tell more";
    }
}
