using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class FailingTests
{
    private static readonly DeliverySnapshot Crashed = JustStarted.Running(New, new Health.Failing("CrashLoopBackOff", "exit 1"));

    private static readonly DeliverySnapshot FirstCrashed =
        Crashed.In(new Advancing(Second with { Previous = null }, 0, Noon + Deadline)) with { Status = Crashed.Status with { Current = null, Rollout = new Advancing(Second with { Previous = null }, 0, Noon + Deadline) } };

    private static readonly DeliverySnapshot NeverBack = Crashed with { Terms = Crashed.Terms with { RollsBack = false } };

    [Fact]
    public void A_failure_goes_back_with_a_deadline_of_its_own() =>
        Assert.Equal(
            new Reverting(Second, "CrashLoopBackOff", "Deployment prod/shop: exit 1", Noon.AddMinutes(15)),
            Crashed.After(TimeSpan.FromMinutes(5)).Next<Reverting>());

    [Fact]
    public void The_digest_is_rejected_in_the_same_write() =>
        Assert.Equal(
            new Rejection(New.Tag, New.Digest, 2, "CrashLoopBackOff", "Deployment prod/shop: exit 1", "v1:a"),
            Assert.Single(Crashed.Plan().Status.Rejected!));

    [Fact]
    public void The_current_version_stays_the_one_that_passed() => Assert.Equal(Old.By(1), Crashed.Plan().Status.Current);

    [Fact]
    public void Without_anything_to_go_back_to_the_workload_is_left_with_the_reason()
    {
        var plan = FirstCrashed.Plan();

        var recording = Assert.IsType<Recording>(plan.State());
        Assert.Equal((Outcomes.Failed, "CrashLoopBackOff"), (recording.Result.Outcome, recording.Result.Reason));
        var held = Assert.IsType<Held>(recording.Then);
        Assert.Equal(Reasons.NothingToRollBackTo, held.Reason);
        Assert.Equal(
            "1.1.0 failed (CrashLoopBackOff) and no earlier version is known to be good: left as it is; push a fixed version, or 'slipway retry shop'", held.Message);
        Assert.Single(plan.Status.Rejected!);
    }

    [Fact]
    public void Without_anything_to_go_back_to_nothing_more_is_written()
    {
        var held = FirstCrashed.In(Assert.IsType<Recording>(FirstCrashed.Plan().State()).Then);

        held.Stays();
        Assert.Empty(held.Plan().World.Images);
    }

    [Fact]
    public void A_candidate_that_waited_meanwhile_is_started_in_place_of_the_one_that_failed()
    {
        var failed = FirstCrashed.Seeing(Newer) with { PlatformProblem = "no arm64" };
        var held = failed.In(Assert.IsType<Recording>(failed.Plan().State()).Then);

        held.Stays();
        Assert.IsType<Idle>((held with { PlatformProblem = null }).Plan().State());
    }

    [Fact]
    public void Rollback_Never_leaves_the_new_version_with_the_reason()
    {
        var plan = NeverBack.Plan();

        var recording = Assert.IsType<Recording>(plan.State());
        Assert.Equal(Outcomes.Failed, recording.Result.Outcome);
        var held = Assert.IsType<Held>(recording.Then);
        Assert.Equal(Reasons.RollbackDisabled, held.Reason);
        Assert.Equal(
            "1.1.0 failed (CrashLoopBackOff) and spec.rollback is Never: left as it is; push a fixed version, 'slipway rollback shop' or 'slipway retry shop'", held.Message);
        Assert.Single(plan.Status.Rejected!);
        Assert.Equal(Old.By(1), plan.Status.Current);
    }

    [Fact]
    public void Rollback_Never_writes_nothing_after_the_failure()
    {
        var held = NeverBack.In(Assert.IsType<Recording>(NeverBack.Plan().State()).Then);

        held.Stays();
        Assert.Empty(held.Plan().World.Images);
    }

    [Fact]
    public void A_rejected_digest_is_not_started_again_after_the_way_back()
    {
        var back = Settled.Seeing(New).Rejecting(New);

        back.Stays();
        Assert.Equal(Reasons.Rejected, back.Plan().Status.Held?.Reason);
    }

    [Fact]
    public void A_changed_spec_gives_a_rejected_digest_another_chance()
    {
        var edited = Settled.Seeing(New).Rejecting(New);

        (edited with { Terms = edited.Terms with { Fingerprint = "v1:b" } }).Next<Advancing>();
    }

    [Fact]
    public void A_newer_version_is_started_past_a_rejected_one() =>
        Assert.Equal(Newer.Digest, Settled.Seeing(Newer).Rejecting(New).Next<Advancing>().Attempt.Digest);

    [Fact]
    public void A_target_that_vanished_is_waited_for_until_the_deadline()
    {
        var gone = HalfWay with { Targets = [], TargetProblem = new("TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist") };

        gone.Stays();
        Assert.Equal(Noon + Deadline, gone.Plan().Wake);
    }

    [Fact]
    public void A_target_that_stays_away_fails_the_attempt_at_the_deadline()
    {
        var gone = HalfWay with { Targets = [], TargetProblem = new("TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist") };

        var back = gone.After(Deadline).Next<Reverting>();

        Assert.Equal(("TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist"), (back.Reason, back.Message));
    }
}
