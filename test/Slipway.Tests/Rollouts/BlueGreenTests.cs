using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>Blue/green, and a StatefulSet that is stepped in place.</summary>
public sealed class BlueGreenTests
{
    private static readonly RolloutPlan InPlace = Canary with { Traffic = new TrafficPlan { Router = RouterKind.Partition } };

    [Fact]
    public void The_preview_is_of_full_size_and_nobody_is_sent_there()
    {
        var now = Ready(BlueGreen).Moved();

        Assert.Equal(10, now.Stepping().Side.Replicas);
        now = now.With(Side(10, 10)).Moved();
        Assert.Equal((Stage.Holding, 0), (now.Stepping().Stage, now.Plan().World.Traffic!.Weight));
    }

    [Fact]
    public void After_its_hold_there_is_one_switch_and_the_old_side_is_kept()
    {
        var now = Switched();

        Assert.Equal((1, Stage.Holding, 100), (now.Stepping().Step, now.Stepping().Stage, now.Plan().World.Traffic!.Weight));
        Assert.Empty(now.After(TimeSpan.FromMinutes(29)).Plan().World.Images);
    }

    [Fact]
    public void An_abort_after_the_switch_returns_at_once()
    {
        var now = Switched();

        var drain = (now with { Requests = new Requests { Abort = "1" } }).Drains();

        Assert.Equal((0, false), (drain.Side.Weight, drain.Gently));
    }

    [Fact]
    public void A_no_to_the_switch_takes_the_preview_away_and_nobody_was_ever_sent_there()
    {
        var asks = BlueGreen with { Steps = [new PlanStep(0) { Approval = true }, new PlanStep(100)] };
        var now = Ready(asks).Moved().With(Side(10, 10)).Moved();
        Assert.Equal(Reasons.AwaitingApproval, now.Held()!.Reason);

        now = (now with { Requests = new Requests { Reject = "1 by ann" } }).Moved();

        var drain = Assert.IsType<Draining>(now.State);
        Assert.Equal((0, false), (drain.Side.Weight, drain.Side.IsExposed));
        Assert.Equal((Reasons.Stopped, "it was ended by ann"), (now.Status.Rejected!.Single().Reason, now.Status.Rejected!.Single().Message));
    }

    [Fact]
    public void When_the_old_side_was_kept_long_enough_it_gets_the_image_while_the_preview_serves()
    {
        var now = Switched().After(TimeSpan.FromMinutes(30)).Moved();

        Assert.IsType<Advancing>(now.State);
        var world = now.Plan().World;
        Assert.Equal((100, Shop.New.Digest), (world.Traffic!.Weight, Assert.Single(world.Images).Digest));
    }

    [Fact]
    public void A_selector_that_git_takes_back_is_written_again_and_nothing_is_lost()
    {
        var now = Switched().Routing(0);

        Assert.Equal(100, now.Plan().World.Traffic!.Weight);
        now.Stays();
    }

    [Fact]
    public void A_StatefulSet_is_stepped_by_its_partition_and_has_nothing_beside_it()
    {
        var now = Ready(InPlace).Moved();

        var wish = Assert.Single(now.Plan().World.Images);
        Assert.Equal((9, Shop.New.Digest), (wish.Partition, wish.Digest));
        Assert.Null(now.Plan().World.Side);
        now = OnePodUpdated(now).Moved();
        Assert.Equal(Stage.Holding, now.Stepping().Stage);
    }

    [Fact]
    public void Its_failed_step_is_put_back_on_the_workload_itself()
    {
        var now = OnePodUpdated(Ready(InPlace).Moved());
        now = now with { Targets = [now.Targets[0] with { Health = new Health.Failing("CrashLoopBackOff", "exit 1") }] };

        Assert.Equal("CrashLoopBackOff", now.Next<Reverting>().Reason);
        var back = Assert.Single(now.Moved().Plan().World.Images);
        Assert.Equal((Shop.Old.Digest, null), (back.Digest, back.Partition));
    }

    [Fact]
    public void A_newer_version_waits_until_its_upper_pods_are_put_back()
    {
        var back = OnePodUpdated(Ready(InPlace).Moved()).Seeing(Shop.Newer).Next<Reverting>();

        Assert.Equal((Reasons.Superseded, "Superseded"), (back.Reason, back.Outcome));
    }

    [Fact]
    public void An_ordinal_that_is_still_ours_is_given_back_when_nothing_is_under_way()
    {
        var now = Shop.Settled with { Targets = [Shop.Settled.Targets[0] with { OwnsPartition = true }] };

        Assert.Equal(Shop.Key("shop"), Assert.Single(now.Plan().World.Unpartition));
    }

    private static DeliverySnapshot OnePodUpdated(DeliverySnapshot now) => now with
    {
        Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.New)], Partition = 9, Updated = 1, Health = new Health.Healthy(1) }],
    };

    private static DeliverySnapshot Switched()
    {
        var now = Ready(BlueGreen).Moved().With(Side(10, 10)).Moved().After(TimeSpan.FromMinutes(1)).Moved();
        return now.Routing(100).Moved().After(TimeSpan.FromSeconds(5)).Moved();
    }
}
