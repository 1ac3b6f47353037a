using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Views;

/// <summary>What is seen of the workloads at present; null where it is not there, or not followed.</summary>
public sealed record LiveSides(WorkloadSnapshot? Stable = null, WorkloadSnapshot? Beside = null);

/// <summary>Makes the view of what is under way.</summary>
public static class RolloutViews
{
    public static RolloutView? Of(Facts facts, LiveSides live)
    {
        if (facts.Status.Rollout is not { Attempted: { } attempt } state)
        {
            return null;
        }

        var message = facts.Condition(DeliveryConditions.Reconciling)?.Message ?? (state as Reverting)?.Message ?? "";
        return new RolloutView(DeliveryViews.Phase(state), attempt.Number, $"{DeliveryViews.StrategyOf(facts.Spec, state)}", Words.Readable(message))
        {
            From = attempt.Previous is { } previous ? DeliveryViews.Version(previous) : null,
            To = new(attempt.Tag, attempt.Digest, attempt.Number),
            Cause = attempt.Cause,
            By = attempt.By,
            StartedAt = attempt.StartedAt,
            Deadline = Deadline(state),
            Steps = attempt.Plan is { Steps: { Count: > 0 } steps } ? [.. steps.Select((step, index) => Step(step, index, state))] : null,
            Stable = live.Stable is { } stable ? Side(stable, state is Advancing ? attempt.Tag : attempt.Previous?.Tag) : null,
            Beside = live.Beside is { } beside ? Side(beside, beside.Side?.Version ?? attempt.Tag) : null,
            Traffic = state.Beside is { } side && attempt.Plan is { } plan ? new($"{plan.Traffic.Router}", plan.Traffic.Route, Weight(plan.Traffic.Router, side), side.InEffectSince) : null,
            Checks = Checks(attempt, state) is { Count: > 0 } checks ? checks : null,
            Transitions = attempt.Transitions is { Count: > 0 } transitions ? transitions : null,
        };
    }

    // Without a router the share is that of the pods.
    private static int Weight(RouterKind router, Side side) =>
        router is RouterKind.Pods or RouterKind.Partition ? (int)Math.Round(SideSize.Share(router, side.Open, side.Of)) : side.Weight;

    private static DateTimeOffset? Deadline(RolloutState state) => state switch
    {
        Stepping at => at.Deadline,
        Advancing at => at.Deadline,
        Draining at => at.Deadline,
        Reverting at => at.Deadline,
        _ => null,
    };

    private static StepView Step(PlanStep step, int index, RolloutState state)
    {
        var at = state as Stepping;
        var current = at is not null && at.Step == index;
        return new StepView(index + 1, current ? "Current" : Before(index, state) ? "Done" : "Ahead", step.Weight)
        {
            Hold = step.Hold > TimeSpan.Zero ? step.Hold : null,
            Approval = step.Approval,
            Stage = current ? $"{at!.Stage}" : null,
            Since = current ? at!.Since : null,
            Ends = current ? at!.BoxEnds ?? (step.Hold > TimeSpan.Zero ? at.Since + step.Hold : null) : null,
            Boxed = step.For is not null,
        };
    }

    // A rollout that goes back has not done what was ahead of it, and of how far it came its transitions tell.
    private static bool Before(int index, RolloutState state) => state switch
    {
        Stepping at => index < at.Step,
        Advancing => true,
        Draining { Then: not Reverting and not Recording { Result.Outcome: not History.Outcomes.Succeeded } } => true,
        Recording { Result.Outcome: History.Outcomes.Succeeded } => true,
        _ => false,
    };

    private static SideView Side(WorkloadSnapshot workload, string? version)
    {
        var pods = workload.Progress;
        return new(workload.Key.Kind, workload.Key.Name, version, pods.Desired, pods.Total, pods.Updated, pods.Ready, pods.Available)
        {
            Problem = pods.Failure is { } failure ? $"{failure.Reason}: {failure.Message}" : null,
        };
    }

    private static List<CheckView> Checks(Attempt attempt, RolloutState state)
    {
        var (progress, step) = state switch
        {
            Stepping at => (at.Checks, at.Step + 1),
            Advancing at => (at.Checks, 0),
            Reverting at => (at.Checks, 0),
            _ => (null, 0),
        };
        return [.. (progress ?? []).Select(one => Running(attempt, one, step)), .. (attempt.Checks ?? []).Select(result => Over(attempt, result))];
    }

    private static CheckView Running(Attempt attempt, CheckProgress progress, int step)
    {
        var plan = Plan(attempt, progress.Name);
        var verdict = plan is null ? Verdict.Pending : CheckMachine.Of(plan, progress, over: false);
        return Limited(plan, new CheckView(progress.Name, step, $"{verdict}", progress.Passed, progress.Failed, progress.Inconclusive)
        {
            Due = progress.Due,
            Recent = progress.Recent,
            Log = progress.Log,
        });
    }

    private static CheckView Over(Attempt attempt, CheckResult result) => Limited(Plan(attempt, result.Name), ReleaseViews.Check(result));

    private static CheckPlan? Plan(Attempt attempt, string name) => attempt.Plan?.Checks?.FirstOrDefault(check => check.Name == name);

    private static CheckView Limited(CheckPlan? plan, CheckView view) => plan is null ? view : view with
    {
        DryRun = plan.DryRun,
        Pass = plan.Pass,
        Fail = plan.Fail,
        Limits = ReleaseViews.Limits(plan.Pass, plan.Fail),
        Count = plan.Count,
        FailureLimit = plan.FailureLimit,
        Interval = plan.Interval,
    };
}
