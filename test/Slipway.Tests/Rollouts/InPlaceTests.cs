using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>A StatefulSet that is stepped by its partition: what is taken for ready, and what becomes of its size.</summary>
public sealed class InPlaceTests
{
    private static readonly RolloutPlan Third = Canary with
    {
        Steps = [new PlanStep(30) { Hold = TimeSpan.FromMinutes(5) }],
        Traffic = new TrafficPlan { Router = RouterKind.Partition },
    };

    private static readonly Health Waiting = new Health.Progressing("pods are being replaced", 2);

    /// <summary>The new image was written with the ordinal that the step asks for, and so many pods have it.</summary>
    internal static DeliverySnapshot Stepped(DeliverySnapshot now, int updated, Health health, int? partition = null) => now with
    {
        Targets =
        [
            now.Targets[0] with
            {
                Images = [Shop.Image(Shop.New)],
                Partition = partition ?? Assert.Single(now.Plan().World.Images).Partition!.Value,
                Updated = updated,
                Health = health,
                OwnsPartition = true,
            },
        ],
    };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void The_last_pod_counts_when_the_workload_is_healthy_and_not_before(int updated, int told)
    {
        var now = Stepped(Ready(Third).Moved(), updated, Waiting);

        Assert.Equal(Stage.Preparing, now.Moved().Stepping().Stage);
        Assert.Contains($"step 1 of 1 of 1.1.0: {told} of 3 pods are ready", now.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Health_that_is_not_of_the_ordinal_that_was_asked_for_says_nothing()
    {
        var now = Ready(Third).Moved();
        var before = now with { Targets = [now.Targets[0] with { Partition = 7 }] };
        var elsewhere = Stepped(now, updated: 1, new Health.Healthy(1), partition: 9);

        Assert.All([now, before, elsewhere], seen =>
        {
            seen.Stays();
            Assert.Contains("0 of 3 pods are ready", seen.Told(), StringComparison.Ordinal);
        });
        Assert.Equal(Stage.Holding, Stepped(now, updated: 3, new Health.Healthy(3)).Moved().Stepping().Stage);
    }

    [Fact]
    public void What_crashes_before_the_image_is_written_is_not_the_new_version()
    {
        var now = Ready(Third).Moved();
        now = now with { Targets = [now.Targets[0] with { Health = new Health.Failing("CrashLoopBackOff", "exit 1") }] };

        now.Stays();
        Assert.EndsWith("0 of 3 pods of 1.1.0 are ready: the image is being written", Assert.IsType<Reverting>(now.After(Shop.Deadline).Plan().State()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_its_steps_comes_the_promotion_with_every_ordinal()
    {
        var now = Stepped(Ready(Third).Moved(), updated: 3, new Health.Healthy(3)).Moved().After(TimeSpan.FromMinutes(5)).Moved();

        Assert.Null(Assert.IsType<Advancing>(now.State).Side);
        Assert.Null(Assert.Single(now.Plan().World.Images).Partition);
    }

    [Fact]
    public void A_step_that_has_not_all_its_pods_at_the_end_of_the_hold_is_not_over()
    {
        var now = Stepped(Stepped(Ready(Third).Moved(), updated: 3, new Health.Healthy(3)).Moved().After(TimeSpan.FromMinutes(5)), updated: 2, Waiting, partition: 7);

        now.Stays();
        var late = now.After(Shop.Deadline).Next<Reverting>();
        Assert.Equal((Reasons.ProgressDeadlineExceeded, "the pods of 1.1.0 did not keep their share: pods are being replaced"), (late.Reason, late.Message));
    }

    [Theory]
    [InlineData(12, 9)]
    [InlineData(11, 8)]
    [InlineData(20, 14)]
    [InlineData(5, 4)]
    public void When_it_is_scaled_the_ordinal_follows_so_that_the_share_is_what_was_asked_for(int replicas, int partition)
    {
        var now = Stepped(Ready(Third).Moved(), updated: 3, new Health.Healthy(3)).Moved();
        now = now with { Targets = [now.Targets[0] with { Replicas = replicas, Available = replicas }] };

        Assert.Equal(partition, Assert.Single(now.Moved().Plan().World.Images).Partition);
    }

    [Fact]
    public void While_its_pods_come_up_the_ordinal_is_that_of_the_present_step_whatever_its_size()
    {
        var now = Stepped(Ready(Third with { Steps = [new PlanStep(10), new PlanStep(30)] }).Moved(), updated: 1, new Health.Healthy(1)).Moved();
        Assert.Equal((1, Stage.Preparing, 7), (now.Stepping().Step, now.Stepping().Stage, Assert.Single(now.Plan().World.Images).Partition));

        now = (now with { Targets = [now.Targets[0] with { Replicas = 20, Available = 20 }] }).Moved();

        Assert.Equal((1, Stage.Preparing, 14), (now.Stepping().Step, now.Stepping().Stage, Assert.Single(now.Plan().World.Images).Partition));
    }

    [Fact]
    public void Made_so_small_that_no_pod_had_the_new_version_it_is_not_promoted_before_one_has_it()
    {
        var now = Stepped(Ready(Third with { Steps = [new PlanStep(10)] }).Moved(), updated: 1, new Health.Healthy(1));
        now = (now with { Targets = [now.Targets[0] with { Replicas = 5, Available = 5 }] }).Moved();

        Assert.Equal(4, Assert.Single(now.Plan().World.Images).Partition);
        Assert.IsType<Stepping>(now.After(TimeSpan.FromMinutes(5)).Plan().State());
        Assert.IsType<Advancing>(Stepped(now, updated: 1, new Health.Healthy(1)).Moved().State);
    }

    [Fact]
    public void What_ends_because_a_newer_version_came_is_superseded_when_its_pods_are_back()
    {
        var now = Stepped(Ready(Third).Moved(), updated: 3, new Health.Healthy(3)).Moved().Seeing(Shop.Newer);

        Assert.Equal((now.Now + Shop.Deadline, now.Now + Shop.Deadline), (now.Next<Reverting>().Deadline, now.Plan().Wake));
        var done = now.Moved().Running(Shop.Old, new Health.Healthy(10)).Next<Recording>();

        Assert.Equal((Outcomes.Superseded, Reasons.Superseded), (done.Result.Outcome, done.Result.Reason));
    }

    [Fact]
    public void A_third_image_that_a_person_sets_is_left_and_holds()
    {
        var now = Stepped(Ready(Third).Moved(), updated: 3, new Health.Healthy(3)).Moved();
        now = now with { Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.Newer, ImageWriter.Person)] }] };

        Assert.Equal(Reasons.Drifted, Assert.IsType<Held>(now.Next<Recording>().Then).Reason);
    }

    [Fact]
    public void A_container_that_a_person_put_back_holds_though_it_is_the_version_before()
    {
        var now = Stepped(Ready(Third).Moved(), updated: 3, new Health.Healthy(3)).Moved();
        now = now with { Targets = [now.Targets[0] with { Images = [Shop.Image(Shop.New), Shop.Image(Shop.Old, ImageWriter.Person, container: "migrate")] }] };

        Assert.Equal(Reasons.Drifted, Assert.IsType<Held>(now.Next<Recording>().Then).Reason);
    }
}
