using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class EndpointsTests
{
    private const string Service = """
        {"metadata":{"name":"shop","namespace":"default"},
         "spec":{"selector":{"app":"shop"},"ports":[{"name":"http","port":80,"targetPort":8080},{"name":"named","port":81,"targetPort":"web","protocol":"UDP"}]}}
        """;

    private static string[] Addresses(World world, string which = "addresses") =>
        [.. world.Get(Known.Endpoints, "shop").Objects("subsets").SelectMany(subset => subset.Objects(which)).Select(address => address.Text("targetRef", "name"))];

    private static async Task<World> WithShopAsync(params (string, string)[] labels)
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0", labels);
        await world.CreateAsync(Known.Services, Service);
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":2", $$"""{"name":"web","image":"{{world.Image("1.0")}}","ports":[{"name":"web","containerPort":9090}]}"""));
        return world;
    }

    [Fact]
    public async Task A_service_has_the_pods_that_are_ready()
    {
        await using var world = await WithShopAsync();
        Assert.Equal((0, 2), (Addresses(world).Length, Addresses(world, "notReadyAddresses").Length));

        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(world.Pods.Select(pod => pod.Name()), Addresses(world));
        Assert.Empty(Addresses(world, "notReadyAddresses"));
    }

    [Fact]
    public async Task Ports_are_those_of_the_containers()
    {
        await using var world = await WithShopAsync();

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""[{"port":8080,"protocol":"TCP","name":"http"},{"port":9090,"protocol":"UDP","name":"named"}]"""),
            world.Get(Known.Endpoints, "shop")["subsets"]![0]!["ports"]));
    }

    [Fact]
    public async Task A_pod_that_ends_is_taken_out_at_once()
    {
        await using var world = await WithShopAsync((ImageBehaviour.StopAfterLabel, "10s"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var first = world.Pods[0].Name();

        await world.DeleteAsync(Known.Pods, first);

        Assert.True(world.Get(Known.Pods, first).IsBeingDeleted());
        Assert.DoesNotContain(first, Addresses(world));
    }

    [Fact]
    public async Task A_service_that_is_scaled_to_nothing_or_deleted_has_none()
    {
        await using var world = await WithShopAsync();
        await world.ScaleAsync(Known.Deployments, "shop", 0);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(world.Get(Known.Endpoints, "shop").Objects("subsets"));

        await world.DeleteAsync(Known.Services, "shop");

        Assert.Null(world.Store.Find(Known.Endpoints, "default", "shop"));
    }

    [Fact]
    public async Task A_selector_that_moves_takes_other_pods()
    {
        await using var world = await WithShopAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        await world.ChangeAsync(Known.Services, "shop", service => service["spec"]!["selector"] = new JsonObject { ["app"] = "other" });

        Assert.Empty(Addresses(world));
    }
}
