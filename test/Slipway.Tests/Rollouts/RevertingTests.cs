using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class RevertingTests
{
    private static readonly Health Waiting = new Health.Progressing("2 of 3 pods", 2);

    private static Reverting Back(DeliverySnapshot now) => (Reverting)now.State;

    [Fact]
    public void The_version_before_is_written_to_every_target()
    {
        var world = GoingBack.WithTarget(Target("worker", New)).Plan().World;

        Assert.Equal([new TargetWish(Key("shop"), Old.Tag, Old.Digest, 1), new TargetWish(Key("worker"), Old.Tag, Old.Digest, 1)], world.Images);
    }

    [Fact]
    public void A_version_that_is_healthy_again_ends_the_attempt_as_rolled_back()
    {
        var recording = GoingBack.Running(Old).Next<Recording>();

        Assert.Equal(
            new ReleaseStatus { Outcome = Outcomes.RolledBack, Reason = "CrashLoopBackOff", Message = "pod shop-1: exit 1", FinishedAt = Noon }, recording.Result);
        Assert.IsType<Idle>(recording.Then);
    }

    [Fact]
    public void The_health_of_the_failed_version_says_nothing() => GoingBack.Running(New, new Health.Healthy(3)).Stays();

    [Fact]
    public void A_way_back_that_takes_its_time_is_waited_for()
    {
        var now = GoingBack.Running(Old, Waiting).Stored();

        Assert.Equal(2, Back(now).HighWater);
        now.Stays();
        Assert.Equal(Back(now).Deadline, now.Plan().Wake);
    }

    [Fact]
    public void A_version_before_that_is_not_healthy_either_is_told_as_ineffective()
    {
        var recording = GoingBack.Running(Old, new Health.Failing("CrashLoopBackOff", "exit 2")).After(Deadline).Next<Recording>();

        Assert.Equal((Outcomes.RolledBack, Reasons.RollbackIneffective), (recording.Result.Outcome, recording.Result.Reason));
        Assert.Equal("pod shop-1: exit 1; 1.0.0 was written back and is not healthy either: the cause lies elsewhere", recording.Result.Message);
        Assert.IsType<Idle>(recording.Then);
    }

    [Fact]
    public void A_fix_does_not_wait_for_the_version_before_to_be_healthy()
    {
        var recording = GoingBack.Running(Old, Waiting).Seeing(Newer).Next<Recording>();

        Assert.Equal(Outcomes.RolledBack, recording.Result.Outcome);
        Assert.Equal("pod shop-1: exit 1; 1.2.0 came before 1.0.0 was healthy again", recording.Result.Message);
    }

    [Fact]
    public void A_fix_that_is_to_be_stepped_waits_until_there_is_something_to_step_beside()
    {
        var now = (GoingBack with { Terms = GoingBack.Terms with { Plan = Beside.Canary } }).Running(New, Waiting).Seeing(Newer);

        Assert.IsType<Reverting>(now.Plan().State());
        Assert.Equal(Outcomes.RolledBack, now.Running(Old, Waiting).Next<Recording>().Result.Outcome);
    }

    [Fact]
    public void A_fix_that_is_held_back_by_a_gate_is_no_reason_to_hurry()
    {
        var now = GoingBack.Running(Old, Waiting).Seeing(Newer).Rejecting(New, Newer);

        Assert.IsType<Reverting>(now.Plan().State());
    }

    [Fact]
    public void The_failed_version_itself_is_no_fix()
    {
        var retried = GoingBack with { Status = GoingBack.Status with { Rejected = null } };

        Assert.IsType<Reverting>(retried.Plan().State());
    }

    [Fact]
    public void The_version_before_is_no_fix_either() => Assert.IsType<Reverting>(GoingBack.Seeing(Old).Plan().State());

    [Fact]
    public void A_person_who_sets_another_image_on_the_way_back_is_respected()
    {
        var now = GoingBack.In(Back(GoingBack) with { HighWater = 0 }).Running(Newer, author: ImageWriter.Person);

        var recording = now.Next<Recording>();

        Assert.Equal((Outcomes.RolledBack, Reasons.Drifted), (recording.Result.Outcome, recording.Result.Reason));
        const string Set = "kubectl set (field manager kubectl-set) set Deployment prod/shop to 1.2.0 while 1.0.0 was being restored";
        Assert.Equal($"pod shop-1: exit 1; {Set}", recording.Result.Message);
        Assert.Equal(new Held(Reasons.Drifted, $"{Set}: left as it is until a newer version comes or 'slipway resume shop'", Noon, New.Digest), recording.Then);
    }

    [Fact]
    public void What_a_person_had_set_before_the_way_back_is_replaced() =>
        Assert.IsType<Reverting>(GoingBack.Running(New, author: ImageWriter.Person).Plan().State());

    [Fact]
    public void An_aborted_attempt_is_held_after_the_way_back()
    {
        var recording = GoingBack.In(Back(GoingBack) with { Reason = Reasons.Aborted, Message = "1.1.0 was ended by ann" }).Running(Old).Next<Recording>();

        Assert.Equal((Outcomes.RolledBack, Reasons.Aborted), (recording.Result.Outcome, recording.Result.Reason));
        Assert.Equal(Reasons.ManualRollback, Assert.IsType<Held>(recording.Then).Reason);
    }

    [Fact]
    public void A_withdrawn_version_ends_as_superseded_and_is_not_rejected()
    {
        var withdrawn = GoingBack.In(Back(GoingBack) with { Reason = Reasons.Withdrawn }).Running(Old) with { };
        withdrawn = withdrawn with { Status = withdrawn.Status with { Rejected = null } };

        var plan = withdrawn.Plan();

        Assert.Equal(Outcomes.Superseded, Assert.IsType<Recording>(plan.State()).Result.Outcome);
        Assert.Empty(plan.Status.Rejected ?? []);
    }

    [Fact]
    public void A_target_that_vanished_is_waited_for_until_the_deadline()
    {
        var gone = GoingBack with { Targets = [], TargetProblem = new("TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist") };

        gone.Stays();
        var recording = gone.After(Deadline).Next<Recording>();
        Assert.Equal((Outcomes.RolledBack, "TargetNotFound"), (recording.Result.Outcome, recording.Result.Reason));
        Assert.Equal("pod shop-1: exit 1; spec.targets[0]: Deployment prod/shop does not exist", recording.Result.Message);
    }

    [Fact]
    public void A_status_that_was_edited_to_go_back_to_nothing_ends_as_failed()
    {
        var edited = GoingBack.In(Back(GoingBack) with { Attempt = Second with { Previous = null } });

        Assert.Equal(Outcomes.Failed, edited.Next<Recording>().Result.Outcome);
        Assert.Empty(edited.Plan().World.Images);
    }

    [Fact]
    public void Every_target_has_to_be_back()
    {
        var now = GoingBack.WithTarget(Target("worker", New)).WithTarget(Target("shop", Old));

        Assert.IsType<Reverting>(now.Plan().State());
    }

    [Fact]
    public void Broken_pods_that_hold_up_a_stateful_set_are_deleted_on_the_way()
    {
        var stuck = new StuckPod("prod", "shop-2", "uid-of-pod");
        var now = GoingBack.WithTarget(Target("shop", Old, Waiting) with { Stuck = [stuck] });

        Assert.Equal([stuck], now.Plan().World.Unstick);
        Assert.Equal([stuck], HalfWay.WithTarget(Target("shop", New, Waiting) with { Stuck = [stuck] }).Plan().World.Unstick);
        Assert.Empty(Settled.WithTarget(Target("shop", Old, Waiting) with { Stuck = [stuck] }).Plan().World.Unstick);
    }

    [Fact]
    public void More_pods_than_ever_before_move_the_deadline_of_the_way_back()
    {
        var now = GoingBack.Running(Old, Waiting).Stored().After(TimeSpan.FromMinutes(9)).Running(Old, new Health.Progressing("3 of 9 pods", 3)).Stored();

        Assert.Equal(Noon.AddMinutes(19), Back(now).Deadline);
        Assert.IsType<Reverting>((now with { Now = Noon.AddMinutes(18) }).Plan().State());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void As_many_or_fewer_pods_do_not(int pods)
    {
        var now = GoingBack.Running(Old, Waiting).Stored().After(TimeSpan.FromMinutes(9)).Running(Old, new Health.Progressing("waiting", pods));

        now.Stays();
    }

    [Fact]
    public void A_failing_pod_on_the_way_back_is_no_progress()
    {
        var now = GoingBack.Running(Old, new Health.Failing("CrashLoopBackOff", "exit 2")).After(TimeSpan.FromMinutes(5));

        Assert.Equal((0, Noon + Deadline), (now.Next<Reverting>().HighWater, now.Next<Reverting>().Deadline));
        now.Stored().Stays();
    }

    [Fact]
    public void A_version_before_that_could_not_be_written_is_not_called_unhealthy() =>
        Assert.Equal("pod shop-1: exit 1; 1.0.0 could not be written back within 10m", GoingBack.After(Deadline).Next<Recording>().Result.Message);

    [Fact]
    public void A_rollback_by_hand_that_failed_is_held_with_what_happened()
    {
        var failed = GoingBack.In(Back(GoingBack) with { Attempt = Second with { Cause = Causes.Rollback } }).Running(Old);

        Assert.Equal(
            new Held(Reasons.ManualRollback, "the rollback to 1.1.0 failed (CrashLoopBackOff) and 1.0.0 is kept; 'slipway resume shop' follows the source again", Noon, New.Digest),
            failed.Next<Recording>().Then);
    }

    [Fact]
    public void An_abort_is_not_cut_short_for_a_candidate_that_has_to_wait_anyway() =>
        Assert.IsType<Reverting>(GoingBack.In(Back(GoingBack) with { Reason = Reasons.Aborted }).Running(Old, Waiting).Seeing(Newer).Plan().State());

    [Fact]
    public void A_plain_rolling_update_has_no_steps_in_its_history()
    {
        var back = HalfWay.Running(New, new Health.Failing("CrashLoopBackOff", "exit 1")).Next<Reverting>();

        Assert.Null(back.Attempt.Transitions);
    }
}
