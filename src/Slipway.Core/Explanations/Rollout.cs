using System.Diagnostics;
using Slipway.Conditions;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Explanations;

/// <summary>What runs, and what is under way.</summary>
public static class Rollout
{
    public static Paragraph Runs(Facts facts)
    {
        if (facts.Status.Current is not { } current)
        {
            return new Paragraph("Runs", ["no version is known to be good yet"]);
        }

        var since = facts.Releases.FirstOrDefault(release => release.Spec.Number == current.Release)?.Status?.FinishedAt;
        var how = current.Adopted ? "found running when Slipway took over" : "brought by";
        var sentence = $"{Words.Named(current.Tag, current.Digest)}, {how}{(current.Adopted ? ", which is" : "")} release {current.Release}";
        return new Paragraph("Runs", [since is { } passed ? $"{sentence}, {facts.Ago(passed)}" : sentence]);
    }

    public static Paragraph UnderWay(Facts facts)
    {
        var said = facts.Condition(DeliveryConditions.Reconciling)?.Message;
        return new Paragraph("Under way", facts.Status.Rollout switch
        {
            null or Idle or Held => ["nothing"],
            Stepping at => [Attempted(facts, at.Attempt), said ?? "it runs beside the stable version", .. Steps(facts, at)],
            Draining at => [.. at.Attempt is null ? [] : new[] { Attempted(facts, at.Attempt) }, said ?? $"no more requests go to what ran beside {at.Side.Stable}, and it is taken away"],
            Advancing at => [Attempted(facts, at.Attempt), said ?? "the new version is being watched", .. Due(facts, at)],
            Reverting { Attempt: var attempt } back =>
            [
                $"release {attempt.Number} failed and {Words.Version(attempt.Previous?.Tag, attempt.Previous?.Digest ?? "")} is being restored",
                $"{back.Reason}: {back.Message}",
            ],
            Recording done => [$"the outcome of release {done.Attempt.Number} goes into the history: {done.Result.Outcome}"],
            Correcting correcting => [$"{correcting.By}: the current image is being written again"],
            var other => throw new UnreachableException($"{other}"),
        });
    }

    private static string Attempted(Facts facts, Attempt attempt)
    {
        var from = attempt.Previous is { } previous ? Words.Version(previous.Tag, previous.Digest) : "nothing known";
        var asked = attempt.By is null ? attempt.Cause : $"{attempt.Cause} by {attempt.By}";
        return $"release {attempt.Number}: {from} → {Words.Named(attempt.Tag, attempt.Digest)}, started {facts.Ago(attempt.StartedAt)} ({asked})";
    }

    private static IEnumerable<string> Steps(Facts facts, Stepping at)
    {
        if (at.Attempt.Plan?.Steps[at.Step] is { Hold: var hold } && at.Since + hold is { } over && over > facts.Now)
        {
            yield return $"the step lasts for another {Words.Age(over - facts.Now)} at least";
        }

        if (at.BoxEnds is { } ends && ends > facts.Now)
        {
            yield return $"the exposure ends in {Words.Age(ends - facts.Now)}, whatever happens";
        }
    }

    private static IEnumerable<string> Due(Facts facts, Advancing at)
    {
        if (at.HealthySince is null && at.Deadline > facts.Now)
        {
            yield return $"it has failed unless it gets further within {Words.Age(at.Deadline - facts.Now)}";
        }
    }
}
