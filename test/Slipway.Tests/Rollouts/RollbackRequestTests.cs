using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class RollbackRequestTests
{
    /// <summary>1.1.0 passed in release 2; 1.0.0 was release 1.</summary>
    private static readonly DeliverySnapshot Passed = (Settled with
    {
        Status = Settled.Status with { Current = New.By(2), LastRelease = 2 },
        History = [Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Succeeded)],
    }).Running(New).Seeing(New);

    private static string Refusal(DeliverySnapshot now)
    {
        var plan = now.Plan();
        Assert.Equal(now.State, plan.State());
        var said = Assert.Single(plan.Announcements);
        Assert.Equal((true, Reasons.RequestRefused), (said.Warning, said.Reason));
        return said.Message;
    }

    [Fact]
    public void A_rollback_goes_to_the_last_good_version_before_the_current_one()
    {
        var attempt = Passed.Asking(rollback: "2026-01-01T12:00:00Z by ann").Next<Advancing>().Attempt;

        Assert.Equal((3, Old.Tag, Old.Digest, Causes.Rollback, "ann"), (attempt.Number, attempt.Tag, attempt.Digest, attempt.Cause, attempt.By));
        Assert.Equal(New.By(2), attempt.Previous);
    }

    [Fact]
    public void A_rollback_with_a_number_goes_there()
    {
        var now = Passed.WithHistory(Newer.Release(1, Outcomes.Succeeded), Old.Release(2, Outcomes.Succeeded), New.Release(3, Outcomes.Succeeded));

        Assert.Equal(Newer.Digest, now.Asking(rollback: "t1 to 1 by ann").Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_version_that_failed_since_is_gone_back_to_when_a_person_says_so() =>
        Assert.Equal(Old.Digest, Passed.Rejecting(Old).Asking(rollback: "t1 to 1").Next<Advancing>().Attempt.Digest);

    [Fact]
    public void A_rollback_that_passed_is_held_until_somebody_resumes()
    {
        var attempt = Passed.Asking(rollback: "t1 by ann").Next<Advancing>().Attempt;
        var plan = Started(attempt, new Advancing(attempt, 0, Noon + Deadline)).Seeing(New).Running(Old).Plan();

        var held = Assert.IsType<Held>(Assert.IsType<Recording>(plan.State()).Then);
        Assert.Equal(Reasons.ManualRollback, held.Reason);
        Assert.Contains("by ann;", held.Message, StringComparison.Ordinal);
        Assert.Equal(Old.By(release: 3), plan.Status.Current);
    }

    [Fact]
    public void With_nothing_else_in_the_history_a_rollback_is_refused() =>
        Assert.Equal("rollback: no other version has ever succeeded; 'slipway history' lists what there is", Refusal(Settled.Asking(rollback: "t1")));

    [Fact]
    public void A_number_that_does_not_exist_is_refused() =>
        Assert.Equal("rollback: there is no release 9; 'slipway history' lists them", Refusal(Passed.Asking(rollback: "t1 to 9")));

    [Fact]
    public void A_release_that_failed_is_refused() =>
        Assert.Equal(
            "rollback: release 1 ended as RolledBack: only a version that succeeded can be gone back to",
            Refusal(Passed.WithHistory(Old.Release(1, Outcomes.RolledBack), New.Release(2, Outcomes.Succeeded)).Asking(rollback: "t1 to 1")));

    [Fact]
    public void What_runs_already_is_refused() =>
        Assert.Equal("rollback: release 2 is what runs now", Refusal(Passed.Asking(rollback: "t1 to 2")));

    [Fact]
    public void A_refusal_is_told_once()
    {
        var refused = Passed.Asking(rollback: "t1 to 9").Stored();

        Assert.Empty(refused.Plan().Announcements);
    }

    [Theory]
    [InlineData("t1 to nine")]
    [InlineData("t1 to -1")]
    [InlineData("t1 to")]
    public void A_number_that_is_none_is_read_as_no_number(string value) =>
        Assert.Equal(Old.Digest, Passed.Asking(rollback: value).Next<Advancing>().Attempt.Digest);

    [Fact]
    public void A_rollback_while_a_version_rolls_out_aborts_it()
    {
        var plan = HalfWay.Asking(rollback: "t1 by ann").Plan();

        var back = Assert.IsType<Reverting>(plan.State());
        Assert.Equal((Reasons.Aborted, "1.1.0 was ended by ann"), (back.Reason, back.Message));
        Assert.Equal(Reasons.Aborted, Assert.Single(plan.Status.Rejected!).Reason);
        Assert.Equal("t1 by ann", plan.Status.Handled?.Rollback);
    }

    [Fact]
    public void A_rollback_by_nobody_in_particular_is_by_a_person() =>
        Assert.Equal("1.1.0 was ended by a person", HalfWay.Asking(rollback: "t1").Next<Reverting>().Message);

    [Fact]
    public void A_rollback_to_the_version_before_is_done_by_the_abort() =>
        Assert.Equal("t1 to 1", HalfWay.Asking(rollback: "t1 to 1").Plan().Status.Handled?.Rollback);

    [Fact]
    public void A_rollback_further_back_aborts_first_and_goes_on_from_there()
    {
        var now = HalfWay.WithHistory(Newer.Release(0, Outcomes.Succeeded), Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Running)).Asking(rollback: "t1 to 0");
        var aborted = now.Plan();

        Assert.Equal(Reasons.Aborted, Assert.IsType<Reverting>(aborted.State()).Reason);
        Assert.Null(aborted.Status.Handled?.Rollback);
        var held = now.In(new Held(Reasons.ManualRollback, "by hand", Noon)).Running(Old);
        Assert.Equal(Newer.Digest, held.Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_first_version_that_rolls_out_cannot_be_rolled_back()
    {
        var first = HalfWay.In(new Advancing(Second with { Previous = null }, 0, Noon + Deadline, HighWater: 2));

        Assert.Equal("rollback: nothing is known to be good yet: there is no version to go back to", Refusal(first.Asking(rollback: "t1")));
    }

    [Fact]
    public void A_rollback_waits_until_an_outcome_is_recorded()
    {
        var plan = JustStarted.In(new Recording(Second, Failure, new Idle())).Asking(rollback: "t1").Plan();

        Assert.Null(plan.Status.Handled?.Rollback);
        Assert.IsType<Recording>(plan.State());
    }

    [Fact]
    public void A_rollback_waits_until_a_correction_is_done() =>
        Assert.Null(Passed.Running(Old, author: ImageWriter.Declarative).In(new Correcting("a tool", Noon + Deadline, new Idle())).Asking(rollback: "t1").Plan().Status.Handled?.Rollback);

    [Fact]
    public void A_rollback_waits_while_suspended_and_comes_after()
    {
        var now = Passed.Suspended().Asking(rollback: "t1");

        now.Stays();
        Assert.Null(now.Plan().Status.Handled?.Rollback);
        (now with { Terms = Passed.Terms }).Next<Advancing>();
    }

    [Theory]
    [InlineData(Reasons.NothingToRollBackTo)]
    [InlineData(Reasons.RollbackDisabled)]
    public void After_a_failure_that_was_left_the_last_good_version_is_the_one_to_go_back_to(string reason)
    {
        var failed = Passed.Running(Newer).Seeing(Newer).Rejecting(Newer).In(new Held(reason, "left as it is", Noon, Newer.Digest));

        Assert.Equal(New.Digest, failed.Asking(rollback: "t1").Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_slip_in_the_number_does_not_cost_the_rollout_that_is_under_way()
    {
        Assert.Equal("rollback: there is no release 9; 'slipway history' lists them", Refusal(HalfWay.Asking(rollback: "t1 to 9")));
        Assert.Equal("rollback: release 2 ended as Running: only a version that succeeded can be gone back to", Refusal(HalfWay.Asking(rollback: "t1 to 2")));
    }

    [Fact]
    public void A_rollback_that_is_asked_for_twice_does_not_lead_back_to_what_is_fled_from()
    {
        var rollback = HalfWay.In(new Advancing(Second with { Cause = Causes.Rollback }, 0, Noon + Deadline, HighWater: 2));

        Assert.Equal("rollback: the rollback to 1.1.0 is under way already; 'slipway rollback shop --to NUMBER' goes elsewhere", Refusal(rollback.Asking(rollback: "t2")));
    }

    [Fact]
    public void A_rollback_by_number_ends_another_one()
    {
        var rollback = HalfWay.In(new Advancing(Second with { Cause = Causes.Rollback }, 0, Noon + Deadline, HighWater: 2));

        Assert.Equal(Reasons.Aborted, rollback.Asking(rollback: "t2 to 1").Next<Reverting>().Reason);
    }

    [Fact]
    public void A_rollback_while_the_version_before_comes_back_is_that_very_one_and_holds()
    {
        var plan = GoingBack.Asking(rollback: "t1 by ann").Plan();

        var back = Assert.IsType<Reverting>(plan.State());
        Assert.Equal((Reasons.Aborted, "CrashLoopBackOff: pod shop-1: exit 1; ann asked to go back too"), (back.Reason, back.Message));
        Assert.Equal("t1 by ann", plan.Status.Handled?.Rollback);
        Assert.Equal("CrashLoopBackOff", Assert.Single(plan.Status.Rejected!).Reason);
        Assert.Equal(Reasons.ManualRollback, Assert.IsType<Held>(GoingBack.In(back).Running(Old).Next<Recording>().Then).Reason);
    }

    [Fact]
    public void A_rollback_while_a_withdrawn_version_goes_rejects_that_version()
    {
        var withdrawn = GoingBack.In((Reverting)GoingBack.State with { Reason = Reasons.Withdrawn });
        withdrawn = withdrawn with { Status = withdrawn.Status with { Rejected = null } };

        Assert.Equal((New.Digest, Reasons.Aborted), withdrawn.Asking(rollback: "t1").Plan().Status.Rejected!.Select(rejection => (rejection.Digest, rejection.Reason)).Single());
    }

    [Fact]
    public void A_rollback_further_back_waits_until_the_version_before_is_back()
    {
        var plan = GoingBack.WithHistory(Newer.Release(0, Outcomes.Succeeded), Old.Release(1, Outcomes.Succeeded)).Asking(rollback: "t1 to 0").Plan();

        Assert.Null(plan.Status.Handled?.Rollback);
        Assert.Equal("CrashLoopBackOff", Assert.IsType<Reverting>(plan.State()).Reason);
    }

    [Fact]
    public void Another_release_of_the_version_before_is_the_version_before()
    {
        var now = HalfWay.WithHistory(Old.Release(0, Outcomes.Succeeded), Old.Release(1, Outcomes.Succeeded)).Asking(rollback: "t1 to 0");

        Assert.Equal("t1 to 0", now.Plan().Status.Handled?.Rollback);
    }

    [Fact]
    public void A_second_rollback_goes_further_back_and_not_forth_again()
    {
        var now = (Settled with { Status = Settled.Status with { Current = New.By(4), LastRelease = 4 } }).Running(New).Rejecting(Newer, Newer with { Digest = "sha256:121" })
            .In(new Held(Reasons.ManualRollback, "by hand", Noon))
            .WithHistory(Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Succeeded), Newer.Release(3, Outcomes.Succeeded), New.Release(4, Outcomes.Succeeded));

        Assert.Equal(Old.Digest, now.Asking(rollback: "t2").Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void With_only_bad_versions_to_go_back_to_a_rollback_is_refused() =>
        Assert.Contains("no other version has ever succeeded", Refusal(Passed.Rejecting(Old).Asking(rollback: "t1")), StringComparison.Ordinal);

    [Fact]
    public void A_rollback_of_targets_with_a_problem_is_refused_with_the_problem() =>
        Assert.Equal("rollback: spec.targets[0]: gone", Refusal(Passed.Asking(rollback: "t1") with { Targets = [], TargetProblem = new("TargetNotFound", "spec.targets[0]: gone") }));

    [Fact]
    public void What_is_left_is_rejected_when_the_way_back_is_done_and_not_before()
    {
        var attempt = Passed.Asking(rollback: "t1 by ann").Next<Advancing>().Attempt;
        Assert.Empty(Passed.Asking(rollback: "t1 by ann").Plan().Status.Rejected ?? []);

        var done = GoneBack(attempt).Running(Old).Plan();

        Assert.Equal(new Rejection(New.Tag, New.Digest, 2, Reasons.ManualRollback, "1.1.0 was rolled back to 1.0.0 by ann", "v1:a"), Assert.Single(done.Status.Rejected!));
    }

    [Fact]
    public void A_way_back_that_fails_leaves_the_version_before_unrejected()
    {
        var attempt = Passed.Asking(rollback: "t1 by ann").Next<Advancing>().Attempt;

        var failed = GoneBack(attempt).Running(Old, new Health.Failing("CrashLoopBackOff", "exit 1")).Plan();

        Assert.Equal(New.By(2), Assert.IsType<Reverting>(failed.State()).Attempt.Previous);
        Assert.Equal([Old.Digest], failed.Status.Rejected!.Select(rejection => rejection.Digest));
    }

    [Fact]
    public void A_version_that_is_current_again_is_rejected_no_longer()
    {
        var attempt = Passed.Rejecting(Old, Newer).Asking(rollback: "t1 to 1").Next<Advancing>().Attempt;

        var done = GoneBack(attempt).Rejecting(Old, Newer).Running(Old).Plan();

        Assert.Equal([Newer.Digest, New.Digest], done.Status.Rejected!.Select(rejection => rejection.Digest));
    }

    [Fact]
    public void The_current_version_is_not_rejected_when_a_way_back_to_it_fails()
    {
        var failed = Passed.Running(Newer).Seeing(Newer).Rejecting(Newer).In(new Held(Reasons.RollbackDisabled, "left as it is", Noon, Newer.Digest));
        var attempt = failed.Asking(rollback: "t1").Next<Advancing>().Attempt;
        Assert.Null(attempt.Previous);

        var plan = failed.In(new Advancing(attempt, 0, Noon + Deadline)).Running(New, new Health.Failing("CrashLoopBackOff", "exit 1")).Plan();

        Assert.Equal(Reasons.NothingToRollBackTo, Assert.IsType<Held>(Assert.IsType<Recording>(plan.State()).Then).Reason);
        Assert.Equal([Newer.Digest], plan.Status.Rejected!.Select(rejection => rejection.Digest));
    }

    private static DeliverySnapshot GoneBack(Attempt attempt) =>
        Passed with { Status = Passed.Status with { Rollout = new Advancing(attempt, 0, Noon + Deadline), LastRelease = attempt.Number } };
}
