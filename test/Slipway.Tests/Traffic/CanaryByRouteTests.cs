using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Sandbox.Storage;
using Slipway.Tests.Controllers;
using static Slipway.Tests.Traffic.SideWorld;
using ObjectKey = Slipway.Kube.ObjectKey;

namespace Slipway.Tests.Traffic;

/// <summary>A canary whose weight a router gives: HTTPRoute, ingress-nginx, Traefik. The router's object is the user's, and stays it.</summary>
public sealed class CanaryByRouteTests
{
    private static readonly ResourceType Routes = new("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute");
    private static readonly ResourceType TraefikServices = new("traefik.io", "v1alpha1", "traefikservices", "TraefikService");

    private const string Rules = """
        [{"matches":[{"path":{"type":"PathPrefix","value":"/"}}],
          "filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"x-edge","value":"1"}]}}],
          "backendRefs":[{"name":"shop","port":80,"weight":100},{"name":"legacy","port":80,"weight":3}],
          "somethingNew":{"kept":true}},
         {"matches":[{"path":{"type":"PathPrefix","value":"/static"}}],"backendRefs":[{"name":"assets","port":80}]}]
        """;

    private static string Strategy(string router, string steps = """[{"weight":20,"approval":{}}]""") =>
        $$"""{"canary":{"steps":{{steps}},"traffic":{"settle":"0s","drain":"0s",{{router}} } } }""";

    private static async Task<ControllerWorld> WithRouteAsync(string steps = """[{"weight":20,"approval":{}}]""") => await StartAsync(Strategy(@"""httpRoute"":{""name"":""shop""}", steps), before: async world =>
    {
        await world.DefineAsync(Routes);
        await world.ServiceAsync("legacy", """{"app":"legacy"}""");
        await world.ServiceAsync("assets", """{"app":"assets"}""");
        await world.ApplyAsync(Routes, "shop", new JsonObject { ["spec"] = new JsonObject { ["parentRefs"] = JsonNode.Parse("""[{"name":"edge"}]"""), ["rules"] = JsonNode.Parse(Rules) } });
    });

    [Fact]
    public async Task Only_two_weights_of_a_route_are_written_and_it_is_given_back_as_it_was()
    {
        await using var world = await WithRouteAsync();
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        var rules = (await world.FindAsync(Routes, "shop"))!["spec"]!["rules"]!;
        Assert.Equal(
            """[{"name":"shop","port":80,"weight":80},{"name":"shop-canary","port":80,"weight":20},{"name":"legacy","port":80,"weight":3}]""",
            rules[0]!["backendRefs"]!.ToJsonString());
        var theirs = JsonNode.Parse(Rules)!;
        Assert.True(JsonNode.DeepEquals(theirs[1], rules[1]));
        Assert.True(JsonNode.DeepEquals(theirs[0]!["filters"], rules[0]!["filters"]) && JsonNode.DeepEquals(theirs[0]!["somethingNew"], rules[0]!["somethingNew"]));

        // Its pods are told apart by one label, so that the stable Service has none of them.
        var canary = (await world.FindAsync(ResourceTypes.Deployments, "shop-canary"))!;
        Assert.Equal("shop-canary", (string?)canary["spec"]!["template"]!["metadata"]!["labels"]!["app"]);
        Assert.All(await world.EndpointsAsync(), pod => Assert.DoesNotContain("canary", pod, StringComparison.Ordinal));
        Assert.Single(await world.EndpointsAsync("shop-canary"));

        await world.AnnotateAsync("slipway.dev/abort", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "RolledBack");
        await world.GoneAsync(ResourceTypes.Services, "shop-canary");
        var after = (await world.FindAsync(Routes, "shop"))!;
        Assert.True(JsonNode.DeepEquals(theirs, after["spec"]!["rules"]), after.ToJsonString());
        Assert.Null((after["metadata"]!["annotations"] as JsonObject)?["slipway.dev/canary"]);
    }

    [Fact]
    public async Task No_weight_is_written_before_the_service_of_the_new_version_has_endpoints()
    {
        await using var world = await WithRouteAsync();
        var known = new List<int>();
        world.Sandbox.Store.Committed += change =>
        {
            if (change.Key.Resource.Plural == Routes.Plural && change.Value.ToJsonString().Contains("""{"name":"shop-canary","port":80,"weight":20}""", StringComparison.Ordinal))
            {
                var slices = world.Sandbox.Store.List(new GroupResource("discovery.k8s.io", "endpointslices"), "default").Items.Where(slice => (string?)slice["metadata"]!["labels"]?["kubernetes.io/service-name"] == "shop-canary");
                known.Add(slices.Sum(slice => (slice["endpoints"] as JsonArray)?.Count ?? 0));
            }
        };

        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);
        Assert.Equal(1, known[0]);
    }

    [Fact]
    public async Task Header_and_mirror_are_rules_of_ours_for_as_long_as_their_step_lasts()
    {
        await using var world = await WithRouteAsync("""[{"weight":0,"match":[{"header":{"name":"x-canary","value":"always"}}],"mirror":true,"approval":{}},{"weight":50,"approval":{}}]""");
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at is { Step: 0, Stage: Stage.Holding });
        var rules = (await world.FindAsync(Routes, "shop"))!["spec"]!["rules"]!.AsArray();
        Assert.Equal(3, rules.Count);
        Assert.Equal("""[{"type":"Exact","name":"x-canary","value":"always"}]""", rules[0]!["matches"]![0]!["headers"]!.ToJsonString());
        Assert.Equal("""[{"name":"shop-canary","port":80,"weight":1}]""", rules[0]!["backendRefs"]!.ToJsonString());
        Assert.Equal("RequestMirror", (string?)rules[1]!["filters"]![1]!["type"]);
        Assert.Equal(0, (int?)rules[1]!["backendRefs"]![1]!["weight"]);

        await world.AnnotateAsync("slipway.dev/approve", "2026-11-23T00:00:00Z by ann");
        await world.StateAsync<RolloutState.Stepping>(at => at is { Step: 1, Stage: Stage.Holding });
        rules = (await world.FindAsync(Routes, "shop"))!["spec"]!["rules"]!.AsArray();
        Assert.Equal((2, 50), (rules.Count, (int?)rules[0]!["backendRefs"]![1]!["weight"]));
        Assert.Single(rules[0]!["filters"]!.AsArray());
    }

    [Fact]
    public async Task A_weight_that_somebody_writes_over_is_written_again()
    {
        await using var world = await WithRouteAsync();
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        await world.Any(Routes).MergePatchAsync(new ObjectKey("default", "shop"), new JsonObject { ["spec"] = new JsonObject { ["rules"] = JsonNode.Parse(Rules) } }, Stop, manager: "argocd");
        await world.UntilAsync("it is 20 again", async () => (await world.FindAsync(Routes, "shop"))!["spec"]!["rules"]![0]!["backendRefs"]!.AsArray() is { Count: 3 } all && (int?)all[1]!["weight"] == 20 ? "yes" : null);
    }

    [Theory]
    [InlineData("""{"name":"shop-internal","selector":{"app":"shop"}}""", "Service shop-internal would not either; add the label slipway.dev/track: stable to the pod template, and to the selector of Service shop")]
    public async Task What_would_lose_the_new_versions_pods_is_named_before_anything_starts(string other, string says)
    {
        var given = JsonNode.Parse(other)!;
        await using var world = await StartAsync(Strategy(@"""httpRoute"":{""name"":""shop""},""service"":""shop"""), before: async world =>
        {
            await world.DefineAsync(Routes);
            await world.ServiceAsync((string)given["name"]!, given["selector"]!.ToJsonString());
            await world.ApplyAsync(Routes, "shop", new JsonObject { ["spec"] = new JsonObject { ["rules"] = JsonNode.Parse("""[{"backendRefs":[{"name":"shop","port":80}]}]""") } });
        });
        await world.PushAsync("1.1.0");

        Assert.Contains(says, await HeldAsync(world), StringComparison.Ordinal);
        Assert.Null(await world.FindAsync(ResourceTypes.Deployments, "shop-canary"));
    }

    [Fact]
    public async Task A_router_that_is_not_there_or_names_another_service_is_told()
    {
        await using var world = await StartAsync(Strategy(@"""httpRoute"":{""name"":""shop""}"));
        await world.PushAsync("1.1.0");
        Assert.Contains("the API server has no HTTPRoute (gateway.networking.k8s.io); install its definitions", await HeldAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingress_nginx_gets_a_second_ingress_that_goes_with_the_canary()
    {
        await using var world = await StartAsync(Strategy(@"""ingress"":{""name"":""shop""}", """[{"weight":20,"match":[{"header":{"name":"x-canary","value":"yes"}}],"approval":{}}]"""), before: world => world.ApplyAsync(ResourceTypes.Ingresses, "shop", new JsonObject
        {
            ["spec"] = JsonNode.Parse("""
                {"ingressClassName":"nginx","rules":[{"host":"shop.example","http":{"paths":[
                  {"path":"/","pathType":"Prefix","backend":{"service":{"name":"shop","port":{"number":80}}}},
                  {"path":"/static","pathType":"Prefix","backend":{"service":{"name":"assets","port":{"number":80}}}}]}}]}
                """),
        }));
        var before = (await world.FindAsync(ResourceTypes.Ingresses, "shop"))!.ToJsonString();
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        var canary = (await world.FindAsync(ResourceTypes.Ingresses, "shop-canary"))!;
        Assert.Equal(("true", "20", "x-canary", "yes"), (Annotation(canary, "canary"), Annotation(canary, "canary-weight"), Annotation(canary, "canary-by-header"), Annotation(canary, "canary-by-header-value")));
        var path = Assert.Single(canary["spec"]!["rules"]![0]!["http"]!["paths"]!.AsArray())!;
        Assert.Equal(("shop.example", "/", "shop-canary", "nginx"), ((string?)canary["spec"]!["rules"]![0]!["host"], (string?)path["path"], (string?)path["backend"]!["service"]!["name"], (string?)canary["spec"]!["ingressClassName"]));

        await world.AnnotateAsync("slipway.dev/approve", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "Succeeded");
        await world.GoneAsync(ResourceTypes.Ingresses, "shop-canary");
        Assert.Equal(before, (await world.FindAsync(ResourceTypes.Ingresses, "shop"))!.ToJsonString());
    }

    [Fact]
    public async Task Traefik_divides_by_the_weights_of_its_service()
    {
        const string weighted = """{"services":[{"name":"shop","port":80,"weight":1}]}""";
        await using var world = await StartAsync(Strategy(@"""traefikService"":{""name"":""shop""}"), before: async world =>
        {
            await world.DefineAsync(TraefikServices);
            await world.ApplyAsync(TraefikServices, "shop", new JsonObject { ["spec"] = new JsonObject { ["weighted"] = JsonNode.Parse(weighted) } });
        });
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);
        Assert.Equal(
            """{"services":[{"name":"shop","port":80,"weight":80},{"name":"shop-canary","port":80,"weight":20}]}""", (await world.FindAsync(TraefikServices, "shop"))!["spec"]!["weighted"]!.ToJsonString());

        await world.AnnotateAsync("slipway.dev/abort", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "RolledBack");
        Assert.Equal(weighted, (await world.FindAsync(TraefikServices, "shop"))!["spec"]!["weighted"]!.ToJsonString());
    }

    private static async Task<string> HeldAsync(ControllerWorld world) =>
        (await world.UntilAsync("it is held", async () => (await world.DeliveryAsync()).Status?.Held is { Reason: "StrategyImpossible" } held ? held : null)).Message;

    private static string? Annotation(JsonObject ingress, string name) => (string?)ingress["metadata"]!["annotations"]![$"nginx.ingress.kubernetes.io/{name}"];
}
