using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class EndpointSliceTests
{
    private static string Service(string more = "") => $$$"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"shop","namespace":"default","labels":{"team":"a"}},
         "spec":{{{{more}}}"selector":{"app":"shop"},"ports":[{"port":80,"targetPort":8080}]} }
        """;

    private static async Task<World> WithShopAsync(string service = "", int replicas = 2, KubernetesRelease release = KubernetesRelease.Current, params (string, string)[] labels)
    {
        var world = await World.StartAsync(release: release);
        await world.PushAsync("1.0", labels);
        await world.CreateAsync(Known.Services, Service(service));
        await world.CreateAsync(Known.Deployments, Workload("shop", $"\"replicas\":{replicas}", Container(world.Image("1.0"))));
        return world;
    }

    private static JsonObject Slice(World world) => Assert.Single(world.List(Known.EndpointSlices));

    private static JsonObject Endpoint(World world, string pod) => world.List(Known.EndpointSlices).SelectMany(slice => slice.Objects("endpoints")).Single(one => one.Text("targetRef", "name") == pod);

    private static (bool Ready, bool Serving, bool Terminating) Conditions(JsonObject endpoint) =>
        (endpoint.Flag("conditions", "ready"), endpoint.Flag("conditions", "serving"), endpoint.Flag("conditions", "terminating"));

    [Fact]
    public async Task A_slice_says_whose_it_is_and_which_pods_are_behind_the_service()
    {
        await using var world = await WithShopAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        var slice = Slice(world);
        Assert.StartsWith("shop-", slice.Name(), StringComparison.Ordinal);
        Assert.Equal(("shop", "endpointslice-controller.k8s.io", "a"), (slice.Label("kubernetes.io/service-name"), slice.Label("endpointslice.kubernetes.io/managed-by"), slice.Label("team")));
        Assert.True(slice.IsControlledByService(world.Get(Known.Services, "shop")));
        Assert.Equal(("IPv4", """[{"port":8080,"protocol":"TCP","name":""}]"""), (slice.Text("addressType"), slice["ports"]!.ToJsonString()));
        Assert.Equal(world.Pods.Select(pod => pod.Name()).Order(), slice.Objects("endpoints").Select(one => one.Text("targetRef", "name")).Order());
        var endpoint = Endpoint(world, world.Pods[0].Name());
        Assert.Equal((world.Pods[0].Text("status", "podIP"), "sandbox-1", (true, true, false)), (endpoint["addresses"]![0]!.ToString(), endpoint.Text("nodeName"), Conditions(endpoint)));
    }

    [Fact]
    public async Task A_pod_that_is_not_ready_is_listed_as_such()
    {
        await using var world = await WithShopAsync(labels: [(ImageBehaviour.NeverReadyLabel, "true")]);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.All(Slice(world).Objects("endpoints"), endpoint => Assert.Equal((false, false, false), Conditions(endpoint)));
    }

    [Fact]
    public async Task A_pod_that_is_ending_still_serves_and_is_not_ready()
    {
        await using var world = await WithShopAsync(labels: [(ImageBehaviour.StopAfterLabel, "10s")]);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var pod = world.Pods[0].Name();

        await world.DeleteAsync(Known.Pods, pod);
        Assert.Equal((false, true, true), Conditions(Endpoint(world, pod)));

        await world.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.DoesNotContain(pod, Slice(world).Objects("endpoints").Select(one => one.Text("targetRef", "name")));
    }

    [Fact]
    public async Task Where_a_service_publishes_all_addresses_all_are_ready()
    {
        await using var world = await WithShopAsync("\"publishNotReadyAddresses\":true,", labels: [(ImageBehaviour.NeverReadyLabel, "true"), (ImageBehaviour.StopAfterLabel, "10s")]);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var pod = world.Pods[0].Name();
        await world.DeleteAsync(Known.Pods, pod);

        Assert.Equal((true, false, true), Conditions(Endpoint(world, pod)));
        var subset = Assert.Single(world.Get(Known.Endpoints, "shop").Objects("subsets"));
        Assert.Equal((3, 0), (subset.Objects("addresses").Count(), subset.Objects("notReadyAddresses").Count()));
    }

    [Fact]
    public async Task In_1_20_there_is_ready_alone_and_a_pod_that_is_ending_is_left_out()
    {
        await using var world = await WithShopAsync(release: KubernetesRelease.OneTwenty, labels: [(ImageBehaviour.StopAfterLabel, "10s")]);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var pod = world.Pods[0].Name();

        Assert.Equal("discovery.k8s.io/v1beta1", Slice(world).Text("apiVersion"));
        Assert.Equal("""{"ready":true}""", Endpoint(world, pod)["conditions"]!.ToJsonString());
        Assert.Equal("sandbox-1", Endpoint(world, pod).Text("topology", "kubernetes.io/hostname"));
        await world.DeleteAsync(Known.Pods, pod);
        Assert.DoesNotContain(pod, Slice(world).Objects("endpoints").Select(one => one.Text("targetRef", "name")));
    }

    [Fact]
    public async Task A_hundred_pods_fill_a_slice_and_stay_where_they_are()
    {
        await using var world = await WithShopAsync(replicas: 150);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var before = world.List(Known.EndpointSlices).ToDictionary(slice => slice.Name(), slice => slice.Objects("endpoints").Select(one => one.Text("targetRef", "uid")).ToHashSet());
        Assert.Equal([50, 100], before.Values.Select(uids => uids.Count).Order());

        await world.ScaleAsync(Known.Deployments, "shop", 120);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        var after = world.List(Known.EndpointSlices).ToDictionary(slice => slice.Name(), slice => slice.Objects("endpoints").Select(one => one.Text("targetRef", "uid")).ToHashSet());
        Assert.Equal(120, after.Values.Sum(uids => uids.Count));
        Assert.All(after, slice => Assert.Subset(before[slice.Key], slice.Value));
    }

    [Fact]
    public async Task A_service_without_pods_has_one_empty_slice_and_a_deleted_one_has_none()
    {
        await using var world = await WithShopAsync(replicas: 0);
        Assert.Empty(Slice(world).Objects("endpoints"));

        await world.DeleteAsync(Known.Services, "shop");

        Assert.Empty(world.List(Known.EndpointSlices));
    }

    [Fact]
    public async Task A_slice_that_somebody_deletes_comes_back()
    {
        await using var world = await WithShopAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        await world.DeleteAsync(Known.EndpointSlices, Slice(world).Name());

        Assert.Equal(2, Slice(world).Objects("endpoints").Count());
    }

    [Fact]
    public async Task An_idle_service_is_written_once()
    {
        await using var world = await WithShopAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var version = Slice(world).ResourceVersion();

        await world.ChangeAsync(Known.Services, "shop", service => service["metadata"]!["annotations"] = new JsonObject { ["x"] = "1" });

        Assert.Equal(version, Slice(world).ResourceVersion());
    }
}

file static class SliceShapes
{
    public static bool IsControlledByService(this JsonObject slice, JsonObject service) =>
        slice.Objects("metadata", "ownerReferences").Single() is var owner && owner.Text("uid") == service.Uid() && owner.Text("kind") == "Service" && owner.Flag("controller");
}
