using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts;
using Slipway.Tests.Rollouts;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Gates;

public sealed class OtherGatesTests
{
    private static readonly DeliverySnapshot Pushed = Settled.Seeing(New);

    private static DeliverySnapshot After(OtherDelivery other, int minutes = 30) => Pushed with
    {
        Terms = Pushed.Terms with { After = [new AfterTerms("staging", "shop", TimeSpan.FromMinutes(minutes))] },
        Others = [other],
    };

    private static HeldStatus? Held(DeliverySnapshot now) => StartGates.FirstClosed(now, now.Status.Candidate!);

    [Fact]
    public void What_ran_well_there_for_long_enough_starts() => Assert.Null(Held(After(new("staging/shop", New.Digest, Noon.AddMinutes(-30)))));

    [Fact]
    public void What_has_not_run_well_there_for_long_enough_waits_until_it_has() => Assert.Equal(
        new HeldStatus(
            Reasons.AwaitingDelivery,
            "1.1.0 waits for staging/shop (spec.after): it runs well there since 2026-01-01 11:50:00Z, and must for 30m",
            Noon.AddMinutes(20)),
        Held(After(new("staging/shop", New.Digest, Noon.AddMinutes(-10)))));

    [Fact]
    public void The_planner_comes_again_when_it_has() => Assert.Equal(Noon.AddMinutes(20), After(new("staging/shop", New.Digest, Noon.AddMinutes(-10))).Plan().Wake);

    [Fact]
    public void Another_digest_there_proves_nothing() =>
        Assert.Equal("1.1.0 waits for staging/shop (spec.after): another image runs there", Held(After(new("staging/shop", Newer.Digest, Noon.AddDays(-1))))?.Message);

    [Fact]
    public void What_is_not_well_there_waits_and_says_why() =>
        Assert.Equal("1.1.0 waits for staging/shop (spec.after): CrashLoopBackOff there", Held(After(new("staging/shop", New.Digest, null, "CrashLoopBackOff there")))?.Message);

    [Fact]
    public void A_delivery_that_is_not_there_is_said_so() =>
        Assert.Equal("1.1.0 waits for staging/shop (spec.after): there is no such Delivery", Held(After(new("staging/shop", null, null, "there is no such Delivery")))?.Message);

    [Fact]
    public void A_persons_yes_does_not_stand_in_for_it()
    {
        var now = After(new("staging/shop", null, null));
        var approved = now with
        {
            Terms = now.Terms with { Approval = new(null) },
            Status = now.Status with { Approvals = [new Approval(New.Digest, "alice", "cli", Noon)] },
        };

        Assert.Equal(Reasons.AwaitingDelivery, Held(approved)?.Reason);
    }

    [Fact]
    public void A_circle_is_told_and_never_waited_for() => Assert.Equal(
        new HeldStatus(Reasons.CircularAfter, "1.1.0 can never start: prod/shop waits for staging/shop, which waits for prod/shop; take one of them out of spec.after"),
        Held(After(new OtherDelivery("staging/shop", New.Digest, Noon.AddDays(-1)) { Circle = "prod/shop waits for staging/shop, which waits for prod/shop" })));

    [Fact]
    public void All_of_them_must_be_well()
    {
        var now = Pushed with
        {
            Terms = Pushed.Terms with { After = [new(null, "a", TimeSpan.Zero), new(null, "b", TimeSpan.Zero)] },
            Others = [new("prod/a", New.Digest, Noon), new("prod/b", Old.Digest, Noon)],
        };

        Assert.Equal("1.1.0 waits for prod/b (spec.after): another image runs there", Held(now)?.Message);
    }

    [Fact]
    public void Where_as_many_run_as_may_it_says_which() => Assert.Equal(
        new HeldStatus(Reasons.TooManyRollouts, "1.1.0 waits: 1 of 1 rollouts is under way (prod/cart)"),
        Held(Pushed with { Room = new RolloutRoom("1 of 1 rollouts is under way (prod/cart)") }));

    [Fact]
    public void Where_there_is_room_it_starts() => Assert.Null(Held(Pushed with { Room = new RolloutRoom(null) }));
}
