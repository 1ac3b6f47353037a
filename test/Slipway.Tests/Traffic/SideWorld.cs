using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Tests.Controllers;

namespace Slipway.Tests.Traffic;

/// <summary>A shop with a Service and a Delivery that steps, on the sandbox, and what is looked at again and again.</summary>
internal static class SideWorld
{
    public const string Fast = "\"traffic\":{\"settle\":\"0s\",\"drain\":\"0s\"}";

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Version 1.0.0 runs and is adopted.</summary>
    public static async Task<ControllerWorld> StartAsync(string strategy, int replicas = 3, Func<ControllerWorld, Task>? before = null, string service = """{"app":"shop"}""")
    {
        var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas);
        await world.ServiceAsync("shop", service);
        if (before is not null)
        {
            await before(world);
        }

        await world.DeliverAsync(more: $$"""{"strategy":{{strategy}}}""");
        await world.EndsAsync(1, "Succeeded");
        return world;
    }

    public static Task ServiceAsync(this ControllerWorld world, string name, string selector) => world.ApplyAsync(ResourceTypes.Services, name, new JsonObject
    {
        ["spec"] = new JsonObject { ["selector"] = JsonNode.Parse(selector), ["ports"] = JsonNode.Parse("""[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]""") },
    });

    public static async Task<JsonObject?> FindAsync(this ControllerWorld world, ResourceType type, string name) =>
        (await world.Any(type).GetAsync(new ObjectKey("default", name), Stop))?.Value;

    public static Task<JsonObject> AppearsAsync(this ControllerWorld world, ResourceType type, string name) =>
        world.UntilAsync($"{type.Kind} {name} is there", () => world.FindAsync(type, name));

    public static Task<string> GoneAsync(this ControllerWorld world, ResourceType type, string name) =>
        world.UntilAsync($"{type.Kind} {name} is gone", async () => await world.FindAsync(type, name) is null ? "gone" : null);

    /// <summary>Waits for a state of the rollout.</summary>
    public static Task<T> StateAsync<T>(this ControllerWorld world, Func<T, bool>? like = null)
        where T : RolloutState =>
        world.UntilAsync($"{typeof(T).Name}", async () => (await world.DeliveryAsync()).Status?.Rollout is T state && like?.Invoke(state) != false ? state : null);

    /// <summary>Names of the pods to which a Service's requests go.</summary>
    public static async Task<string[]> EndpointsAsync(this ControllerWorld world, string service = "shop")
    {
        var slices = await world.Any(new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")).ListAsync(new ListScope("default", $"kubernetes.io/service-name={service}"), Stop);
        return
        [
            .. slices.Items.SelectMany(slice => slice.Value["endpoints"] as JsonArray ?? [])
                .Where(endpoint => (bool?)endpoint!["conditions"]?["ready"] != false)
                .Select(endpoint => (string)endpoint!["targetRef"]!["name"]!)
                .Order(StringComparer.Ordinal),
        ];
    }

    public static string Image(JsonObject deployment) => (string)deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
}
