using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Tests.Controllers;

/// <summary>Several Deliveries on one workload, each for its own containers; one image in several containers of several workloads.</summary>
public sealed class SharedWorkloadTests
{
    [Fact]
    public async Task Two_deliveries_move_two_containers_of_one_workload_by_policies_of_their_own()
    {
        await using var world = await ControllerWorld.StartAsync();
        await PushAsync(world, "acme/web", "1.0.0");
        await PushAsync(world, "acme/proxy", "7");
        await ApplyAsync(world, "shop", ("web", "acme/web:1.0.0", false), ("proxy", "acme/proxy:7", false));
        await world.DeliverAsync(Containers("web"), name: "web");
        await world.DeliverAsync(Containers("proxy"), """{"follow":{"numeric":{}},"interval":"1s"}""", name: "proxy");
        await world.EndsAsync(1, "Succeeded", "web");
        await world.EndsAsync(1, "Succeeded", "proxy");

        await PushAsync(world, "acme/web", "1.1.0");
        await world.EndsAsync(2, "Succeeded", "web");
        await PushAsync(world, "acme/proxy", "8");
        await world.EndsAsync(2, "Succeeded", "proxy");

        var images = await ImagesAsync(world, "shop");
        Assert.Contains("acme/web:1.1.0@sha256:", images["web"], StringComparison.Ordinal);
        Assert.Contains("acme/proxy:8@sha256:", images["proxy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_failure_of_one_container_takes_back_that_one_and_leaves_the_other_delivery_alone()
    {
        await using var world = await ControllerWorld.StartAsync();
        await PushAsync(world, "acme/web", "1.0.0");
        await PushAsync(world, "acme/proxy", "1.0.0");
        await ApplyAsync(world, "shop", ("web", "acme/web:1.0.0", false), ("proxy", "acme/proxy:1.0.0", false));
        await world.DeliverAsync(Containers("web"), name: "web");
        await world.DeliverAsync(Containers("proxy"), name: "proxy");
        await world.EndsAsync(1, "Succeeded", "web");
        await world.EndsAsync(1, "Succeeded", "proxy");
        await PushAsync(world, "acme/proxy", "1.1.0");
        await world.EndsAsync(2, "Succeeded", "proxy");

        await PushAsync(world, "acme/web", "1.1.0", (ImageBehaviour.CrashLabel, "exit 1"));
        await world.EndsAsync(2, "RolledBack", "web");

        var images = await ImagesAsync(world, "shop");
        Assert.Contains("acme/web:1.0.0", images["web"], StringComparison.Ordinal);
        Assert.Contains("acme/proxy:1.1.0@", images["proxy"], StringComparison.Ordinal);
        Assert.Equal(2, (await world.HistoryAsync("proxy")).Count);
    }

    [Fact]
    public async Task One_image_moves_together_in_init_and_other_containers_of_several_workloads()
    {
        await using var world = await ControllerWorld.StartAsync();
        await PushAsync(world, "acme/shop", "1.0.0");
        await PushAsync(world, "acme/proxy", "1.0.0");
        await ApplyAsync(world, "shop", ("web", "acme/shop:1.0.0", false), ("sidecar", "acme/shop:1.0.0", false), ("proxy", "acme/proxy:1.0.0", false));
        await ApplyAsync(world, "worker", ("worker", "acme/shop:1.0.0", false));
        await world.DeliverAsync("""[{"name":"shop"},{"name":"worker"}]""");
        await world.EndsAsync(1, "Succeeded");

        var digest = await PushAsync(world, "acme/shop", "1.1.0");
        await world.EndsAsync(2, "Succeeded");

        var (shop, worker, expected) = (await ImagesAsync(world, "shop"), await ImagesAsync(world, "worker"), $"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}");
        Assert.Equal((expected, expected, expected), (shop["web"], shop["sidecar"], worker["worker"]));
        Assert.Equal(world.Sandbox.Image("acme/proxy", "1.0.0"), shop["proxy"]);
    }

    [Fact]
    public async Task An_init_container_of_the_same_image_moves_with_the_others()
    {
        await using var world = await ControllerWorld.StartAsync();
        await PushAsync(world, "acme/shop", "1.0.0");

        // Its pods would wait for ever for an init container that does not end: without pods the template is all there is to see.
        await ApplyAsync(world, "shop", 0, ("migrate", "acme/shop:1.0.0", true), ("web", "acme/shop:1.0.0", false));
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");

        var digest = await PushAsync(world, "acme/shop", "1.1.0");
        await world.EndsAsync(2, "Succeeded");

        var images = await ImagesAsync(world, "shop");
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", images["migrate"]);
        Assert.Equal(images["migrate"], images["web"]);
    }

    private static string Containers(string name) => $$"""[{"name":"shop","containers":["{{name}}"]}]""";

    private static Task<string> PushAsync(ControllerWorld world, string repository, string tag, params (string, string)[] labels) =>
        world.Sandbox.PushAsync(repository, tag, TestContext.Current.CancellationToken, [("repository", repository), .. labels]);

    private static Task ApplyAsync(ControllerWorld world, string name, params (string Name, string Image, bool Init)[] containers) => ApplyAsync(world, name, 1, containers);

    private static Task ApplyAsync(ControllerWorld world, string name, int replicas, params (string Name, string Image, bool Init)[] containers)
    {
        JsonArray Of(bool init) => new([.. containers.Where(container => container.Init == init).Select(container =>
            new JsonObject { ["name"] = container.Name, ["image"] = $"{world.Sandbox.Registry.Address}/{container.Image}" })]);
        var labels = new JsonObject { ["app"] = name };
        return world.ApplyAsync(ResourceTypes.Deployments, name, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels },
                    ["spec"] = new JsonObject { ["initContainers"] = Of(init: true), ["containers"] = Of(init: false) },
                },
            },
        });
    }

    private static async Task<Dictionary<string, string>> ImagesAsync(ControllerWorld world, string name)
    {
        var pod = (await world.ObjectAsync(ResourceTypes.Deployments, name))["spec"]!["template"]!["spec"]!;
        return (pod["initContainers"] as JsonArray ?? []).Concat(pod["containers"]!.AsArray()).ToDictionary(container => (string)container!["name"]!, container => (string)container!["image"]!);
    }
}
