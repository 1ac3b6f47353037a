using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class SupersedingTests
{
    private static readonly RolloutTerms Moving = Settled.Terms with { FollowsMovingTag = true, CompareTags = (_, _) => null };

    [Fact]
    public void A_newer_candidate_ends_the_attempt_as_superseded()
    {
        var plan = HalfWay.Seeing(Newer).Plan();

        var recording = Assert.IsType<Recording>(plan.State());
        Assert.Equal((Outcomes.Superseded, "1.2.0 came before 1.1.0 had passed"), (recording.Result.Outcome, recording.Result.Message));
        Assert.IsType<Idle>(recording.Then);
    }

    [Fact]
    public void The_version_that_is_cut_short_is_neither_current_nor_rejected()
    {
        var plan = HalfWay.Seeing(Newer).Plan();

        Assert.Equal(Old.By(1), plan.Status.Current);
        Assert.Empty(plan.Status.Rejected ?? []);
    }

    [Fact]
    public void The_newer_one_starts_from_the_last_that_passed()
    {
        var ended = HalfWay.Seeing(Newer).Stored().WithHistory(Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Superseded)).Stored();

        var started = ended.Next<Advancing>();

        Assert.Equal((3, Newer.Digest, Old.By(1)), (started.Attempt.Number, started.Attempt.Digest, started.Attempt.Previous));
    }

    [Fact]
    public void A_failing_version_that_is_superseded_is_not_rolled_back_first() =>
        Assert.Equal(Outcomes.Superseded, HalfWay.Running(New, new Health.Failing("CrashLoopBackOff", "exit 1")).Seeing(Newer).Next<Recording>().Result.Outcome);

    [Fact]
    public void A_newer_candidate_that_a_gate_holds_back_supersedes_nothing()
    {
        var now = HalfWay.Seeing(Newer) with { PlatformProblem = "no arm64" };

        now.Stays();
        Assert.Equal(Reasons.PlatformMismatch, now.Plan().Status.Held?.Reason);
    }

    [Fact]
    public void An_older_candidate_supersedes_nothing() => HalfWay.Seeing(Old with { Tag = "1.0.5", Digest = "sha256:105" }).Stays();

    [Fact]
    public void The_current_version_supersedes_nothing_where_versions_are_ordered() => HalfWay.Seeing(Old).Stays();

    [Fact]
    public void A_moving_tag_that_went_back_withdraws_the_attempt()
    {
        var plan = (HalfWay.Seeing(Old) with { Terms = Moving }).Plan();

        var back = Assert.IsType<Reverting>(plan.State());
        Assert.Equal((Reasons.Withdrawn, "1.0.0 is followed again"), (back.Reason, back.Message));
        Assert.Empty(plan.Status.Rejected ?? []);
    }

    [Fact]
    public void A_withdrawal_goes_back_even_where_failures_do_not()
    {
        var now = HalfWay.Seeing(Old) with { Terms = Moving with { RollsBack = false } };

        now.Next<Reverting>();
    }

    [Fact]
    public void A_moving_tag_that_moved_on_supersedes() =>
        Assert.Equal(Outcomes.Superseded, (HalfWay.Seeing(Newer) with { Terms = Moving }).Next<Recording>().Result.Outcome);

    [Fact]
    public void A_moving_tag_that_goes_back_is_rolled_out_like_any_other()
    {
        var now = (Settled with { Status = Settled.Status with { Current = New.By(2), LastRelease = 2 }, Terms = Moving }).Running(New).Seeing(Old);

        Assert.Equal((Old.Digest, New.By(2)), (now.Next<Advancing>().Attempt.Digest, now.Next<Advancing>().Attempt.Previous));
    }

    [Fact]
    public void A_rollback_by_hand_is_not_overtaken_by_the_source()
    {
        var rollback = Second with { Cause = Causes.Rollback };
        var now = HalfWay.In(new Advancing(rollback, 0, Noon + Deadline, HighWater: 2));

        now.Seeing(Newer).Stays();
        (now.Seeing(Old) with { Terms = Moving }).Stays();
    }
}
