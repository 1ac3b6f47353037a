using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>What was attempted, what was rejected, and how the status goes on.</summary>
internal sealed partial class Witness
{
    private readonly Dictionary<long, string> _releases = [];
    private readonly HashSet<long> _pruned = [];
    private readonly HashSet<string> _rejected = [];

    /// <summary>Numbers of the Releases that were created, without those that were let go.</summary>
    public IEnumerable<long> Numbers => _releases.Keys.Except(_pruned);

    private static GroupResource Releases => WholeWorld.Releases;

    public void Asked(string what)
    {
        if (what.StartsWith("promote", StringComparison.Ordinal))
        {
            _promotedByHand = true;
        }
    }

    private void Recorded(WatchEvent change)
    {
        var (number, digest) = (change.Value.Number("spec", "number") ?? 0, change.Value.Text("spec", "digest"));
        switch (change.Type)
        {
            case WatchEventType.Added:
                Check("no Release twice", _releases.TryAdd(number, digest), $"Release {number} was created twice");
                world.Log.Note($"RELEASE {number} {world.Images.TagOf(digest)} {change.Value.Text("spec", "cause")}");
                break;
            case WatchEventType.Deleted:
                Check("history goes only when it is over", Outcomes.IsFinal(change.Value.Text("status", "outcome")) && world.Delivery.Status?.Current?.Release != number, $"Release {number} was deleted");
                _pruned.Add(number);
                break;
            default:
                Check("history is only appended to", change.Previous!.Value.Text("spec", "digest") == digest && change.Previous.Value.Number("spec", "number") == number, $"Release {number} was rewritten");
                Check("an outcome is final", change.Previous.Value.Text("status", "outcome") is var was && (!Outcomes.IsFinal(was) || was == change.Value.Text("status", "outcome")), $"Release {number}: {was} → {change.Value.Text("status", "outcome")}");
                break;
        }
    }

    private void Status(WatchEvent change)
    {
        if (change.Previous is not { } earlier)
        {
            return;
        }

        var (before, after) = (Read(earlier.Value).Status ?? new(), Read(change.Value).Status ?? new());
        if (!RolloutState.AreSame(before.Rollout, after.Rollout))
        {
            world.Log.Note($"STATE {Short(before.Rollout)} → {Short(after.Rollout)}");
        }

        Check("numbers only grow", after.LastRelease >= before.LastRelease, $"last Release {before.LastRelease} → {after.LastRelease}");
        if (before.Rollout?.Attempted is { } one && after.Rollout?.Attempted is { } other && one.Number == other.Number)
        {
            Check("an attempt keeps its digest", one.Digest == other.Digest, $"attempt {one.Number}: {one.Digest} → {other.Digest}");
            Check("status goes on in steps", Rank(after.Rollout) >= Rank(before.Rollout), $"{Short(before.Rollout)} → {Short(after.Rollout)}");
        }

        if (after.Handled?.Retry != before.Handled?.Retry)
        {
            // A person wants one of them again, who may have said so before it was rejected.
            _rejected.Clear();
        }

        if (after.Rollout?.Attempted is { Cause: Causes.NewImage } begun && begun.Number != before.Rollout?.Attempted?.Number)
        {
            Check("a failed version is not tried again", !_rejected.Contains(begun.Digest), $"{begun.Tag} was rejected, and is tried again");
        }

        foreach (var rejection in after.Rejected ?? [])
        {
            Check("the current version is not rejected", rejection.Digest != after.Current?.Digest, $"{rejection.Tag} is current and rejected");
            if (before.Rejected?.Any(known => known.Digest == rejection.Digest) != true)
            {
                _rejected.Add(rejection.Digest);
            }
        }

        if (after.Current is { } current && current.Digest != before.Current?.Digest)
        {
            _rejected.Remove(current.Digest);
            var fate = SharedImages.FateOf(world.Images.TagOf(current.Digest));
            Check("only what works becomes current", fate == Fate.Good || (fate == Fate.FailsChecks && !world.Schedule.Checks) || _promotedByHand, $"{current.Tag} became current, and its fate is {fate}");
        }
    }

    // Of one attempt: steps in their order, then the promotion, or the way back; nothing leads from the way back to a step.
    private static int Rank(RolloutState state) => state switch
    {
        RolloutState.Stepping at => at.Step,
        RolloutState.Advancing => 100,
        RolloutState.Draining { Then: RolloutState.Advancing } => 99,
        RolloutState.Draining or RolloutState.Reverting => 200,
        RolloutState.Recording => 300,
        _ => 0,
    };

    private static string Short(RolloutState? state) => state switch
    {
        null => "none",
        RolloutState.Stepping at => $"Stepping {at.Step} {at.Stage} #{at.Attempt.Number}",
        RolloutState.Draining at => $"Draining #{at.Attempt?.Number}, then {at.Then.GetType().Name}",
        RolloutState.Recording at => $"Recording #{at.Attempt.Number} {at.Result.Outcome} {at.Result.Reason}: {at.Result.Message}",
        RolloutState.Held at => $"Held {at.Reason}",
        _ => $"{state.GetType().Name} #{state.Attempted?.Number}",
    };
}
