using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class DeploymentRolloutTests
{
    private static async Task<World> WithShopAsync(int replicas = 4, string spec = "")
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.PushAsync("1.1");
        await world.PushAsync("bad", (ImageBehaviour.CrashLabel, "exit 1"));
        await world.CreateAsync(Known.Deployments, Workload("shop", $"\"replicas\":{replicas}{(spec.Length > 0 ? "," : "")}{spec}", Container(world.Image("1.0"))));
        return world;
    }

    private static JsonObject Shop(World world) => world.Get(Known.Deployments, "shop");

    private static bool IsComplete(World world) => Shop(world).Condition("Progressing") == "True/NewReplicaSetAvailable" && Shop(world).Generation() == Shop(world).Stat("observedGeneration");

    [Fact]
    public async Task From_1_0_to_1_1_and_to_a_bad_image_the_counts_say_at_each_moment_how_far_it_is()
    {
        await using var world = await WithShopAsync();
        Assert.Equal((4, 4, 0, 0, 4), Shop(world).Counts());
        Assert.Equal(("True/ReplicaSetUpdated", "False/MinimumReplicasUnavailable"), (Shop(world).Condition("Progressing"), Shop(world).Condition("Available")));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.All(world.Pods, pod => Assert.Equal("Running", pod.Text("status", "phase")));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(200));
        Assert.Equal((4, 4, 4, 4, 0), Shop(world).Counts());
        Assert.Equal(("True/NewReplicaSetAvailable", "True/MinimumReplicasAvailable"), (Shop(world).Condition("Progressing"), Shop(world).Condition("Available")));

        // A quarter of four: one more and one less at a time.
        await world.SetImageAsync(Known.Deployments, "shop", "1.1");
        Assert.Equal((5, 2, 3, 3, 2), Shop(world).Counts());
        Assert.Equal("True/ReplicaSetUpdated", Shop(world).Condition("Progressing"));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(300));
        Assert.Equal((5, 4, 3, 3, 2), Shop(world).Counts());
        Assert.Single(world.PodsOf("1.0"), pod => !pod.IsBeingDeleted());
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(300));
        Assert.Equal((4, 4, 4, 4, 0), Shop(world).Counts());
        Assert.True(IsComplete(world));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal(4, world.PodsOf("1.1").Length);
        Assert.Empty(world.PodsOf("1.0"));

        await world.SetImageAsync(Known.Deployments, "shop", "bad");
        await world.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((5, 2, 3, 3, 2), Shop(world).Counts());
        Assert.All(world.PodsOf("bad"), pod => Assert.Equal("CrashLoopBackOff", pod.Waiting()));
        Assert.Equal("True/ReplicaSetUpdated", Shop(world).Condition("Progressing"));
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("False/ProgressDeadlineExceeded", Shop(world).Condition("Progressing"));
        Assert.Equal((5, 2, 3, 3, 2), Shop(world).Counts());

        await world.SetImageAsync(Known.Deployments, "shop", "1.1");
        await world.UntilAsync(() => IsComplete(world));
        Assert.Equal((4, 4, 4, 4, 0), Shop(world).Counts());
    }

    [Fact]
    public async Task Each_template_has_a_revision_and_one_that_comes_back_becomes_the_newest()
    {
        await using var world = await WithShopAsync(1);
        await world.UntilAsync(() => IsComplete(world));
        await world.SetImageAsync(Known.Deployments, "shop", "1.1");
        await world.UntilAsync(() => IsComplete(world));
        Assert.Equal("2", Shop(world).Annotation("deployment.kubernetes.io/revision"));
        await world.SetImageAsync(Known.Deployments, "shop", "1.0");
        await world.UntilAsync(() => IsComplete(world));

        var sets = world.List(Known.ReplicaSets);
        Assert.Equal(2, sets.Length);
        Assert.Equal("3", Shop(world).Annotation("deployment.kubernetes.io/revision"));
        var back = Assert.Single(sets, set => set.Number("spec", "replicas") == 1);
        Assert.Equal(("3", "1"), (back.Annotation("deployment.kubernetes.io/revision"), back.Annotation("deployment.kubernetes.io/revision-history")));
    }

    [Fact]
    public async Task The_controllers_own_writes_do_not_move_the_generation()
    {
        await using var world = await WithShopAsync(1);
        await world.UntilAsync(() => IsComplete(world));

        Assert.Equal((1, 1), (Shop(world).Generation(), Shop(world).Stat("observedGeneration")));
    }

    [Fact]
    public async Task After_a_return_to_an_older_template_the_exceeded_deadline_stands_until_there_is_progress()
    {
        await using var world = await WithShopAsync(1, "\"progressDeadlineSeconds\":5,\"strategy\":{\"rollingUpdate\":{\"maxSurge\":1,\"maxUnavailable\":0}}");
        await world.UntilAsync(() => IsComplete(world));
        await world.SetImageAsync(Known.Deployments, "shop", "bad");
        await world.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal("False/ProgressDeadlineExceeded", Shop(world).Condition("Progressing"));
        Assert.Contains("has timed out progressing", Shop(world).ConditionMessage("Progressing"), StringComparison.Ordinal);

        await world.SetImageAsync(Known.Deployments, "shop", "1.0");

        Assert.Equal("True/NewReplicaSetAvailable", Shop(world).Condition("Progressing"));
        Assert.Equal((1, 1, 1, 1, 0), Shop(world).Counts());
    }

    [Fact]
    public async Task Recreate_starts_no_new_pod_before_the_last_old_one_is_gone()
    {
        await using var world = await WithShopAsync(2, "\"strategy\":{\"type\":\"Recreate\"}");
        await world.UntilAsync(() => IsComplete(world));

        await world.SetImageAsync(Known.Deployments, "shop", "1.1");
        Assert.All(world.PodsOf("1.0"), pod => Assert.True(pod.IsBeingDeleted()));
        Assert.Empty(world.PodsOf("1.1"));
        Assert.Equal((0, 0, 0, 0, 0), Shop(world).Counts());
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 2), (world.PodsOf("1.0").Length, world.PodsOf("1.1").Length));
        await world.UntilAsync(() => IsComplete(world));

        Assert.Equal((2, 2, 2, 2, 0), Shop(world).Counts());
    }

    [Fact]
    public async Task Paused_it_takes_no_new_template_but_is_still_scaled()
    {
        await using var world = await WithShopAsync(2);
        await world.UntilAsync(() => IsComplete(world));
        await world.ChangeAsync(Known.Deployments, "shop", shop => shop["spec"]!["paused"] = true);

        await world.SetImageAsync(Known.Deployments, "shop", "1.1");
        await world.ScaleAsync(Known.Deployments, "shop", 3);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((3, 0), (world.PodsOf("1.0").Length, world.PodsOf("1.1").Length));
        Assert.Equal("Unknown/DeploymentPaused", Shop(world).Condition("Progressing"));
        Assert.Equal((3, 0, 3, 3, 0), Shop(world).Counts());

        await world.ChangeAsync(Known.Deployments, "shop", shop => shop["spec"]!["paused"] = false);
        await world.UntilAsync(() => IsComplete(world));
        Assert.Equal(3, world.PodsOf("1.1").Length);
    }

    [Fact]
    public async Task Without_replicas_it_is_complete_with_the_new_template_and_no_pod()
    {
        await using var world = await WithShopAsync(0);
        Assert.True(IsComplete(world));
        await world.SetImageAsync(Known.Deployments, "shop", "1.1");

        Assert.True(IsComplete(world));
        Assert.Equal((0, 0, 0, 0, 0), Shop(world).Counts());
        Assert.Equal("True/MinimumReplicasAvailable", Shop(world).Condition("Available"));
        Assert.Empty(world.Pods);
    }

    [Fact]
    public async Task Scaled_down_to_nothing_and_up_again_it_has_the_present_template()
    {
        await using var world = await WithShopAsync(3);
        await world.UntilAsync(() => IsComplete(world));
        await world.ScaleAsync(Known.Deployments, "shop", 0);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(world.Pods);

        await world.ScaleAsync(Known.Deployments, "shop", 2);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((2, 2, 2, 2, 0), Shop(world).Counts());
        Assert.Single(world.List(Known.ReplicaSets));
    }

    [Fact]
    public async Task With_minReadySeconds_a_pod_is_available_only_after_them()
    {
        await using var world = await WithShopAsync(1, "\"minReadySeconds\":10");
        await world.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1, 1, 0, 1), Shop(world).Counts());

        await world.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal((1, 1, 1, 1, 0), Shop(world).Counts());
        Assert.True(IsComplete(world));
    }

    [Fact]
    public async Task Pods_that_may_not_be_created_are_a_ReplicaFailure_until_they_may()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        world.Workloads.Quota.SetLimit("default", 1);
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":3", Container(world.Image("1.0"))));

        Assert.Equal("True/FailedCreate", Shop(world).Condition("ReplicaFailure"));
        Assert.Contains("exceeded quota: sandbox, requested: pods=1, used: pods=1, limited: pods=1", Shop(world).ConditionMessage("ReplicaFailure"), StringComparison.Ordinal);

        world.Workloads.Quota.SetLimit("default", null);
        await world.UntilAsync(() => IsComplete(world));
        Assert.Equal("", Shop(world).Condition("ReplicaFailure"));
        Assert.Equal(3, world.Pods.Length);
    }

    [Fact]
    public async Task Old_sets_are_kept_only_as_far_back_as_the_history_goes()
    {
        await using var world = await WithShopAsync(1, "\"revisionHistoryLimit\":1");
        await world.UntilAsync(() => IsComplete(world));
        foreach (var tag in (string[])["1.1", "1.2", "1.3"])
        {
            await world.PushAsync(tag);
            await world.SetImageAsync(Known.Deployments, "shop", tag);
            await world.UntilAsync(() => IsComplete(world));
            await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["3", "4"], world.List(Known.ReplicaSets).Select(set => set.Annotation("deployment.kubernetes.io/revision")).Order());
    }

    [Fact]
    public async Task Deleting_it_takes_its_sets_and_pods_along()
    {
        await using var world = await WithShopAsync(2);
        await world.UntilAsync(() => IsComplete(world));

        await world.DeleteAsync(Known.Deployments, "shop");
        Assert.All(world.Pods, pod => Assert.True(pod.IsBeingDeleted()));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(world.Pods);
        Assert.Empty(world.List(Known.ReplicaSets));
    }

    [Fact]
    public async Task Orphaned_pods_stay_and_are_adopted_by_the_next_of_the_same_name()
    {
        await using var world = await WithShopAsync(2);
        await world.UntilAsync(() => IsComplete(world));
        var before = world.Pods.Select(pod => pod.Uid()).Order().ToArray();

        await world.DeleteAsync(Known.Deployments, "shop", new() { Propagation = Propagation.Orphan });
        Assert.Equal(2, world.Pods.Length);
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":2", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(before, world.Pods.Select(pod => pod.Uid()).Order());
        Assert.True(Assert.Single(world.List(Known.ReplicaSets)).Objects("metadata", "ownerReferences").Single().Text("uid") == Shop(world).Uid());
    }

    [Fact]
    public async Task A_pod_that_somebody_deletes_is_replaced_and_that_is_no_rollout()
    {
        await using var world = await WithShopAsync(2);
        await world.UntilAsync(() => IsComplete(world));

        await world.DeleteAsync(Known.Pods, world.Pods[0].Name());
        Assert.Equal((2, 2, 1, 1, 1), Shop(world).Counts());
        Assert.Equal("True/NewReplicaSetAvailable", Shop(world).Condition("Progressing"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((2, 2, 2, 2, 0), Shop(world).Counts());
    }

    [Fact]
    public async Task Scaling_is_told_in_events()
    {
        await using var world = await WithShopAsync(1);
        await world.UntilAsync(() => IsComplete(world));

        Assert.Contains(world.Events("shop"), told => told.StartsWith("ScalingReplicaSet: Scaled up replica set shop-", StringComparison.Ordinal) && told.EndsWith(" to 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_story_gives_the_same_names()
    {
        var first = await NamesAsync();
        var again = await NamesAsync();

        Assert.Equal(first, again);
        Assert.All(first, name => Assert.Matches("^shop-[a-z0-9]{6,10}-[a-z0-9]{5}$", name));
    }

    private static async Task<string[]> NamesAsync()
    {
        await using var world = await World.StartAsync();
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":3", Container("127.0.0.1:9/shop:1")));
        return [.. world.Pods.Select(pod => pod.Name())];
    }
}
