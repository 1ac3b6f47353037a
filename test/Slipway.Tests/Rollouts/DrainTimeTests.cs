using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>When what drains is looked at again, what is told of it, and whose terms it goes by.</summary>
public sealed class DrainTimeTests
{
    private static readonly RolloutPlan Half = ByRoute with { Steps = [new PlanStep(50) { Hold = TimeSpan.FromHours(1) }] };

    private static Draining At(DeliverySnapshot now) => Assert.IsType<Draining>(now.State);

    private static DeliverySnapshot Aborted(RolloutPlan plan)
    {
        var now = Holding(plan);
        return (now with { Requests = new Requests { Abort = "1 by ann" } }).Moved();
    }

    /// <summary>The router has taken everything back, and requests under way have their time.</summary>
    private static DeliverySnapshot Closed(RolloutPlan plan) => Aborted(plan).Routing(0).Moved();

    [Fact]
    public void Requests_under_way_have_their_time_and_then_it_is_looked_at_again()
    {
        var now = Aborted(Half).Routing(0);

        Assert.Equal(now.Now.AddSeconds(10), now.Plan().Wake);
        Assert.Equal(now.Now.AddSeconds(10), now.Moved().After(TimeSpan.FromSeconds(3)).Plan().Wake);
    }

    [Fact]
    public void A_clock_that_goes_back_leaves_them_no_more_time_than_they_have()
    {
        var now = Closed(Half).After(TimeSpan.FromHours(-1));

        Assert.Equal(now.Now.AddSeconds(10), now.Plan().Wake);
        Assert.True(Assert.IsType<Draining>(now.Moved().After(TimeSpan.FromSeconds(10)).Plan().State()).Removing);
    }

    [Fact]
    public void What_drains_goes_by_the_plan_that_it_began_with_whatever_the_spec_says_now()
    {
        var now = Aborted(Half).Routing(0);
        now = now with { Terms = now.Terms with { Plan = Half with { Traffic = Half.Traffic with { Drain = TimeSpan.FromHours(2) } } } };

        Assert.Equal(now.Now.AddSeconds(10), now.Plan().Wake);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Beyond_its_deadline_it_is_looked_at_when_something_moves_and_not_all_the_time(int minutes)
    {
        var late = Aborted(Half).Routing(50).After(Shop.Deadline + TimeSpan.FromMinutes(minutes));

        Assert.Null(late.Plan().Wake);
        Assert.Equal(Reasons.DrainBlocked, late.Held()!.Reason);
    }

    [Fact]
    public void Until_its_deadline_it_is_not_said_to_take_too_long()
    {
        var now = Aborted(Half).Routing(50).After(Shop.Deadline - TimeSpan.FromTicks(1));

        Assert.NotEqual(Reasons.DrainBlocked, now.Held()?.Reason);
        Assert.Equal(At(now).Deadline, now.Plan().Wake);
    }

    [Fact]
    public void The_time_that_requests_under_way_have_is_no_delay_however_long_it_is()
    {
        var now = Closed(Half with { Traffic = Half.Traffic with { Drain = TimeSpan.FromHours(1) } }).After(TimeSpan.FromMinutes(30));

        now.Stays();
        Assert.NotEqual(Reasons.DrainBlocked, now.Held()?.Reason);
    }

    [Fact]
    public void Pods_that_do_not_go_are_told_after_the_deadline()
    {
        var now = Closed(Half).After(TimeSpan.FromSeconds(10)).Moved();
        Assert.True(At(now).Removing);
        Assert.Equal(At(now).Deadline, now.Plan().Wake);

        var late = now.After(Shop.Deadline);

        Assert.Equal($"what ran beside shop is not gone since {At(now).Deadline:u}", late.Held()!.Message);
        Assert.Null(late.Plan().Wake);
    }

    [Fact]
    public void Who_deletes_gives_the_router_the_time_until_the_deadline()
    {
        var now = (Holding(ByRoute) with { Leaving = true }).Routing(10, inEffect: false).Moved();
        now = (now with { Now = At(now).Deadline.AddTicks(-1) }).Moved();
        Assert.False(At(now).Removing);

        var gone = now.After(TimeSpan.FromTicks(1)).Next<Draining>();

        Assert.Equal((true, false, false), (gone.Removing, gone.Gently, gone.Side.IsExposed));
    }

    [Fact]
    public void What_the_stable_side_cannot_bear_yet_is_not_written_again_and_is_looked_at_by_the_deadline()
    {
        var now = Holding(Half).Scaled(10, available: 2).Seeing(Shop.Newer);
        now = now with { Status = now.Plan().Status };

        Assert.NotNull(At(now).Side.InEffectSince);
        now.Stays();
        Assert.Equal(At(now).Deadline, now.Plan().Wake);
        Assert.Equal(At(now).Deadline, now.Scaled(10, available: 7).Plan().Wake);
    }

    [Fact]
    public void While_the_workload_cannot_be_found_nothing_takes_its_requests_over()
    {
        var now = Holding(Half).Seeing(Shop.Newer);
        now = (now with { Status = now.Plan().Status }).Gone();

        now.Stays();
        Assert.Equal(0, Assert.IsType<Draining>(now.After(Shop.Deadline).Moved().State).Side.Weight);
    }

    [Fact]
    public void What_comes_after_a_long_drain_has_all_its_time_before_it()
    {
        var now = Holding(Half).With(Side(5, 0, health: new Health.Failing("CrashLoopBackOff", "exit 1"))).Moved();
        now = now.After(TimeSpan.FromMinutes(25)).Routing(0).Moved().After(TimeSpan.FromSeconds(10)).Moved().With(null) with { Traffic = null };

        Assert.Equal(now.Now + Shop.Deadline, now.Next<Reverting>().Deadline);
    }

    [Fact]
    public void Each_stage_of_it_is_told()
    {
        var gently = Holding(Half).Scaled(10, available: 6).Seeing(Shop.Newer).Moved();

        Assert.Equal("release 2: requests are taken from the new version as fast as shop can bear, 40 % are left", gently.Told());
        Assert.Equal("release 2: requests are taken from the new version", Aborted(Half).Told());
        Assert.Equal("release 2: nothing more goes to the new version since 2026-01-01 12:00:05Z; requests under way may end", Closed(Half).Told());
        Assert.Equal("release 2: what ran beside shop is being removed", Closed(Half).After(TimeSpan.FromSeconds(10)).Moved().Told());
    }

    [Fact]
    public void What_no_state_knows_of_is_told_by_the_name_and_size_that_it_is_seen_with()
    {
        var seen = Side(2, 2, serving: 2) with { Stable = "cart" };

        Assert.Equal(new Side("cart", 2, 0), (Ready(ByRoute) with { Side = seen }).Drains().Side);
    }

    [Fact]
    public void Of_a_route_that_was_left_touched_the_workload_is_the_first_target_and_without_one_the_Delivery()
    {
        var web = Ready(ByRoute).Routing(50);
        web = web with { Targets = [web.Targets[0] with { Key = Shop.Key("web") }] };

        Assert.Equal(new Side("web", 0, 0), web.Drains().Side);
        Assert.Equal(new Side("shop", 0, 0), web.Gone().Drains().Side);
    }

    [Fact]
    public void What_goes_back_to_a_whole_stable_side_is_cut_at_once()
    {
        var now = Holding(Half);
        var back = now.In(new Reverting(now.Attempted(), "CrashLoopBackOff", "exit 1", now.Now + Shop.Deadline) { Side = now.Stepping().Side });

        var drain = back.Scaled(10, available: 4).Drains();

        Assert.Equal((0, false), (drain.Side.Weight, drain.Gently));
    }

    [Fact]
    public void A_status_that_was_edited_to_go_back_to_nothing_leaves_no_side_and_no_share()
    {
        var now = Holding(Half);
        var edited = now.In(new Reverting(now.Attempted() with { Previous = null }, "CrashLoopBackOff", "exit 1", now.Now + Shop.Deadline) { Side = now.Stepping().Side });

        Assert.Equal((0, false), edited.Drains() is var drain ? (drain.Side.Weight, drain.Gently) : default);
    }
}
