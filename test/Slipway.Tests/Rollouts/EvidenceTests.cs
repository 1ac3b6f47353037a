using Slipway.Checks;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Rollouts.Strategies;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>What checks do to a rollout.</summary>
public sealed class EvidenceTests
{
    private static readonly RolloutPlan Judged = Canary with { Steps = [new PlanStep(10) { Hold = TimeSpan.FromSeconds(30) }] };

    [Fact]
    public void A_step_asks_for_its_measurements_by_name_from_when_its_share_is_in_effect()
    {
        var now = Holding(Judged, Errors);

        var wish = Assert.Single(now.Plan().World.Measure);

        Assert.Equal(("errors", 0, 0, now.Now), (wish.Plan.Name, wish.Step, wish.Ordinal, wish.Due));
        Assert.Equal(("shop-canary", Shop.New.Digest, Shop.Old.Digest, now.Now), (wish.Context.Side, wish.Context.Digest, wish.Context.PreviousDigest, wish.Context.Since));
    }

    [Fact]
    public void A_measurement_is_taken_once_and_the_next_one_is_due_after_the_interval()
    {
        var now = Holding(Judged, Errors).Measuring(MeasuredAs.Pass, "0.001").Moved();

        var check = Assert.Single(now.Stepping().Checks!);

        Assert.Equal((1, 1, now.Now.AddSeconds(10)), (check.Passed, check.Ordinal, check.Due));
    }

    [Fact]
    public void One_that_was_made_for_another_step_or_attempt_is_not_counted()
    {
        var now = Holding(Judged, Errors).Measuring(MeasuredAs.Fail);
        var made = now.Measurements[0];

        foreach (var other in new[] { made with { Step = 1 }, made with { Release = "shop-1" }, made with { Ordinal = 1 }, made with { Check = "smoke" } })
        {
            (now with { Measurements = [other] }).Stays();
        }
    }

    [Fact]
    public void A_failed_check_takes_all_requests_back_at_once_and_rejects_the_digest()
    {
        var now = Holding(Judged, Errors).Measuring(MeasuredAs.Fail, "0.05");

        var drain = now.Drains();

        Assert.Equal((Reasons.CheckFailed, false), (drain.Reason(), drain.Side.IsExposed));
        Assert.Contains("errors", Assert.IsType<Reverting>(drain.Then).Message, StringComparison.Ordinal);
        Assert.Contains(now.Plan().Status.Rejected!, rejection => rejection.Reason == Reasons.CheckFailed);
        Assert.Equal("Failed", Assert.Single(drain.Attempt!.Checks!).Verdict);
    }

    [Fact]
    public void A_hold_that_is_over_passes_only_with_a_measurement_that_passed()
    {
        var now = Holding(Judged, Errors).After(TimeSpan.FromSeconds(30));

        now.Moved().Stays();
        Assert.IsType<Stepping>(now.Moved().State);
        Assert.IsType<Advancing>(now.Measuring(MeasuredAs.Pass).Moved().State);
    }

    [Theory]
    [InlineData(MeasuredAs.Error)]
    [InlineData(MeasuredAs.NoData)]
    public void What_cannot_be_measured_pauses_the_step_is_said_and_goes_on_when_it_can(MeasuredAs result)
    {
        var now = Holding(Judged, Errors with { ErrorLimit = 1 });
        for (var time = 0; time < 4; time++)
        {
            now = (now.Measuring(result).Moved() with { Measurements = [] }).After(TimeSpan.FromSeconds(10));
        }

        Assert.Equal((Reasons.Inconclusive, 0), (now.Held()!.Reason, now.Stepping().Step));
        Assert.IsType<Advancing>(now.Measuring(MeasuredAs.Pass).Moved().State);
    }

    [Fact]
    public void Without_evidence_the_deadline_ends_the_step()
    {
        var now = Holding(Judged, Errors).After(TimeSpan.FromSeconds(30)).Moved().After(Shop.Deadline);

        Assert.Equal(Reasons.NoEvidence, now.Drains().Reason());
    }

    [Fact]
    public void With_onInconclusive_Wait_a_person_is_waited_for()
    {
        var now = Holding(Judged with { WaitsForEvidence = true }, Errors).After(TimeSpan.FromDays(2)).Moved();

        Assert.IsType<Stepping>(now.State);
        Assert.IsType<Advancing>((now with { Requests = new Requests { Promote = "1 by ann" } }).Moved().State);
    }

    [Fact]
    public void A_dry_run_has_no_say()
    {
        var now = Holding(Judged, Errors with { DryRun = true }).Measuring(MeasuredAs.Fail).Moved();

        Assert.IsType<Stepping>(now.State);
        Assert.IsType<Advancing>(now.After(TimeSpan.FromSeconds(30)).Moved().State);
    }

    [Fact]
    public void A_check_before_the_first_request_gives_the_canary_a_quiet_step()
    {
        var now = Ready(Judged, Errors with { When = CheckMoment.Before, Count = 1 }).Moved();

        Assert.Equal([0, 10], now.Attempted().Plan!.Steps.Select(step => step.Weight));
        now = now.With(Side(1, 1)).Moved();
        Assert.Equal((Stage.Holding, 0), (now.Stepping().Stage, now.Plan().World.Side!.Open));
        now = now.Measuring(MeasuredAs.Pass).Moved();
        Assert.Equal((1, 1), (now.Stepping().Step, now.Stepping().Side.Open));
    }

    [Fact]
    public void A_rolling_update_is_judged_while_it_holds()
    {
        var now = Shop.Settled.Seeing(Shop.New) with { Checks = [Errors] };
        now = now.Moved().Running(Shop.New, new Health.Healthy(3)).Moved();

        Assert.IsType<Advancing>(now.State);
        Assert.Equal(Reasons.CheckFailed, now.Measuring(MeasuredAs.Fail).Next<Reverting>().Reason);
        Assert.IsType<Recording>(now.Measuring(MeasuredAs.Pass).Moved().State);
    }

    [Fact]
    public void After_the_way_back_the_same_checks_tell_whether_it_has_helped()
    {
        var now = Shop.Settled.Seeing(Shop.New) with { Checks = [Errors] };
        now = now.Moved().Running(Shop.New, new Health.Healthy(3)).Moved();
        now = (now.Measuring(MeasuredAs.Fail).Moved() with { Measurements = [] }).Running(Shop.Old, new Health.Healthy(3)).Moved();

        var wish = Assert.Single(now.Plan().World.Measure);
        Assert.Equal(Steps.Rollback, wish.Step);
        Assert.Equal(Reasons.RollbackIneffective, now.Measuring(MeasuredAs.Fail).Next<Recording>().Result.Reason);
        Assert.Equal((Outcomes.RolledBack, Reasons.CheckFailed), now.Measuring(MeasuredAs.Pass).Next<Recording>().Result is { } done ? (done.Outcome, done.Reason) : default);
        Assert.Equal(Reasons.CheckFailed, now.After(Shop.Deadline).Next<Recording>().Result.Reason);
    }

    [Fact]
    public void What_every_step_measured_is_in_the_Release()
    {
        var now = Holding(Judged, Errors).Measuring(MeasuredAs.Pass, "0.001").Moved().After(TimeSpan.FromSeconds(30)).Moved();

        var result = Assert.Single(now.Attempted().Checks!);

        Assert.Equal(("errors", 0, "Passed", 1), (result.Name, result.Step, result.Verdict, result.Passed));
    }

    [Fact]
    public void A_check_that_is_done_takes_no_more()
    {
        var now = Holding(Judged, Errors with { Count = 1 }).Measuring(MeasuredAs.Pass);
        var late = now.Measurements[0] with { Ordinal = 1, Measurement = new Measurement(MeasuredAs.Fail, now.Now) };

        (now.Moved() with { Measurements = [late] }).Stays();
    }

    [Fact]
    public void What_was_never_begun_is_not_passed_unless_it_has_no_say()
    {
        Assert.Equal(Verdict.Pending, Evidence.Of([Errors], null, over: true));
        Assert.Equal(Verdict.Pending, Evidence.Of([Errors, Errors with { Name = "smoke", DryRun = true }], null, over: true));
        Assert.Equal(Verdict.Passed, Evidence.Of([Errors with { DryRun = true }], null, over: true));
        Assert.Equal(Verdict.Passed, Evidence.Of([], null, over: false));
    }

    [Fact]
    public void Progress_of_a_check_that_the_plan_does_not_name_has_no_say()
    {
        var stray = new CheckProgress("stray", 1, null) { Failed = 9 };
        var passed = CheckMachine.Take(Errors, CheckMachine.Begin(Errors, Shop.Noon), new Measurement(MeasuredAs.Pass, Shop.Noon));

        Assert.Equal(Verdict.Passed, Evidence.Of([Errors], [stray, passed], over: true));
    }

    [Fact]
    public void A_failure_is_told_of_the_check_that_has_a_say_and_failed()
    {
        CheckPlan[] plans = [Errors with { Name = "dry", DryRun = true }, Errors with { Name = "fine" }, Errors];
        CheckProgress[] progress = [Taken(plans[0], MeasuredAs.Fail), Taken(plans[1], MeasuredAs.Pass), Taken(plans[2], MeasuredAs.Fail)];

        Assert.StartsWith("check errors: ", Evidence.Describe(plans, progress, Verdict.Failed, over: true), StringComparison.Ordinal);
        Assert.Equal("a check has measured nothing yet", Evidence.Describe(plans, null, Verdict.Pending, over: true));

        static CheckProgress Taken(CheckPlan plan, MeasuredAs result) => CheckMachine.Take(plan, CheckMachine.Begin(plan, Shop.Noon), new Measurement(result, Shop.Noon, "1"));
    }

    [Fact]
    public void What_the_way_back_has_measured_is_on_record_as_what_it_came_to()
    {
        var now = Shop.Settled.Seeing(Shop.New) with { Checks = [Errors] };
        now = now.Moved().Running(Shop.New, new Health.Healthy(3)).Moved();
        now = (now.Measuring(MeasuredAs.Fail).Moved() with { Measurements = [] }).Running(Shop.Old, new Health.Healthy(3)).Moved();

        var results = now.Measuring(MeasuredAs.Pass).Next<Recording>().Result.Checks!;

        Assert.Equal([(Steps.Promotion, "Failed"), (Steps.Rollback, "Passed")], results.Select(check => (check.Step, check.Verdict)));
    }

    [Fact]
    public void Where_no_check_had_failed_the_way_back_is_not_measured()
    {
        var now = Shop.Settled.Seeing(Shop.New) with { Checks = [Errors] };
        now = now.Moved().Running(Shop.New, new Health.Failing("CrashLoopBackOff", "exit 1")).Moved().Running(Shop.Old, new Health.Healthy(3));

        Assert.Equal((Outcomes.RolledBack, "CrashLoopBackOff"), now.Next<Recording>().Result is var done ? (done.Outcome, done.Reason) : default);
    }

    [Fact]
    public void An_attempt_that_nobody_knows_the_plan_of_goes_back_without_measuring()
    {
        var back = Shop.GoingBack.Running(Shop.Old, new Health.Healthy(3)).In((Reverting)Shop.GoingBack.State with { Reason = Reasons.CheckFailed });

        Assert.Equal(Reasons.CheckFailed, back.Next<Recording>().Result.Reason);
    }
}
