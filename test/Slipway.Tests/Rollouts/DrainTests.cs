using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>How what runs beside the workload goes.</summary>
public sealed class DrainTests
{
    [Fact]
    public void First_no_request_then_time_for_those_under_way_then_the_pods()
    {
        var now = Aborted(Canary);
        Assert.NotNull(now.Plan().World.Traffic);
        Assert.False(now.Plan().World.NoSide);

        now = now.With(Side(1, 1)).Moved();
        Assert.Equal(now.Now, Assert.IsType<Draining>(now.State).ClosedSince);
        Assert.Equal(now.Now.AddSeconds(10), now.Plan().Wake);

        now = now.After(TimeSpan.FromSeconds(10)).Moved();
        Assert.True(Assert.IsType<Draining>(now.State).Removing);
        Assert.True(now.Plan().World.NoSide);

        Assert.IsType<Recording>(now.With(null).Moved().State);
    }

    [Fact]
    public void While_a_pod_still_takes_requests_nothing_is_removed()
    {
        var now = Aborted(Canary).With(Side(1, 1, serving: 1, open: 0)).Moved().After(TimeSpan.FromHours(1));

        Assert.Null(Assert.IsType<Draining>(now.State).ClosedSince);
        Assert.False(now.Plan().World.NoSide);
    }

    [Fact]
    public void A_weight_that_is_not_acknowledged_keeps_the_pods_and_that_is_said()
    {
        var now = Aborted(ByRoute).Routing(0, inEffect: false, problem: "HTTPRoute shop: the parent edge has not observed generation 4");

        now.Stays();
        var late = now.After(Shop.Deadline);

        Assert.Equal(Reasons.DrainBlocked, late.Held()!.Reason);
        Assert.StartsWith("HTTPRoute shop: the parent edge has not observed generation 4", late.Held()!.Message, StringComparison.Ordinal);
        late.Stays();
    }

    [Fact]
    public void While_no_pod_of_the_workload_is_available_the_switched_side_goes_on_serving_and_that_is_said()
    {
        var now = Aborted(BlueGreen).Routing(100).Scaled(10, available: 0).Moved();

        now.Stays();
        var late = now.After(Shop.Deadline);

        Assert.Equal(Reasons.DrainBlocked, late.Held()!.Reason);
        Assert.Contains("no pod of Deployment prod/shop is available to take the requests over", late.Held()!.Message, StringComparison.Ordinal);
        Assert.False(late.Plan().World.NoSide);
        Assert.NotNull(Assert.IsType<Draining>(late.Scaled(10).Routing(0).Moved().State).ClosedSince);
    }

    [Fact]
    public void A_clock_that_goes_back_makes_the_drain_no_longer_than_it_is()
    {
        var now = Aborted(Canary).With(Side(1, 1)).Moved();
        var back = now.After(TimeSpan.FromHours(-1)).Moved();

        Assert.Equal(back.Now, Assert.IsType<Draining>(back.State).ClosedSince);
    }

    [Fact]
    public void What_works_is_taken_away_only_as_fast_as_the_stable_side_can_bear()
    {
        var now = Holding(ByRoute with { Steps = [new PlanStep(50) { Hold = TimeSpan.FromHours(1) }] }).Scaled(10, available: 6).Seeing(Shop.Newer);

        var drain = Assert.IsType<Draining>(now.Moved().State);
        Assert.Equal((40, true), (drain.Side.Weight, drain.Gently));
        Assert.Equal(20, Assert.IsType<Draining>(now.Moved().Scaled(10, available: 8).Moved().State).Side.Weight);
        Assert.Equal(0, Assert.IsType<Draining>(now.Moved().Scaled(10, available: 10).Moved().State).Side.Weight);
    }

    [Fact]
    public void What_had_all_the_requests_gives_them_back_only_as_fast_as_the_stable_side_can_bear()
    {
        var now = Holding(ByRoute with { Steps = [new PlanStep(100) { Hold = TimeSpan.FromHours(1) }] }).Scaled(10, available: 6).Seeing(Shop.Newer);

        Assert.Equal((40, true), Assert.IsType<Draining>(now.Moved().State) is { Side.Weight: var weight, Gently: var gently } ? (weight, gently) : default);
        Assert.Equal(100, Assert.IsType<Draining>(now.Scaled(10, available: 0).Moved().State).Side.Weight);
        Assert.Equal(0, Assert.IsType<Draining>(now.Scaled(10).Moved().State).Side.Weight);
    }

    [Fact]
    public void A_promoted_version_that_was_made_smaller_while_it_had_no_requests_does_not_get_all_of_them_at_once()
    {
        var now = Holding(ByRoute with { Steps = [new PlanStep(100) { Hold = TimeSpan.FromMinutes(1) }], Bake = TimeSpan.Zero }).After(TimeSpan.FromMinutes(1)).Moved();
        Assert.IsType<Advancing>(now.State);

        now = now.Running(Shop.New, new Slipway.Workloads.Health.Healthy(3)).Scaled(3).Moved();

        Assert.Equal((70, Shop.New.Digest), (Assert.IsType<Draining>(now.State).Side.Weight, now.Status.Current!.Digest));
        Assert.Equal(0, Assert.IsType<Draining>(now.Scaled(10).Moved().State).Side.Weight);
    }

    [Fact]
    public void A_selector_has_nothing_between_all_and_nothing()
    {
        var now = Holding(BlueGreen).After(TimeSpan.FromMinutes(1)).Moved().Routing(100).Moved().After(TimeSpan.FromSeconds(5)).Moved();
        Assert.Equal((1, 100), (now.Stepping().Step, now.Stepping().Side.Weight));

        Assert.Equal(0, now.Scaled(10, available: 6).Seeing(Shop.Newer).Drains().Side.Weight);
    }

    [Fact]
    public void What_somebody_else_has_lowered_meanwhile_is_not_raised_on_the_way_out()
    {
        var now = Holding(ByRoute with { Steps = [new PlanStep(50) { Hold = TimeSpan.FromHours(1) }] }).Scaled(10, available: 6).Seeing(Shop.Newer).Moved();

        Assert.Equal(0, Assert.IsType<Draining>(now.Routing(0).Moved().State).Side.Weight);
    }

    [Fact]
    public void What_was_found_under_a_bare_tag_is_not_written_to_for_going_back()
    {
        var now = Holding(Canary);
        var bare = now with
        {
            Status = now.Status with { Current = now.Status.Current! with { Adopted = true }, Rollout = new Reverting(now.Attempted() with { Previous = Shop.Old.By(1, adopted: true) }, "CheckFailed", "", now.Now + Shop.Deadline) },
            Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.Old, bare: true)] }],
        };

        Assert.Empty(bare.Plan().World.Images);
    }

    [Fact]
    public void What_fails_is_cut_at_once_however_small_the_stable_side_has_become()
    {
        var now = Holding(ByRoute).Scaled(10, available: 1).With(Side(1, 0, health: new Slipway.Workloads.Health.Failing("CrashLoopBackOff", "exit 1")));

        Assert.Equal((0, false), (now.Drains().Side.Weight, now.Drains().Gently));
    }

    [Fact]
    public void Gentleness_ends_with_the_deadline()
    {
        var now = Holding(ByRoute with { Steps = [new PlanStep(50) { Hold = TimeSpan.FromHours(1) }] }).Scaled(10, available: 6).Seeing(Shop.Newer).Moved();

        Assert.Equal(0, Assert.IsType<Draining>(now.After(Shop.Deadline).Moved().State).Side.Weight);
    }

    [Fact]
    public void What_no_state_knows_of_is_drained()
    {
        var now = Ready(Canary) with { Side = Side(2, 2, serving: 2) };

        var drain = now.Drains();

        Assert.Null(drain.Attempt);
        Assert.IsType<Idle>(drain.Then);
    }

    [Fact]
    public void A_route_that_was_left_touched_is_put_back_even_without_pods()
    {
        var now = Ready(ByRoute).Routing(0);

        var drain = now.Moved().After(TimeSpan.FromSeconds(10)).Moved();

        Assert.True(drain.Plan().World.Traffic!.Restore);
    }

    [Fact]
    public void A_side_that_is_gone_already_is_not_made_again_to_be_closed() => Assert.Null(Aborted(Canary).With(null).Plan().World.Side);

    [Fact]
    public void It_goes_on_while_suspended()
    {
        var now = Aborted(Canary).Suspended().With(Side(1, 1)).Moved();

        Assert.NotNull(Assert.IsType<Draining>(now.State).ClosedSince);
    }

    [Fact]
    public void A_Delivery_that_is_deleted_drains_first_and_is_let_go_when_nothing_is_left()
    {
        var now = (Holding(Canary) with { Leaving = true }).Moved();
        Assert.True(now.Plan().World.Finalizer);

        now = now.With(Side(1, 1)).Moved().After(TimeSpan.FromSeconds(10)).Moved().With(null).Moved();

        Assert.IsType<Idle>(now.State);
        Assert.False(now.Plan().World.Finalizer);
    }

    [Fact]
    public void Who_deletes_does_not_wait_for_ever_for_a_router_that_says_nothing()
    {
        var now = (Holding(ByRoute) with { Leaving = true }).Routing(10, inEffect: false).Moved().After(Shop.Deadline).Moved();

        Assert.True(Assert.IsType<Draining>(now.State).Removing);
    }

    [Fact]
    public void An_ended_attempt_is_on_record_only_when_its_side_is_gone()
    {
        var now = Aborted(Canary);

        Assert.Equal(Outcomes.Running, now.Plan().World.Release!.Status!.Outcome);
    }

    private static DeliverySnapshot Aborted(RolloutPlan plan)
    {
        var now = Holding(plan);
        return (now with { Requests = new Requests { Abort = "1 by ann" } }).Moved();
    }
}
