using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>When a step wants to be looked at again. While nothing in the cluster moves, nothing else wakes it.</summary>
public sealed class WakingTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    private static readonly RolloutPlan Judged = Canary with { Steps = [new PlanStep(10) { Hold = TimeSpan.FromSeconds(30) }] };

    [Fact]
    public void Pods_that_do_not_come_are_looked_for_at_the_deadline()
    {
        Assert.Equal(Shop.Noon + Shop.Deadline, Ready(Canary).Plan().Wake);
        Assert.Equal(Shop.Noon + Shop.Deadline, Ready(Canary).Moved().Plan().Wake);
    }

    [Fact]
    public void Pods_that_come_late_are_looked_for_at_the_deadline_that_they_have_moved()
    {
        var now = Ready(Canary with { Steps = [new PlanStep(50)] }).Moved().After(TimeSpan.FromMinutes(9)).With(Side(10, 4));

        Assert.Equal(now.Now + Shop.Deadline, now.Plan().Wake);
    }

    [Fact]
    public void A_share_that_is_not_in_effect_is_looked_for_at_the_deadline()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1)).After(TimeSpan.FromMinutes(1));

        Assert.Equal(now.Now + Shop.Deadline, now.Plan().Wake);
        Assert.Equal(now.Now + Shop.Deadline, now.Moved().Plan().Wake);
    }

    [Fact]
    public void A_step_that_is_judged_from_now_on_is_looked_at_when_its_hold_is_over()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1)).Moved().With(Side(1, 1, serving: 1)).Moved().After(TimeSpan.FromSeconds(5));

        Assert.Equal(Stage.Holding, now.Next<Stepping>().Stage);
        Assert.Equal(now.Now + Hold, now.Plan().Wake);
        Assert.Equal(now.Now + Hold, now.Moved().After(TimeSpan.FromMinutes(2)).Plan().Wake);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_is_measured_when_the_hold_is_over_leaves_the_deadline_and_never_an_instant_that_has_passed(int minutes)
    {
        var now = Holding(Judged, Errors);
        var end = now.Now.AddSeconds(30);

        var measured = (now with { Now = end.AddMinutes(minutes) }).Measuring(MeasuredAs.Pass);

        Assert.Equal(end + Shop.Deadline, measured.Plan().Wake);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Beyond_the_deadline_only_a_measurement_or_a_person_wakes_a_step_that_waits_for_evidence(int minutes)
    {
        var now = Holding(Judged with { WaitsForEvidence = true }, Errors).After(TimeSpan.FromSeconds(30) + Shop.Deadline + TimeSpan.FromMinutes(minutes));

        Assert.Null(now.Measuring(MeasuredAs.Error).Plan().Wake);
        Assert.Null(now.Plan().Wake);
    }

    [Fact]
    public void A_step_whose_pods_do_not_serve_at_its_end_is_looked_at_when_their_time_is_over()
    {
        var now = Holding(Canary).After(Hold).With(Side(1, 0, serving: 0, open: 1));

        Assert.Equal(now.Now + Shop.Deadline, now.Plan().Wake);
    }

    [Fact]
    public void An_approval_is_waited_for_from_the_end_of_the_hold_until_it_expires()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Hold = Hold, Approval = true, ApprovalExpires = TimeSpan.FromHours(1) }] });
        var expires = now.Now + Hold + TimeSpan.FromHours(1);

        now = now.After(Hold).Moved();

        Assert.Equal((expires, expires), (now.Plan().Wake, now.Held()!.Until));
        Assert.IsType<Stepping>((now with { Now = expires.AddTicks(-1) }).Plan().State());
        Assert.Equal(Reasons.ApprovalExpired, (now with { Now = expires }).Drains().Reason());
    }

    [Fact]
    public void An_approval_that_does_not_expire_is_waited_for_without_end()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Approval = true }] }).After(TimeSpan.FromDays(30));

        Assert.Equal((null, null), (now.Plan().Wake, now.Held()!.Until));
        now.Stays();
    }

    [Fact]
    public void A_closed_gate_is_looked_at_when_it_opens()
    {
        var now = Holding(Canary).After(Hold).Frozen();

        Assert.Equal(now.Now.AddDays(2), now.Plan().Wake);
        Assert.Equal(1, now.After(TimeSpan.FromDays(2)).Next<Stepping>().Step);
    }

    [Fact]
    public void A_time_box_is_looked_at_when_it_ends_though_its_hold_is_over_long_before()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Hold = Hold, For = TimeSpan.FromHours(1) }] });
        var ends = now.Stepping().BoxEnds;

        now = now.After(Hold).Moved();

        Assert.Equal((0, Stage.Holding), (now.Stepping().Step, now.Stepping().Stage));
        Assert.Equal(ends, now.Plan().Wake);
    }

    [Fact]
    public void A_stable_side_that_grows_changes_nothing_of_when_the_step_is_looked_at()
    {
        var preparing = Ready(Canary).Moved().After(TimeSpan.FromMinutes(1)).Scaled(20);
        Assert.Equal(Shop.Noon + Shop.Deadline, preparing.Plan().Wake);

        var holding = Holding(Canary);
        Assert.Equal(holding.Now + Hold, holding.After(TimeSpan.FromMinutes(1)).Scaled(20).Plan().Wake);
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_make_a_step_longer()
    {
        var now = Holding(Canary).After(TimeSpan.FromDays(-1));

        Assert.Equal((now.Now, now.Now + Hold), (now.Next<Stepping>().Since, now.Plan().Wake));
        Assert.Equal(1, now.Moved().After(Hold).Next<Stepping>().Step);
    }

    [Fact]
    public void A_workload_that_is_gone_is_waited_for_as_long_as_pods_are()
    {
        var preparing = Ready(Canary).Moved().Gone();
        var holding = Holding(Canary).Gone();
        var due = holding.Now + Hold + Shop.Deadline;

        preparing.Stays();
        holding.Stays();
        Assert.Equal((Shop.Noon + Shop.Deadline, due), (preparing.Plan().Wake, holding.Plan().Wake));
        Assert.IsType<Stepping>((holding with { Now = due.AddTicks(-1) }).Plan().State());
        Assert.Equal("TargetNotFound", (holding with { Now = due }).Drains().Reason());
        Assert.Equal("TargetNotFound", preparing.After(Shop.Deadline).Drains().Reason());
    }
}
