using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Groups;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Groups.MemberStanding;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>The promotion of what has passed its steps: its bake, its checks, its followers, and how it ends.</summary>
public sealed class PromotionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly CheckPlan Smoke = Errors with { Name = "smoke", When = CheckMoment.After };

    private static readonly RolloutPlan Half = ByRoute with { Steps = [new PlanStep(50) { Hold = Minute }] };

    private static DeliverySnapshot Promoting(RolloutPlan plan, params CheckPlan[] checks)
    {
        var now = Ready(plan, checks).Moved().AtItsShare().After(plan.Steps[^1].Hold).Moved();
        now = plan.Steps.Count == 1 ? now : now.AtItsShare().After(plan.Steps[^1].Hold).Moved();
        Assert.IsType<Advancing>(now.State);
        return now;
    }

    /// <summary>Every pod has the new version, and the bake begins.</summary>
    private static DeliverySnapshot Baking(RolloutPlan plan, params CheckPlan[] checks) => Promoting(plan, checks).Running(Shop.New, new Health.Healthy(10)).Moved();

    private static Advancing At(DeliverySnapshot now) => Assert.IsType<Advancing>(now.State);

    [Fact]
    public void Its_checks_are_made_when_every_pod_has_it()
    {
        Assert.Empty(Promoting(Half, Smoke).Plan().World.Measure);
        Assert.Equal(("smoke", Steps.Promotion), Assert.Single(Baking(Half, Smoke).Plan().World.Measure) is var wish ? (wish.Plan.Name, wish.Step) : default);
    }

    [Fact]
    public void What_its_check_finds_bad_loses_its_requests_at_once_and_is_on_record()
    {
        var back = Baking(Half, Smoke).Measuring(MeasuredAs.Fail, "0.2").Next<Reverting>();

        Assert.Equal((Reasons.CheckFailed, false), (back.Reason, back.Side!.IsExposed));
        Assert.Equal(("smoke", Steps.Promotion, "Failed"), Assert.Single(back.Attempt.Checks!) is var result ? (result.Name, result.Step, result.Verdict) : default);
    }

    [Fact]
    public void A_switched_Service_stays_where_it_is_while_the_workload_under_it_goes_back()
    {
        var now = Baking(BlueGreen with { Bake = Minute }, Smoke);

        Assert.Equal(100, now.Measuring(MeasuredAs.Fail).Next<Reverting>().Side!.Weight);
    }

    [Fact]
    public void A_crash_leaves_the_side_its_requests_and_what_was_measured_is_on_record_as_what_it_came_to()
    {
        var now = Baking(Half, Smoke).Measuring(MeasuredAs.Pass).Moved().Running(Shop.New, new Health.Failing("CrashLoopBackOff", "exit 1"));

        var back = now.Next<Reverting>();

        Assert.Equal(50, back.Side!.Weight);
        Assert.Equal("Passed", Assert.Single(back.Attempt.Checks!).Verdict);
    }

    [Fact]
    public void What_was_measured_in_the_steps_and_in_the_promotion_is_on_record_together()
    {
        var now = Ready(Half, Errors, Smoke).Moved().AtItsShare().Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };
        now = now.After(Minute).Moved().Running(Shop.New, new Health.Healthy(10)).Moved().Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };

        var drain = now.After(Minute).Moved();

        var done = Assert.IsType<Recording>(Assert.IsType<Draining>(drain.State).Then);
        Assert.Equal([("errors", 0, "Passed"), ("smoke", Steps.Promotion, "Passed")], done.Result.Checks!.Select(check => (check.Name, check.Step, check.Verdict)));
    }

    [Fact]
    public void A_check_that_a_person_did_not_wait_for_is_on_record_as_what_it_had_come_to()
    {
        var now = Baking(Half, Smoke).Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };
        now = (now with { Requests = new Requests { Promote = "1 by ann" } }).Moved();

        Assert.Equal("Passed", Assert.Single(Assert.IsType<Recording>(Assert.IsType<Draining>(now.State).Then).Result.Checks!).Verdict);
    }

    [Fact]
    public void What_cannot_be_measured_is_said_with_how_long_that_is_waited_for()
    {
        var unanswered = Smoke with { ErrorLimit = 0 };
        var now = Baking(Half, unanswered);
        var due = now.Now + Minute + Shop.Deadline;

        var held = now.Measuring(MeasuredAs.Error).Held()!;

        Assert.Equal((Reasons.Inconclusive, due), (held.Reason, held.Until));
        Assert.Null(Baking(Half with { WaitsForEvidence = true }, unanswered).Measuring(MeasuredAs.NoData).Held()!.Until);
        Assert.Null(Baking(Half, unanswered).Held());
    }

    [Fact]
    public void After_the_bake_evidence_is_waited_for_until_the_deadline_and_no_longer()
    {
        var now = Baking(Half, Smoke);
        var due = now.Now + Minute + Shop.Deadline;

        Assert.Equal(due, now.After(Minute).Measuring(MeasuredAs.Error).Plan().Wake);
        Assert.Equal(due, now.After(Minute).Plan().Wake);
        Assert.IsType<Advancing>((now with { Now = due.AddTicks(-1) }).Plan().State());
        Assert.Equal(Reasons.NoEvidence, (now with { Now = due }).Next<Reverting>().Reason);
    }

    [Fact]
    public void A_measurement_in_the_bake_leaves_its_end_where_it_is()
    {
        var now = Baking(Half, Smoke);

        Assert.Equal(now.Now + Minute, now.After(TimeSpan.FromSeconds(10)).Measuring(MeasuredAs.Pass).Plan().Wake);
    }

    [Fact]
    public void Its_followers_come_with_the_side_still_there_and_are_not_measured_again()
    {
        var now = Baking(Half, Smoke).WithTarget(Shop.Target("worker", Shop.Old)).Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };

        now = now.After(Minute).Moved();
        Assert.Equal((1, 50), (At(now).Wave, At(now).Side!.Weight));
        now = now.WithTarget(Shop.Target("worker", Shop.New, new Health.Progressing("0 of 3 pods", 0))).Moved();
        Assert.Empty(now.Plan().World.Measure);
        now = now.WithTarget(Shop.Target("worker", Shop.New)).Moved();

        Assert.Equal(Outcomes.Succeeded, Assert.IsType<Recording>(Assert.IsType<Draining>(now.State).Then).Result.Outcome);
    }

    [Fact]
    public void A_gate_that_is_closed_holds_up_the_followers_and_is_told_and_never_the_last_of_them()
    {
        var alone = Baking(Half).Frozen();
        var led = Baking(Half).WithTarget(Shop.Target("worker", Shop.Old)).Frozen().After(Minute);

        Assert.Null(alone.Held());
        Assert.IsType<Draining>(alone.After(Minute).Moved().State);
        led.Moved().Stays();
        Assert.Equal((Reasons.Frozen, led.Freezes[0].Until, led.Freezes[0].Until), led.Plan() is { Status.Held: { } held, Wake: var wake } ? (held.Reason, held.Until, wake) : default);
        Assert.Null(led.In(At(led) with { Wave = 1 }).Held());
    }

    [Fact]
    public void What_has_promised_its_group_to_stay_says_whom_it_waits_for()
    {
        var now = Baking(Half).InGroup(GroupPhase.Settled, new Moving(7, GroupPhase.Switched)).After(Minute);

        now.Stays();
        Assert.Equal((Reasons.AwaitingGroup, "1.1.0 waits for group train: cart is not through yet"), now.Held() is { } held ? (held.Reason, held.Message) : default);
    }

    [Fact]
    public void A_member_of_a_group_that_has_not_settled_says_what_it_cannot_measure()
    {
        var now = Baking(Half, Smoke with { ErrorLimit = 0 }).InGroup(GroupPhase.Switched, new Moving(7, GroupPhase.Settled));

        Assert.Equal(Reasons.Inconclusive, now.Measuring(MeasuredAs.Error).Held()!.Reason);
    }

    [Fact]
    public void The_build_time_of_what_passed_is_kept()
    {
        var now = Baking(Half);
        now = now.In(At(now) with { Attempt = At(now).Attempt with { Built = Shop.Noon.AddDays(-1) } }).After(Minute);

        Assert.Equal(Shop.Noon.AddDays(-1), now.Plan().Status.Current!.Built);
    }

    [Fact]
    public void What_a_person_sets_meanwhile_ends_it_and_the_side_gives_its_requests_back_as_the_stable_one_can_bear()
    {
        var now = Baking(Half).Running(Shop.Newer, new Health.Progressing("2 of 10 pods", 2), ImageWriter.Person);

        var drain = (now with { Targets = [now.Targets[0] with { Available = 2 }] }).Drains();

        Assert.Equal((50, true, Reasons.Drifted), (drain.Side.Weight, drain.Gently, drain.Reason()));
    }
}
