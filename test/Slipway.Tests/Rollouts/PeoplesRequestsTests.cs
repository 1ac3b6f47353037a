using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class PeoplesRequestsTests
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
    public void A_check_is_ticked_off_and_moves_nothing()
    {
        var plan = Settled.Asking(check: "t1").Plan();

        Assert.Equal((new Idle(), "t1"), (plan.State(), plan.Status.Handled?.Check));
    }

    [Fact]
    public void A_request_that_was_handled_is_not_handled_again()
    {
        var handled = Passed.Asking(rollback: "t1", retry: "t1", resume: "t1", check: "t1") with
        {
            Status = Passed.Status with { Handled = new("t1", "t1", "t1", "t1") },
        };

        Assert.IsType<Idle>(handled.Plan().State());
        Assert.Equal(handled.Status.Handled, handled.Plan().Status.Handled);
    }

    [Fact]
    public void An_empty_annotation_asks_for_nothing() => Passed.Asking(rollback: "", retry: "", resume: "", check: "").Stays();

    [Fact]
    public void Several_requests_are_handled_one_after_the_other_and_none_is_lost()
    {
        var now = Passed.Asking(rollback: "t1", retry: "t2", resume: "t3", check: "t4");
        for (var pass = 0; pass < 4; pass++)
        {
            now = now.Stored();
        }

        Assert.Equal(new HandledRequests("t4", "t2", "t1", "t3"), now.Status.Handled);
        Assert.IsType<Advancing>(now.State);
    }

    [Fact]
    public void A_request_is_handled_in_the_same_write_that_does_it()
    {
        var plan = Passed.Asking(rollback: "t1 by ann").Plan();

        Assert.IsType<Advancing>(plan.State());
        Assert.Equal("t1 by ann", plan.Status.Handled?.Rollback);
    }

    [Fact]
    public void A_retry_clears_the_candidate_by_default_and_starts_it()
    {
        var cleared = Settled.Seeing(New).Rejecting(New).Asking(retry: "t1").Stored();

        Assert.Empty(cleared.Status.Rejected!);
        Assert.Equal(New.Digest, cleared.Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_retry_clears_only_the_digest_that_it_names()
    {
        var plan = Settled.Seeing(Newer).Rejecting(New, Newer).Asking(retry: $"t1 digest {New.Digest} by ann").Plan();

        Assert.Equal([Newer.Digest], plan.Status.Rejected!.Select(rejection => rejection.Digest));
    }

    [Fact]
    public void A_retry_of_what_was_never_rejected_changes_nothing() =>
        Assert.Equal(Settled.Rejecting(New).Status.Rejected, Settled.Rejecting(New).Asking(retry: $"t1 digest {Newer.Digest}").Plan().Status.Rejected);

    [Theory]
    [InlineData(Reasons.NothingToRollBackTo)]
    [InlineData(Reasons.RollbackDisabled)]
    public void A_retry_leaves_the_hold_that_the_failure_led_to(string reason) =>
        Assert.Equal(new Idle(), Settled.Seeing(New).Rejecting(New).In(new Held(reason, "held", Noon, New.Digest)).Asking(retry: "t1").Plan().State());

    [Theory]
    [InlineData(Reasons.ManualRollback)]
    [InlineData(Reasons.Drifted)]
    [InlineData(Reasons.Contested)]
    public void A_retry_leaves_no_other_hold(string reason) =>
        Settled.Seeing(New).Rejecting(New).In(new Held(reason, "held", Noon, New.Digest)).Asking(retry: "t1").Stays();

    [Fact]
    public void A_resume_without_a_hold_is_ticked_off() =>
        Assert.Equal("t1", Settled.Asking(resume: "t1").Plan().Status.Handled?.Resume);

    [Fact]
    public void A_resume_waits_for_a_hold_that_is_about_to_be()
    {
        var recording = JustStarted.In(new Recording(Second, Failure, new Held(Reasons.Drifted, "held", Noon))).Asking(resume: "t1");

        Assert.Null(recording.Plan().Status.Handled?.Resume);
        Assert.Null(GoingBack.Asking(resume: "t1").Plan().Status.Handled?.Resume);
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
        var attempt = Passed.Asking(rollback: "t1").Next<Advancing>().Attempt;
        var plan = Started(attempt, new Advancing(attempt, 0, Noon + Deadline)).Seeing(New).Running(Old).Plan();

        var held = Assert.IsType<Held>(Assert.IsType<Recording>(plan.State()).Then);
        Assert.Equal(Reasons.ManualRollback, held.Reason);
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

    [Fact]
    public void Retry_resume_and_check_are_heard_while_suspended()
    {
        var now = Settled.In(new Held(Reasons.Drifted, "held", Noon)).Suspended().Asking(retry: "t1", resume: "t2", check: "t3").Stored().Stored().Stored();

        Assert.Equal(new HandledRequests("t3", "t1", null, "t2"), now.Status.Handled);
        Assert.Equal(new Idle(), now.State);
        Assert.Empty(now.Plan().World.Images);
    }

    [Theory]
    [InlineData(Reasons.NothingToRollBackTo)]
    [InlineData(Reasons.RollbackDisabled)]
    public void After_a_failure_that_was_left_the_last_good_version_is_the_one_to_go_back_to(string reason)
    {
        var failed = Passed.Running(Newer).Seeing(Newer).Rejecting(Newer).In(new Held(reason, "left as it is", Noon, Newer.Digest));

        Assert.Equal(New.Digest, failed.Asking(rollback: "t1").Next<Advancing>().Attempt.Digest);
    }
}
