using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts;
using Slipway.Tests.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Gates.Freezing;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Gates;

/// <summary>Freezes and windows: what closes the start of a rollout and the raising of its exposure alike (I18).</summary>
public sealed class ClosingGatesTests
{
    private static readonly DeliverySnapshot Pushed = Settled.Seeing(New);

    private static readonly DeliverySnapshot FrozenNow = Pushed with { Freezes = [Read(new FreezeSpec { Reason = "sale of the year", Until = "2026-01-02T08:00:00Z" }, by: "alice")] };

    private static readonly DeliverySnapshot AtNight = Pushed with { Terms = Pushed.Terms with { Windows = WindowsOf(new ReleaseWindow("0 20 * * *", "4h", "Europe/Paris")) } };

    private static HeldStatus? Held(DeliverySnapshot now) => StartGates.FirstClosed(now, now.Status.Candidate!);

    [Fact]
    public void A_freeze_says_who_why_until_when_and_how_it_is_ended() => Assert.Equal(
        new HeldStatus(
            Reasons.Frozen,
            "1.1.0 waits: Freeze sale (alice): sale of the year; it ends at 2026-01-02 08:00:00Z; 'slipway unfreeze sale' ends it now",
            new DateTimeOffset(2026, 1, 2, 8, 0, 0, TimeSpan.Zero)),
        Held(FrozenNow));

    [Fact]
    public void A_freeze_without_an_end_and_by_nobody_says_neither() => Assert.Equal(
        new HeldStatus(Reasons.Frozen, "1.1.0 waits: Freeze sale: no reason is given; 'slipway unfreeze sale' ends it now"),
        Held(Pushed with { Freezes = [Read(new FreezeSpec())] }));

    [Fact]
    public void A_freeze_that_cannot_be_read_says_what_is_wrong_with_it() => Assert.Contains(
        "Freeze sale: which cannot be read, and so freezes until it is corrected: spec.until: 'soon' is no instant",
        Held(Pushed with { Freezes = [Read(new FreezeSpec { Until = "soon" })] })?.Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_freeze_that_is_over_or_still_to_come_holds_nothing() =>
        Assert.Null(Held(Pushed with { Freezes = [Read(new FreezeSpec { Until = "2026-01-01T12:00:00Z" }), Read(new FreezeSpec { From = "2026-01-01T12:00:01Z" })] }));

    [Fact]
    public void Outside_its_windows_a_version_waits_for_the_next() => Assert.Equal(
        new HeldStatus(
            Reasons.OutsideWindow,
            "1.1.0 waits: its window has not begun (spec.windows[0]: '0 20 * * *' for 4h, Europe/Paris); it may go on at 2026-01-01 19:00:00Z",
            Noon.AddHours(7)),
        Held(AtNight));

    [Fact]
    public void Within_its_window_it_starts() => Assert.Null(Held(AtNight.After(TimeSpan.FromHours(8))));

    [Fact]
    public void A_window_that_denies_says_so()
    {
        var now = Pushed with { Terms = Pushed.Terms with { Windows = WindowsOf(new ReleaseWindow("0 12 * * *", "30m", Kind: "Deny")) } };

        Assert.Equal(
            new HeldStatus(
                Reasons.OutsideWindow,
                "1.1.0 waits: a window that denies is in effect (spec.windows[0]: '0 12 * * *' for 30m, UTC); it may go on at 2026-01-01 12:30:00Z",
                Noon.AddMinutes(30)),
            Held(now));
    }

    [Fact]
    public void The_planner_comes_again_when_the_window_opens() => Assert.Equal(Noon.AddHours(7), AtNight.Plan().Wake);

    [Fact]
    public void A_freeze_is_told_before_a_window() => Assert.Equal(Reasons.Frozen, Held(AtNight with { Freezes = FrozenNow.Freezes })?.Reason);

    [Fact]
    public void Nothing_is_raised_while_it_is_frozen()
    {
        Assert.Null(RaiseGates.FirstClosed(HalfWay, Second));
        Assert.Equal(
            "1.1.0 gets no more: Freeze sale (alice): sale of the year; it ends at 2026-01-02 08:00:00Z; 'slipway unfreeze sale' ends it now",
            RaiseGates.FirstClosed(HalfWay with { Freezes = FrozenNow.Freezes }, Second)?.Message);
    }

    [Fact]
    public void Nothing_is_raised_outside_its_windows()
    {
        var closed = RaiseGates.FirstClosed(HalfWay with { Terms = AtNight.Terms }, Second);

        Assert.Equal((Reasons.OutsideWindow, Noon.AddHours(7)), (closed?.Reason, closed?.Until));
    }

    [Fact]
    public void Nothing_is_raised_while_it_is_suspended() => Assert.Equal(Reasons.Suspended, RaiseGates.FirstClosed(HalfWay.Suspended(), Second)?.Reason);

    [Fact]
    public void A_rollback_by_hand_is_held_up_by_none_of_them() =>
        Assert.Null(RaiseGates.FirstClosed(HalfWay with { Freezes = FrozenNow.Freezes, Terms = AtNight.Terms }, Second with { Cause = Slipway.History.Causes.Rollback }));

    [Fact]
    public void A_rollback_by_hand_starts_in_a_freeze()
    {
        var now = FrozenNow with { History = [Newer.Release(1, "Succeeded"), Old.Release(2, "Succeeded")], Status = FrozenNow.Status with { Current = Old.By(2), LastRelease = 2 } };

        Assert.Equal(Newer.Digest, now.Asking(rollback: "2026-01-01T12:00:00Z to 1").Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_version_that_fails_in_a_freeze_goes_back() =>
        (HalfWay with { Freezes = FrozenNow.Freezes }).Running(New, new Slipway.Workloads.Health.Failing("CrashLoopBackOff", "exit 1")).Next<Reverting>();
}
