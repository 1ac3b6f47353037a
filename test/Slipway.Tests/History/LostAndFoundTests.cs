using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Tests.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.History;

/// <summary>The status is deleted by hand, or comes back empty from a backup; the Releases are still there.</summary>
public sealed class LostAndFoundTests
{
    private static readonly Health Crashing = new Health.Failing("CrashLoopBackOff", "exit 1");

    private static DeliverySnapshot Lost(DeliverySnapshot now) => (now with { Status = new DeliveryStatus() }).Seeing(New);

    [Fact]
    public void An_attempt_that_was_under_way_is_given_an_end()
    {
        var plan = Lost(HalfWay).Plan();

        var recording = Assert.IsType<Recording>(plan.State());
        Assert.Equal((Second.Release, 2L, New.Digest), (recording.Attempt.Release, recording.Attempt.Number, recording.Attempt.Digest));
        Assert.Equal((Outcomes.Superseded, Reasons.StatusLost), (recording.Result.Outcome, recording.Result.Reason));
        Assert.Equal(2, plan.Status.LastRelease);
    }

    [Fact]
    public void A_release_without_a_status_is_given_an_end_too() => Lost(HalfWay).WithHistory(New.Release(2, "")).Next<Recording>();

    [Fact]
    public void Several_are_ended_one_after_the_other()
    {
        var now = Lost(HalfWay).WithHistory(Old.Release(1, Outcomes.Succeeded), Newer.Release(3, Outcomes.Running), New.Release(2, Outcomes.Running));

        Assert.Equal(2, now.Next<Recording>().Attempt.Number);
        Assert.Equal(3, now.Stored().WithHistory(New.Release(2, Outcomes.Superseded), Newer.Release(3, Outcomes.Running)).Stored().Next<Recording>().Attempt.Number);
    }

    [Fact]
    public void A_release_that_the_status_knows_of_is_no_orphan_however_old_the_list() =>
        Assert.IsType<Idle>(Settled.WithHistory(Old.Release(1, Outcomes.Running)).Plan().State());

    [Fact]
    public void The_last_version_that_passed_is_what_to_go_back_to()
    {
        var now = Lost(Settled).WithHistory(New.Release(1, Outcomes.Succeeded), Old.Release(2, Outcomes.Succeeded), Newer.Release(3, Outcomes.RolledBack)).Running(New, Crashing).Stored();

        Assert.Equal(Old.By(release: 2), now.Status.Current);
        Assert.Equal(Old.By(release: 2), now.Next<Advancing>().Attempt.Previous);
    }

    [Fact]
    public void What_runs_and_is_healthy_goes_before_what_once_passed() =>
        Assert.Equal(New.Digest, Lost(Settled).Running(New).Plan().Status.Current?.Digest);

    [Fact]
    public void A_version_that_never_passed_is_no_baseline() =>
        Assert.Null(Lost(Settled).WithHistory(Old.Release(1, Outcomes.RolledBack)).Running(New, Crashing).Next<Advancing>().Attempt.Previous);

    [Fact]
    public void It_goes_before_what_people_ask_for()
    {
        var plan = Lost(HalfWay).Asking(rollback: "t1").Plan();

        Assert.IsType<Recording>(plan.State());
        Assert.Null(plan.Status.Handled);
    }

    [Fact]
    public void The_history_is_put_right_while_suspended_too() => Lost(HalfWay).Suspended().Next<Recording>();
}
