using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
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
        Assert.Null(HalfWay.In(new Advancing(Second with { Cause = Causes.Rollback }, 0, Noon + Deadline, HighWater: 2)).Asking(resume: "t1").Plan().Status.Handled?.Resume);
    }

    [Fact]
    public void Retry_resume_and_check_are_heard_while_suspended()
    {
        var now = Settled.In(new Held(Reasons.Drifted, "held", Noon)).Suspended().Asking(retry: "t1", resume: "t2", check: "t3").Stored().Stored().Stored();

        Assert.Equal(new HandledRequests("t3", "t1", null, "t2"), now.Status.Handled);
        Assert.Equal(new Idle(), now.State);
        Assert.Empty(now.Plan().World.Images);
    }
}
