using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>Abort, promote, approval and time boxes.</summary>
public sealed class StepRequestTests
{
    [Fact]
    public void An_abort_is_obeyed_in_the_pass_that_sees_it_even_while_suspended()
    {
        var now = Abort(Holding(Canary).Suspended());

        var drain = now.Drains();

        Assert.Equal((Reasons.Stopped, false), (drain.Reason(), drain.Side.IsExposed));
        Assert.Equal("1 by ann", now.Plan().Status.Handled!.Abort);
        Assert.Contains(now.Plan().Status.Rejected!, rejection => rejection.Digest == Shop.New.Digest);
    }

    [Fact]
    public void After_an_abort_newer_versions_may_come()
    {
        var now = Abort(Holding(Canary)).Moved().With(Side(1, 1)).Moved().After(TimeSpan.FromSeconds(10)).Moved().With(null).Moved();

        Assert.IsType<Idle>(Assert.IsType<Recording>(now.State).Then);
    }

    [Fact]
    public void Where_nothing_is_under_way_an_abort_is_refused_and_ticked_off()
    {
        var plan = Abort(Shop.Settled).Plan();

        Assert.Contains(plan.Announcements, said => said.Message == "abort: no rollout is under way");
        Assert.Equal("1 by ann", plan.Status.Handled!.Abort);
    }

    [Fact]
    public void A_promotion_ends_the_present_step_and_says_who_wanted_it()
    {
        var now = Promote(Holding(Canary), "1 by ann");

        var second = now.Next<Stepping>();

        Assert.Equal((1, "ann"), (second.Step, second.Attempt.Transitions![^1].By));
    }

    [Fact]
    public void A_promotion_of_all_leaves_out_every_step()
    {
        var promoting = Promote(Holding(Canary), "1 all by ann").Next<Advancing>();

        Assert.Equal((1, "ann"), (promoting.Side!.Open, promoting.Attempt.Transitions![^1].By));
    }

    [Fact]
    public void A_step_that_is_still_being_prepared_is_not_promoted_and_that_is_said()
    {
        var plan = Promote(Ready(Canary).Moved(), "1 by ann").Plan();

        Assert.Contains(plan.Announcements, said => said.Message.StartsWith("promote: step 1 of 1.1.0 is still being prepared", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_suspended_is_not_promoted() =>
        Assert.Contains(Promote(Holding(Canary).Suspended(), "1 by ann").Plan().Announcements, said => said.Message.StartsWith("promote: ", StringComparison.Ordinal));

    [Fact]
    public void A_step_with_an_approval_waits_for_it_and_says_how()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Approval = true }, new PlanStep(50)] }).Moved();

        Assert.Equal(Reasons.AwaitingApproval, now.Held()!.Reason);
        Assert.Contains("slipway approve shop", now.Held()!.Message, StringComparison.Ordinal);
        Assert.Equal(0, now.Stepping().Step);
        Assert.Equal(1, Approved(now, now.Now).Moved().Stepping().Step);
    }

    [Fact]
    public void A_yes_from_before_the_step_or_to_another_image_is_none()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Approval = true }, new PlanStep(50)] }).Moved();

        Assert.Equal(0, Approved(now, now.Now.AddMinutes(-1)).Moved().Stepping().Step);
        Assert.Equal(0, Approved(now, now.Now, "sha256:666").Moved().Stepping().Step);
    }

    [Fact]
    public void An_approval_that_nobody_gives_ends_the_attempt_where_it_expires()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Approval = true, ApprovalExpires = TimeSpan.FromHours(1) }] }).Moved();

        Assert.Equal(now.Now.AddHours(1), now.Plan().Wake);
        Assert.Equal(Reasons.ApprovalExpired, now.After(TimeSpan.FromHours(1)).Drains().Reason());
    }

    [Theory]
    [InlineData(BoxEnd.Revert)]
    [InlineData(BoxEnd.Ask)]
    public void A_time_box_counts_from_the_intent_and_ends_the_exposure(BoxEnd then)
    {
        var now = Ready(Canary with { Steps = [new PlanStep(10) { For = TimeSpan.FromHours(1), Then = then }] }).Moved().With(Side(1, 1)).Moved();
        Assert.Equal(now.Now.AddHours(1), now.Stepping().BoxEnds);
        Assert.Equal(Stage.Shifting, now.Stepping().Stage);

        var drain = now.After(TimeSpan.FromHours(1)).Suspended().Drains();

        var done = Assert.IsType<Recording>(drain.Then);
        Assert.Equal((Outcomes.Exposed, Reasons.ExposureEnded), (done.Result.Outcome, done.Result.Reason));
        Assert.Equal(then == BoxEnd.Ask, done.Then is Held { Reason: Reasons.ExposureEnded });
    }

    [Fact]
    public void A_finished_exposure_is_not_shown_again_by_itself_and_is_no_failure()
    {
        var now = Ready(Canary with { Steps = [new PlanStep(10) { For = TimeSpan.FromHours(1) }] }).Moved().With(Side(1, 1)).Moved().After(TimeSpan.FromHours(1));

        var rejection = Assert.Single(now.Plan().Status.Rejected!);

        Assert.Equal(Reasons.ExposureEnded, rejection.Reason);
        Assert.Contains("no failure", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_time_box_that_asks_a_person_may_ship_it()
    {
        var now = Ready(Canary).In(new Held(Reasons.ExposureEnded, "", Shop.Noon, Shop.New.Digest));

        var shipped = Promote(now, "1 by ann").Next<Advancing>();

        Assert.Equal(("ann", null), (shipped.Attempt.By, shipped.Side));
    }

    [Fact]
    public void A_rollback_in_the_middle_of_a_step_holds_until_resume()
    {
        var drain = Holding(Canary).Asking(rollback: "1 by ann").Drains();

        Assert.Equal(Reasons.Aborted, drain.Reason());
    }

    private static DeliverySnapshot Abort(DeliverySnapshot now) => now with { Requests = new Requests { Abort = "1 by ann" } };

    private static DeliverySnapshot Promote(DeliverySnapshot now, string words) => now with { Requests = new Requests { Promote = words } };

    private static DeliverySnapshot Approved(DeliverySnapshot now, DateTimeOffset at, string? digest = null) =>
        now with { Status = now.Status with { Approvals = [new Approval(digest ?? Shop.New.Digest, "ann", "test", at)] } };
}
