using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Traffic;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class GatewayTests
{
    private static readonly GroupResource Routes = new("gateway.networking.k8s.io", "httproutes");

    private static async Task<World> WithRouteAsync(string rules, TimeSpan routeLag = default, TimeSpan statusLag = default)
    {
        var world = await World.StartAsync();
        (world.Workloads.Traffic.RouteLag, world.Workloads.Traffic.StatusLag) = (routeLag, statusLag);
        world.Store.Resources.Replace(Routes, [HttpRouteDefinition]);
        foreach (var service in new[] { "shop", "shop-canary" })
        {
            await world.CreateAsync(Known.Services, $$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{service}}}","namespace":"default"},"spec":{"selector":{"app":"{{{service}}}"},"ports":[{"port":80}]} }""");
            await world.PushAsync(service, "1.0");
            await world.CreateAsync(Known.Deployments, Workload(service, "\"replicas\":1", Container(world.Image("1.0", service))));
        }

        await world.CreateAsync(Routes, $$$"""
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"shop","namespace":"default"},"spec":{"parentRefs":[{"name":"edge"}],"rules":[{{{rules}}}]} }
            """);
        return world;
    }

    private static readonly ResourceDefinition HttpRouteDefinition = new()
    {
        Group = Routes.Group,
        Version = "v1",
        Plural = Routes.Plural,
        Kind = "HTTPRoute",
        Namespaced = true,
        HasStatus = true,
        BuiltIn = false,
        Generation = GenerationRule.AllButMetadataAndStatus,
    };

    private static string Backends(string canary = ",\"weight\":10") =>
        $$"""{"backendRefs":[{"name":"shop","port":80,"weight":90},{"name":"shop-canary","port":80{{canary}} }]}""";

    private static JsonObject? Condition(World world, string type) =>
        world.Get(Routes, "shop").Objects("status", "parents").Single().Objects("conditions").SingleOrDefault(one => one.Text("type") == type);

    private static Task SetWeightAsync(World world, int weight) =>
        world.ChangeAsync(Routes, "shop", route => route["spec"]!["rules"]![0]!["backendRefs"]![1]!["weight"] = weight);

    [Fact]
    public async Task A_route_is_accepted_and_says_which_generation_was_seen()
    {
        await using var world = await WithRouteAsync(Backends());

        Assert.Equal(("True", "Accepted", 1), (Condition(world, "Accepted")!.Text("status"), Condition(world, "Accepted")!.Text("reason"), Condition(world, "Accepted")!.Number("observedGeneration")));
        Assert.Equal("True", Condition(world, "ResolvedRefs")!.Text("status"));
        Assert.Equal("edge", world.Get(Routes, "shop").Objects("status", "parents").Single().Text("parentRef", "name"));

        await SetWeightAsync(world, 20);
        Assert.Equal(2, Condition(world, "Accepted")!.Number("observedGeneration"));
    }

    [Fact]
    public async Task A_weight_is_in_effect_after_the_lag_of_the_data_plane_and_told_after_that_of_the_status()
    {
        await using var world = await WithRouteAsync(Backends(), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        await world.AdvanceAsync(TimeSpan.FromSeconds(10));

        await SetWeightAsync(world, 20);
        Assert.Equal([("shop", 90), ("shop-canary", 10)], world.Workloads.Traffic.Weights("default", "shop"));

        await world.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal([("shop", 90), ("shop-canary", 20)], world.Workloads.Traffic.Weights("default", "shop"));
        Assert.Equal(1, Condition(world, "Accepted")!.Number("observedGeneration"));

        await world.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(2, Condition(world, "Accepted")!.Number("observedGeneration"));
    }

    [Fact]
    public async Task A_weight_that_is_not_written_is_one()
    {
        await using var world = await WithRouteAsync(Backends(canary: ""));

        Assert.Equal([("shop", 90), ("shop-canary", 1)], world.Workloads.Traffic.Weights("default", "shop"));
    }

    [Fact]
    public async Task Requests_are_spread_by_the_weights()
    {
        await using var world = await WithRouteAsync(Backends());
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        var random = new Random(9);

        var replies = Enumerable.Range(0, 2_000).Select(_ => world.Workloads.Traffic.Send("default", "shop", new RouteRequest(), random.NextDouble)).ToArray();

        Assert.All(replies, reply => Assert.Null(reply.Failure));
        Assert.InRange(replies.Count(reply => reply.Backend!.Pod.StartsWith("shop-canary", StringComparison.Ordinal)), 140, 260);
    }

    [Fact]
    public async Task A_weight_to_a_service_without_pods_drops_its_share()
    {
        await using var world = await WithRouteAsync(Backends());
        await world.ScaleAsync(Known.Deployments, "shop-canary", 0);
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.True(world.Workloads.Traffic.Send("default", "shop", new RouteRequest(), () => 0.95).IsDropped);
        Assert.Null(world.Workloads.Traffic.Send("default", "shop", new RouteRequest(), () => 0.5).Failure);
    }

    [Fact]
    public async Task A_backend_that_is_not_there_is_told_and_drops_its_share()
    {
        await using var world = await WithRouteAsync(Backends());
        await world.DeleteAsync(Known.Services, "shop-canary");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(("False", "BackendNotFound"), (Condition(world, "ResolvedRefs")!.Text("status"), Condition(world, "ResolvedRefs")!.Text("reason")));
        Assert.Equal("service default/shop-canary is not there", world.Workloads.Traffic.Send("default", "shop", new RouteRequest(), () => 0.95).Failure);
    }

    [Fact]
    public async Task Where_all_weights_are_zero_nobody_answers()
    {
        await using var world = await WithRouteAsync("""{"backendRefs":[{"name":"shop","weight":0},{"name":"shop-canary","weight":0}]}""");

        Assert.Equal("no backend of HTTPRoute default/shop has a weight", world.Workloads.Traffic.Send("default", "shop", new RouteRequest(), () => 0).Failure);
    }

    [Fact]
    public async Task A_route_that_is_refused_says_why_and_leads_nobody()
    {
        await using var world = await World.StartAsync();
        world.Store.Resources.Replace(Routes, [HttpRouteDefinition]);
        world.Workloads.Traffic.Refusal = _ => "NoMatchingListenerHostname";

        await world.CreateAsync(Routes, """{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"shop","namespace":"default"},"spec":{"parentRefs":[{"name":"edge"}],"rules":[{}]}}""");

        Assert.Equal(("False", "NoMatchingListenerHostname"), (Condition(world, "Accepted")!.Text("status"), Condition(world, "Accepted")!.Text("reason")));
        Assert.True(world.Workloads.Traffic.Send("default", "shop", new RouteRequest(), () => 0).IsDropped);
    }

    [Fact]
    public async Task The_rule_that_says_most_of_a_request_takes_it()
    {
        await using var world = await WithRouteAsync("""
            {"backendRefs":[{"name":"shop"}]},
            {"matches":[{"headers":[{"name":"X-Canary","value":"yes"}]}],"backendRefs":[{"name":"shop-canary"}]},
            {"matches":[{"path":{"type":"PathPrefix","value":"/new"}}],"backendRefs":[{"name":"shop-canary"}]}
            """);
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        string Asked(RouteRequest request) => world.Workloads.Traffic.Send("default", "shop", request, () => 0).Backend!.Image;

        var canary = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("x-canary", "yes");
        Assert.Equal(world.Image("1.0"), Asked(new RouteRequest()));
        Assert.Equal(world.Image("1.0", "shop-canary"), Asked(new RouteRequest { Headers = canary }));
        Assert.Equal((world.Image("1.0", "shop-canary"), world.Image("1.0")), (Asked(new RouteRequest("/new/page")), Asked(new RouteRequest("/newer"))));
    }

    [Fact]
    public async Task A_deleted_route_leads_nobody_any_more()
    {
        await using var world = await WithRouteAsync(Backends());

        await world.DeleteAsync(Routes, "shop");

        Assert.Empty(world.Workloads.Traffic.Weights("default", "shop"));
    }
}
