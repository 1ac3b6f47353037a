using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>A canary by pods, step by step.</summary>
public sealed class SteppingTests
{
    [Fact]
    public void A_new_version_begins_beside_the_stable_one_which_nobody_writes_to()
    {
        var now = Ready(Canary).Moved();

        var at = now.Stepping();
        Assert.Equal((0, Stage.Preparing, 1, 10), (at.Step, at.Stage, at.Side.Replicas, at.Side.Of));
        var world = now.Plan().World;
        Assert.Empty(world.Images);
        Assert.Equal((1, 0, Shop.New.Digest), (world.Side!.Replicas, world.Side.Open, world.Side.Digest));
        Assert.True(world.Finalizer);
        Assert.Equal(Outcomes.Running, world.Release!.Status!.Outcome);
    }

    [Fact]
    public void Without_a_stable_version_there_is_nothing_to_step_beside()
    {
        var now = Ready(Canary) with { Status = new DeliveryStatus { Candidate = Ready(Canary).Status.Candidate }, History = [] };

        var started = (now with { Targets = [now.Targets[0] with { Health = new Health.Failing("CrashLoopBackOff", "exit 1") }] }).Next<Advancing>();

        Assert.Null(started.Side);
    }

    [Fact]
    public void Beside_no_pods_there_is_no_share_and_the_image_is_written_at_once() => Assert.Null(Ready(Canary).Scaled(0).Next<Advancing>().Side);

    [Fact]
    public void A_rollback_by_hand_does_not_wait_for_steps()
    {
        var now = Ready(Canary).WithHistory(Shop.Newer.Release(1, Outcomes.Succeeded), Shop.Old.Release(2, Outcomes.Succeeded)).Asking(rollback: "1 to 1 by ann");

        Assert.True(now.Next<Advancing>().Attempt.IsByHand);
    }

    [Fact]
    public void Requests_come_only_when_every_pod_of_the_step_is_prepared()
    {
        var now = Ready(Canary with { Steps = [new PlanStep(50)] }).Moved();
        Assert.Equal(10, now.Stepping().Side.Replicas);

        Assert.Equal(Stage.Preparing, now.With(Side(10, 9)).Moved().Stepping().Stage);
        var shifting = now.With(Side(10, 10)).Moved();

        Assert.Equal((Stage.Shifting, 10), (shifting.Stepping().Stage, shifting.Stepping().Side.Open));
        Assert.Equal(10, shifting.Plan().World.Side!.Open);
    }

    [Fact]
    public void The_share_counts_from_when_it_is_in_effect_and_has_settled()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1)).Moved();
        Assert.Equal(Stage.Shifting, now.Stepping().Stage);

        now = now.With(Side(1, 1, serving: 1)).Moved();
        Assert.Equal(now.Now, now.Stepping().Side.InEffectSince);
        Assert.Equal(now.Now.AddSeconds(5), now.Plan().Wake);
        now = now.After(TimeSpan.FromSeconds(5)).Moved();

        Assert.Equal((Stage.Holding, now.Now), (now.Stepping().Stage, now.Stepping().Since));
    }

    [Fact]
    public void A_share_that_does_not_last_begins_to_settle_anew()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1)).Moved().With(Side(1, 1, serving: 1)).Moved();

        Assert.Null(now.With(Side(1, 1, serving: 0, open: 1)).Moved().Stepping().Side.InEffectSince);
    }

    [Fact]
    public void A_share_that_never_comes_into_effect_ends_the_attempt()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1)).Moved().After(Shop.Deadline);

        Assert.Equal(Reasons.TrafficNotShifted, now.Drains().Reason());
    }

    [Fact]
    public void Pods_that_do_not_come_end_the_attempt_at_the_deadline_and_more_of_them_move_it()
    {
        var now = Ready(Canary with { Steps = [new PlanStep(50)] }).Moved();
        var later = now.After(TimeSpan.FromMinutes(9)).With(Side(10, 4)).Moved();

        Assert.Equal(later.Now + Shop.Deadline, later.Stepping().Deadline);
        // Fewer, and as many again, are no progress.
        var flapping = later.With(Side(10, 2)).Moved().After(TimeSpan.FromMinutes(9)).With(Side(10, 4)).Moved();
        Assert.Equal(later.Stepping().Deadline, flapping.Stepping().Deadline);
        Assert.Equal(Reasons.ProgressDeadlineExceeded, flapping.After(TimeSpan.FromMinutes(1)).Drains().Reason());
    }

    [Fact]
    public void A_crash_beside_the_stable_side_ends_the_attempt_at_once_and_rejects_the_digest()
    {
        var now = Ready(Canary).Moved().With(Side(1, 0, health: new Health.Failing("CrashLoopBackOff", "exit 1")));

        var drain = now.Drains();
        Assert.Equal("CrashLoopBackOff", drain.Reason());
        Assert.False(drain.Side.IsExposed);
        Assert.Contains(now.Plan().Status.Rejected!, rejection => rejection.Digest == Shop.New.Digest);
        Assert.Empty((now with { Status = now.Plan().Status }).Plan().World.Images);
    }

    [Fact]
    public void After_its_hold_comes_the_next_step_and_after_the_last_the_promotion()
    {
        var now = Holding(Canary).After(TimeSpan.FromMinutes(5));

        var second = now.Next<Stepping>();
        Assert.Equal((1, Stage.Preparing, 10, 1), (second.Step, second.Stage, second.Side.Replicas, second.Side.Open));
        now = now.Moved().With(Side(10, 10, 1)).Moved().With(Side(10, 10, 10)).Moved().After(TimeSpan.FromSeconds(5)).Moved();

        var promoting = Assert.IsType<Advancing>(now.State);
        Assert.Equal(10, promoting.Side!.Open);
        var world = now.Plan().World;
        Assert.Equal(Shop.New.Digest, Assert.Single(world.Images).Digest);
        Assert.Equal(10, world.Side!.Open);
    }

    [Fact]
    public void What_serves_beside_stays_until_the_promoted_version_has_baked_and_then_drains()
    {
        var now = Promoting().Running(Shop.New, new Health.Healthy(10)).Scaled(10).Moved();
        Assert.IsType<Advancing>(now.State);

        now = now.After(TimeSpan.FromMinutes(1)).Moved();

        var drain = Assert.IsType<Draining>(now.State);
        Assert.Equal(Shop.New.Digest, now.Status.Current!.Digest);
        Assert.Equal(Outcomes.Succeeded, Assert.IsType<Recording>(drain.Then).Result.Outcome);
        Assert.Equal(0, drain.Side.Open);
    }

    [Fact]
    public void A_promotion_that_crashes_goes_back_while_the_side_still_serves()
    {
        var now = Promoting().Running(Shop.New, new Health.Failing("CrashLoopBackOff", "exit 1"));

        var back = now.Next<Reverting>();

        Assert.Equal(10, back.Side!.Open);
        now = now.Moved().Running(Shop.Old, new Health.Healthy(10)).Moved();
        Assert.Equal(0, Assert.IsType<Draining>(now.State).Side.Open);
    }

    [Fact]
    public void A_newer_version_waits_until_the_promotion_is_over()
    {
        var now = Promoting().Running(Shop.New, new Health.Progressing("3 of 10 pods", 3)).Seeing(Shop.Newer);

        Assert.Equal(Shop.New.Digest, now.Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_newer_version_in_the_middle_of_a_step_waits_for_the_drain_alone()
    {
        var drain = Holding(Canary).Seeing(Shop.Newer).Drains();

        var done = Assert.IsType<Recording>(drain.Then);
        Assert.Equal((Outcomes.Superseded, "1.2.0 came before 1.1.0 had passed"), (done.Result.Outcome, done.Result.Message));
    }

    [Theory]
    [InlineData(20, 2, 2)]
    [InlineData(5, 1, 1)]
    public void When_the_stable_side_is_scaled_the_share_stays_what_it_is(int replicas, int pods, int open)
    {
        var now = Holding(Canary).Scaled(replicas).Moved();

        Assert.Equal((pods, open), (now.Stepping().Side.Replicas, now.Stepping().Side.Open));
    }

    [Fact]
    public void Scaled_to_zero_there_is_nothing_left_to_be_beside()
    {
        var done = Assert.IsType<Recording>(Holding(Canary).Scaled(0).Drains().Then);

        Assert.Equal("Deployment prod/shop was scaled to zero", done.Result.Message);
    }

    [Fact]
    public void A_side_of_another_digest_is_taken_away_first()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1, digest: "sha256:666"));

        var then = Assert.IsType<Stepping>(now.Drains().Then);

        Assert.Equal(Stage.Preparing, then.Stage);
    }

    [Fact]
    public void What_a_person_sets_meanwhile_stays_and_the_side_goes()
    {
        var now = Holding(Canary);
        now = now with { Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.Newer, ImageWriter.Person)] }] };

        var done = Assert.IsType<Recording>(now.Drains().Then);

        Assert.Equal((Outcomes.Superseded, Reasons.Drifted), (done.Result.Outcome, done.Result.Reason));
        Assert.Equal(Reasons.Drifted, Assert.IsType<Held>(done.Then).Reason);
    }

    [Fact]
    public void While_suspended_nothing_is_raised_and_nothing_is_written()
    {
        var now = Holding(Canary).After(TimeSpan.FromMinutes(5)).Suspended();

        now.Stays();
        Assert.Null(now.Plan().World.Side);
    }

    [Fact]
    public void The_real_share_is_told_not_the_one_that_was_asked_for()
    {
        var plan = Holding(Canary).Plan();

        Assert.Contains("9.1 % (1 pod beside 10)", plan.Condition(DeliveryConditions.Reconciling)!.Message, StringComparison.Ordinal);
        Assert.True(plan.Tells(Reasons.Stepping));
    }

    [Fact]
    public void One_pod_of_few_is_too_coarse_and_is_said_before_the_start()
    {
        var now = Ready(Canary with { Steps = [new PlanStep(5)] }).Scaled(3);

        Assert.Equal(Reasons.TooCoarse, now.Held()!.Reason);
        Assert.Contains("one is 25 %", now.Held()!.Message, StringComparison.Ordinal);
        Assert.IsType<Stepping>((now with { Terms = now.Terms with { Plan = now.Terms.Plan! with { AllowCoarse = true } } }).Moved().State);
    }

    [Fact]
    public void Each_step_and_each_share_goes_into_the_history()
    {
        var transitions = Holding(Canary).Plan().World.Release!.Status!.Transitions!;

        Assert.Equal([Journal.StepStarted, Journal.Shifting], transitions.Select(transition => transition.What));
        Assert.Equal([1, 2], transitions.Select(transition => transition.Ordinal));
    }

    private static DeliverySnapshot Promoting()
    {
        var now = Holding(Canary).After(TimeSpan.FromMinutes(5)).Moved().With(Side(10, 10, 1)).Moved().With(Side(10, 10, 10)).Moved().After(TimeSpan.FromSeconds(5)).Moved();
        Assert.IsType<Advancing>(now.State);
        return now;
    }
}
