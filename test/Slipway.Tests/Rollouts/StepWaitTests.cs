using Slipway.Api;
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

/// <summary>What keeps a step from being over, what is said of it, and what comes when it lasts too long.</summary>
public sealed class StepWaitTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    private static readonly RolloutPlan Judged = Canary with { Steps = [new PlanStep(10) { Hold = Hold }, new PlanStep(50)] };

    [Fact]
    public void Requests_that_do_not_reach_the_side_any_more_keep_the_step_from_being_over()
    {
        var now = Holding(ByRoute).After(Hold).Routing(10, inEffect: false, problem: "HTTPRoute shop was not accepted");

        now.Stays();
        var back = Assert.IsType<Reverting>(now.After(Shop.Deadline).Drains().Then);
        Assert.Equal((Reasons.ProgressDeadlineExceeded, "the pods of 1.1.0 did not keep their share: HTTPRoute shop was not accepted"), (back.Reason, back.Message));
    }

    [Fact]
    public void Pods_that_are_not_ready_any_more_keep_the_step_from_being_over()
    {
        var now = Holding(ByRoute).After(Hold).With(Side(1, 0, health: new Health.Progressing("pod shop-canary-1 is not ready", 0)));

        now.Stays();
        var back = Assert.IsType<Reverting>(now.After(Shop.Deadline).Drains().Then);
        Assert.Equal("the pods of 1.1.0 did not keep their share: pod shop-canary-1 is not ready", back.Message);
    }

    [Fact]
    public void Of_a_router_and_of_pods_that_both_have_a_problem_the_router_is_told()
    {
        var now = Holding(ByRoute).After(Hold).Routing(10, inEffect: false, problem: "HTTPRoute shop was not accepted").With(Side(1, 0, health: new Health.Progressing("no node has room", 0)));

        Assert.EndsWith("share: HTTPRoute shop was not accepted", Assert.IsType<Reverting>(now.After(Shop.Deadline).Drains().Then).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_pods_are_the_weight_a_Service_that_does_not_answer_for_them_is_waited_for()
    {
        var now = Ready(Canary).Moved().With(Side(1, 1)).Moved().With(Side(1, 1, serving: 1));

        Assert.Null(now.Routing(0, inEffect: false).Moved().Stepping().Side.InEffectSince);
        Assert.Equal(now.Now, now.Routing(0).Moved().Stepping().Side.InEffectSince);
    }

    [Fact]
    public void A_pass_that_was_measured_does_not_hide_the_check_that_has_no_evidence()
    {
        var smoke = Errors with { Name = "smoke", Count = 1, SuccessLimit = 1 };
        var now = Holding(Judged, Errors, smoke);
        var wish = now.Plan().World.Measure.Single(wish => wish.Plan.Name == "errors");
        now = (now with { Measurements = [new Measured(wish.Context.Release, wish.Step, "errors", wish.Ordinal, new Measurement(MeasuredAs.Pass, now.Now, "1"))] }).Moved() with { Measurements = [] };

        var back = Assert.IsType<Reverting>(now.After(Hold + Shop.Deadline).Drains().Then);

        Assert.Equal((Reasons.NoEvidence, "no evidence for 1.1.0 within 10m after its hold: check smoke: nothing was measured yet"), (back.Reason, back.Message));
    }

    [Fact]
    public void What_cannot_be_measured_is_said_with_how_long_that_is_waited_for()
    {
        var unanswered = Errors with { ErrorLimit = 0 };
        var (ends, waits) = (Holding(Judged, unanswered), Holding(Judged with { WaitsForEvidence = true }, unanswered));

        var until = ends.Now + Hold + Shop.Deadline;

        Assert.Equal((Reasons.Inconclusive, until), ends.Measuring(MeasuredAs.Error).Held() is { } held ? (held.Reason, held.Until) : default);
        Assert.StartsWith("step 1 of 1.1.0 is paused: check errors", ends.Measuring(MeasuredAs.Error).Held()!.Message, StringComparison.Ordinal);
        Assert.Null(waits.Measuring(MeasuredAs.Error).Held()!.Until);
    }

    [Fact]
    public void A_yes_is_asked_for_when_the_step_has_passed_and_not_before()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Hold = Hold, Approval = true }, new PlanStep(50)] });
        Assert.Null(now.After(TimeSpan.FromMinutes(1)).Held());

        now = now.After(Hold);

        Assert.StartsWith("step 1 of 1.1.0 has passed and waits for a person", now.Held()!.Message, StringComparison.Ordinal);
        Assert.Null(now.Held()!.Until);
    }

    [Fact]
    public void A_yes_counts_beside_one_to_another_image()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Approval = true }, new PlanStep(50)] });
        now = now with { Status = now.Status with { Approvals = [new Approval(Shop.Newer.Digest, "ann", "test", now.Now), new Approval(Shop.New.Digest, "bob", "test", now.Now)] } };

        Assert.Equal(1, now.Moved().Stepping().Step);
    }

    [Fact]
    public void A_gate_that_is_closed_is_told_when_the_step_has_passed_and_not_before()
    {
        var now = Holding(Canary).After(TimeSpan.FromMinutes(1)).Frozen();
        Assert.Null(now.Held());

        now = now.After(Hold);

        Assert.Equal((Reasons.Frozen, now.Freezes[0].Until), now.Held() is { } held ? (held.Reason, held.Until) : default);
        Assert.StartsWith("1.1.0 gets no more: ", now.Told()["release 2: ".Length..], StringComparison.Ordinal);
    }

    [Fact]
    public void The_others_of_a_group_are_waited_for_after_the_last_step_and_a_closed_gate_is_told_first()
    {
        var one = Canary with { Steps = [new PlanStep(10) { Hold = Hold }] };
        var last = Holding(one).InGroup(GroupPhase.Ready, new Moving(7, GroupPhase.Underway)).After(Hold);
        var first = Holding(Canary).InGroup(GroupPhase.Underway, new Moving(7, GroupPhase.Underway)).After(Hold - TimeSpan.FromSeconds(1));

        last.Stays();
        Assert.Equal((Reasons.AwaitingGroup, "1.1.0 waits for group train: cart is not ready yet"), last.Held() is { } held ? (held.Reason, held.Message) : default);
        Assert.Equal(Reasons.Frozen, last.Frozen().Held()?.Reason);
        Assert.Null(first.Held());
        Assert.Equal(1, first.After(TimeSpan.FromSeconds(1)).Next<Stepping>().Step);
        Assert.IsType<Advancing>((last with { Group = [last.Group[0] with { Standing = new Moving(7, GroupPhase.Ready) }] }).Plan().State());
    }

    [Fact]
    public void A_step_of_a_group_that_is_not_the_last_waits_for_no_other_even_where_something_else_holds_it_up()
    {
        var now = Holding(Canary).InGroup(GroupPhase.Underway, new Moving(7, GroupPhase.Underway)).After(Hold).With(Side(1, 0, open: 1));

        now.Stays();
        Assert.Null(now.Held());
    }

    public static TheoryData<string, string> Tellings => new()
    {
        { "holding", "step 1 of 2 of 1.1.0: 9.1 % (1 pod beside 10) since 2026-01-01 12:00:05Z, held for 5m" },
        { "unheld", "step 1 of 1 of 1.1.0: 9.1 % (1 pod beside 10) since 2026-01-01 12:00:05Z" },
        { "preview", "step 1 of 2 of 1.1.0: the Service is on the stable version since 2026-01-01 12:00:00Z, held for 1m" },
        { "switched", "step 2 of 2 of 1.1.0: the Service is on the new version, not yet in effect" },
    };

    [Theory]
    [MemberData(nameof(Tellings))]
    public void A_step_tells_its_real_share_since_when_and_for_how_long(string what, string told)
    {
        var preview = Ready(BlueGreen).Moved().With(Side(10, 10)).Moved();
        var now = what switch
        {
            "preview" => preview,
            "switched" => preview.After(TimeSpan.FromMinutes(1)).Moved(),
            "unheld" => Holding(Canary with { Steps = [new PlanStep(10) { For = TimeSpan.FromDays(1) }] }) is var boxed ? boxed.In(boxed.Stepping() with { BoxEnds = null }) : preview,
            _ => Holding(Canary),
        };

        Assert.Equal($"release 2: {told}", now.Told());
    }

    [Fact]
    public void The_history_counts_steps_from_one() =>
        Assert.Equal("step 1 of 2: 10 %, 1 pod beside 10", Assert.Single(Ready(Canary).Moved().Attempted().Transitions!).Message);

    [Fact]
    public void A_person_who_sets_the_very_version_that_is_tried_beside_has_decided_and_holds()
    {
        var now = Holding(ByRoute);
        now = now with { Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.New, ImageWriter.Person)] }] };

        var held = Assert.IsType<Held>(Assert.IsType<Recording>(now.Drains().Then).Then);

        Assert.Equal((Reasons.Drifted, false), (held.Reason, held.Pinned));
    }

    [Fact]
    public void What_a_tool_changes_ends_the_attempt_and_the_side_gives_its_requests_back_as_the_stable_one_can_bear()
    {
        var now = Holding(ByRoute with { Steps = [new PlanStep(50) { Hold = Hold }] }).Scaled(10, available: 2);
        now = now with { Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.Newer, ImageWriter.Declarative)] }] };

        var drain = now.Drains();

        Assert.Equal((50, true, Reasons.Drifted), (drain.Side.Weight, drain.Gently, drain.Reason()));
        Assert.IsType<Idle>(Assert.IsType<Recording>(drain.Then).Then);
    }

    [Fact]
    public void Where_nothing_is_gone_back_from_a_failed_step_is_left_as_it_is_and_holds()
    {
        var now = Holding(Canary).With(Side(1, 0, health: new Health.Failing("CrashLoopBackOff", "exit 1")));
        now = now with { Terms = now.Terms with { RollsBack = false } };

        var done = now.Next<Recording>();

        Assert.Equal((Outcomes.Failed, "CrashLoopBackOff"), (done.Result.Outcome, done.Result.Reason));
        Assert.Equal(Reasons.RollbackDisabled, Assert.IsType<Held>(done.Then).Reason);
    }

    [Fact]
    public void What_was_measured_before_a_crash_is_on_record_as_what_it_came_to()
    {
        var now = Holding(Judged, Errors).Measuring(MeasuredAs.Pass).Moved().With(Side(1, 0, health: new Health.Failing("CrashLoopBackOff", "exit 1")));

        Assert.Equal("Passed", Assert.Single(now.Drains().Attempt!.Checks!).Verdict);
        var way = Assert.IsType<Reverting>(now.Drains().Then).Attempt.Transitions![^1];
        Assert.Equal((Journal.Reverting, "CrashLoopBackOff: exit 1"), (way.What, way.Message));
    }
}
