using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class StatefulSetTests
{
    private static StatefulView View(int replicas, params StatefulPod[] pods) =>
        new(replicas, "new", "old", pods.ToImmutableSortedDictionary(pod => pod.Ordinal, pod => pod));

    private static StatefulPod Old(int ordinal, bool ready = true) => new(ordinal, "old", ready, Ending: false, Finished: false);

    private static StatefulPod New(int ordinal, bool ready = true) => new(ordinal, "new", ready, Ending: false, Finished: false);

    private static string Text(ImmutableArray<StatefulStep> steps) => string.Join(' ', steps.Select(step => step switch
    {
        StatefulStep.Create create => $"+{create.Ordinal}:{create.Revision}",
        StatefulStep.Delete delete => $"-{delete.Ordinal}",
        _ => "?",
    }));

    [Fact]
    public void Pods_are_created_one_after_the_other()
    {
        Assert.Equal("+0:new", Text(StatefulSetPlan.Next(View(3))));
        Assert.Equal("", Text(StatefulSetPlan.Next(View(3, New(0, ready: false)))));
        Assert.Equal("+1:new", Text(StatefulSetPlan.Next(View(3, New(0)))));
        Assert.Equal("+0:new +1:new +2:new", Text(StatefulSetPlan.Next(View(3) with { Ordered = false })));
    }

    [Fact]
    public void A_gap_is_closed_before_anything_else() => Assert.Equal("+0:new", Text(StatefulSetPlan.Next(View(2, Old(1)))));

    [Fact]
    public void An_update_goes_from_the_highest_ordinal_down_and_waits_for_each()
    {
        Assert.Equal("-2", Text(StatefulSetPlan.Next(View(3, Old(0), Old(1), Old(2)))));
        Assert.Equal("", Text(StatefulSetPlan.Next(View(3, Old(0), Old(1), New(2, ready: false)))));
        Assert.Equal("-1", Text(StatefulSetPlan.Next(View(3, Old(0), Old(1), New(2)))));
        Assert.Equal("", Text(StatefulSetPlan.Next(View(3, New(0), New(1), New(2)))));
    }

    [Fact]
    public void Below_the_partition_the_old_template_stays_and_comes_back()
    {
        var view = View(3, Old(0), Old(1), New(2)) with { Partition = 2 };

        Assert.Equal("", Text(StatefulSetPlan.Next(view)));
        Assert.Equal("+1:old", Text(StatefulSetPlan.Next(view with { Pods = view.Pods.Remove(1) })));
        Assert.Equal("+2:new", Text(StatefulSetPlan.Next(view with { Pods = view.Pods.Remove(2) })));
    }

    [Fact]
    public void OnDelete_replaces_only_what_somebody_deleted()
    {
        var view = View(2, Old(0), Old(1)) with { OnDelete = true };

        Assert.Equal("", Text(StatefulSetPlan.Next(view)));
        Assert.Equal("+1:new", Text(StatefulSetPlan.Next(view with { Pods = view.Pods.Remove(1) })));
    }

    [Fact]
    public void Surplus_pods_go_from_the_highest_ordinal_down_one_at_a_time()
    {
        var view = View(1, New(0), New(1), New(2));

        Assert.Equal("-2", Text(StatefulSetPlan.Next(view)));
        Assert.Equal("", Text(StatefulSetPlan.Next(view with { Pods = view.Pods.SetItem(2, New(2) with { Ending = true }) })));
        Assert.Equal("-2 -1", Text(StatefulSetPlan.Next(view with { Ordered = false })));
    }

    [Fact]
    public void An_ordered_set_waits_for_a_broken_pod_even_when_its_template_was_put_right()
    {
        var view = View(2, Old(0), new StatefulPod(1, "broken", Ready: false, Ending: false, Finished: false));

        Assert.Equal("", Text(StatefulSetPlan.Next(view)));
        Assert.Equal("-1", Text(StatefulSetPlan.Next(view with { Ordered = false })));
    }

    [Fact]
    public void A_pod_that_ended_makes_room_for_another() =>
        Assert.Equal("-0", Text(StatefulSetPlan.Next(View(1, New(0) with { Ready = false, Finished = true }))));

    private static async Task<World> WithDbAsync(string spec)
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.PushAsync("1.1");
        await world.PushAsync("bad", (ImageBehaviour.NeverReadyLabel, "true"));
        await world.CreateAsync(Known.StatefulSets, Workload("db", spec, Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        return world;
    }

    private static JsonObject Db(World world) => world.Get(Known.StatefulSets, "db");

    private static string[] Images(World world) => [.. world.Pods.Select(pod => $"{pod.Name()}={pod["spec"]!["containers"]![0]!["image"]!.ToString().Split(':')[^1]}")];

    private static (long, long, long, long, long) Counts(World world) =>
        (Db(world).Stat("replicas"), Db(world).Stat("readyReplicas"), Db(world).Stat("currentReplicas"), Db(world).Stat("updatedReplicas"), Db(world).Stat("availableReplicas"));

    [Fact]
    public async Task A_partition_holds_the_update_until_it_is_lowered()
    {
        await using var world = await WithDbAsync("\"replicas\":3,\"serviceName\":\"db\",\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":2}}");
        Assert.Equal((3, 3, 3, 3, 3), Counts(world));

        await world.SetImageAsync(Known.StatefulSets, "db", "1.1");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["db-0=1.0", "db-1=1.0", "db-2=1.1"], Images(world));
        Assert.Equal((3, 3, 2, 1, 3), Counts(world));
        Assert.NotEqual(Db(world).Text("status", "currentRevision"), Db(world).Text("status", "updateRevision"));

        await world.ChangeAsync(Known.StatefulSets, "db", db => db["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 0);
        await world.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(["db-0=1.1", "db-1=1.1", "db-2=1.1"], Images(world));
        Assert.Equal((3, 3, 3, 3, 3), Counts(world));
        Assert.Equal(Db(world).Text("status", "updateRevision"), Db(world).Text("status", "currentRevision"));
    }

    [Fact]
    public async Task A_bad_update_stops_at_the_first_pod_and_needs_its_deletion_after_the_template_is_put_right()
    {
        await using var world = await WithDbAsync("\"replicas\":3");
        await world.SetImageAsync(Known.StatefulSets, "db", "bad");
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["db-0=1.0", "db-1=1.0", "db-2=bad"], Images(world));
        Assert.Equal((3, 2, 2, 1, 2), Counts(world));

        await world.SetImageAsync(Known.StatefulSets, "db", "1.0");
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["db-0=1.0", "db-1=1.0", "db-2=bad"], Images(world));

        await world.DeleteAsync(Known.Pods, "db-2");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["db-0=1.0", "db-1=1.0", "db-2=1.0"], Images(world));
        Assert.Equal((3, 3, 3, 3, 3), Counts(world));
    }

    [Fact]
    public async Task OnDelete_waits_for_somebody_to_delete()
    {
        await using var world = await WithDbAsync("\"replicas\":2,\"updateStrategy\":{\"type\":\"OnDelete\"}");
        await world.SetImageAsync(Known.StatefulSets, "db", "1.1");
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["db-0=1.0", "db-1=1.0"], Images(world));

        await world.DeleteAsync(Known.Pods, "db-1");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(["db-0=1.0", "db-1=1.1"], Images(world));
        Assert.Equal((2, 2, 1, 1, 2), Counts(world));
    }

    [Fact]
    public async Task It_is_scaled_from_its_end()
    {
        await using var world = await WithDbAsync("\"replicas\":3");
        await world.ScaleAsync(Known.StatefulSets, "db", 1);
        Assert.True(world.Get(Known.Pods, "db-2").IsBeingDeleted());
        Assert.False(world.Get(Known.Pods, "db-1").IsBeingDeleted());
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(["db-0=1.0"], Images(world));
        Assert.Equal((1, 1, 1, 1, 1), Counts(world));
    }

    [Fact]
    public async Task Without_replicas_the_update_is_over_at_once()
    {
        await using var world = await WithDbAsync("\"replicas\":0");
        await world.SetImageAsync(Known.StatefulSets, "db", "1.1");

        Assert.Equal((0, 0, 0, 0, 0), Counts(world));
        Assert.Equal(Db(world).Text("status", "updateRevision"), Db(world).Text("status", "currentRevision"));
        Assert.Equal(Db(world).Generation(), Db(world).Stat("observedGeneration"));
    }

    [Fact]
    public async Task A_pod_that_may_not_be_created_is_told_in_an_event_alone()
    {
        await using var world = await World.StartAsync();
        world.Workloads.Quota.SetLimit("default", 0);
        await world.CreateAsync(Known.StatefulSets, Workload("db", "\"replicas\":1", Container(world.Image("1.0"))));

        Assert.StartsWith("FailedCreate: create Pod db-0 in StatefulSet db failed error: pods \"db-0\" is forbidden: exceeded quota", Assert.Single(world.Events("db")), StringComparison.Ordinal);
        Assert.Null(Db(world).Field("status", "conditions"));
    }

    [Fact]
    public async Task Each_template_has_a_revision()
    {
        await using var world = await WithDbAsync("\"replicas\":1");
        await world.SetImageAsync(Known.StatefulSets, "db", "1.1");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        await world.SetImageAsync(Known.StatefulSets, "db", "1.0");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal([2, 3], world.List(Known.ControllerRevisions).Select(revision => revision.Number("revision")!.Value).Order());
        Assert.Equal(Db(world).Text("status", "updateRevision"), world.Pods.Single().Label("controller-revision-hash"));
    }
}
