using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Traffic;

namespace Slipway.Tests.Traffic;

/// <summary>Two weights of a route are ours; all else of it is somebody else's, and comes back as it was (I5, I11).</summary>
public sealed class RouteEditTests
{
    private static readonly RoutePair Pair = new("shop", "shop-canary");

    public static TheoryData<string> Shapes =>
    [
        """[{"backendRefs":[{"name":"shop","port":80}]}]""",
        """[{"backendRefs":[{"name":"shop","port":80,"weight":1}]}]""",
        """[{"backendRefs":[{"name":"shop","port":80,"weight":100}]}]""",
        """[{"backendRefs":[{"name":"shop","port":80,"weight":1000},{"name":"legacy","weight":7}]},{"backendRefs":[{"name":"assets"}]}]""",
        """[{"backendRefs":[{"name":"shop","port":80,"weight":0},{"name":"legacy","weight":7}]},{"name":"main","backendRefs":[{"name":"shop","port":81}]}]""",
        """[{"filters":[{"type":"URLRewrite","urlRewrite":{"hostname":"x"}}],"timeouts":{"request":"10s"},"backendRefs":[{"name":"shop","port":80,"filters":[{"type":"ExtensionRef"}],"unheardOf":1}]}]""",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void However_often_it_is_written_it_is_given_back_as_it_was(string rules)
    {
        var route = Route(rules);
        foreach (var wish in (RouteWish[])[new(5), new(50, Matching, 1), new(50, Mirroring, 2), new(0), new(100)])
        {
            Write(route, wish);
            var reading = HttpRouteReader.Read(route, Pair);
            Assert.True(reading.Touched);
            Assert.Equal((wish.Weight, wish.Rules is null ? null : wish.Step), (reading.Weight, reading.Step));

            // In every pass again: nothing more is to be written.
            Assert.True(JsonNode.DeepEquals(route["spec"]!["rules"], HttpRouteEditor.Edit(route, Pair, wish).Part));
        }

        Write(route, new(0, Restore: true));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(rules), route["spec"]!["rules"]), route.ToJsonString());
        Assert.False(HttpRouteReader.Read(route, Pair).Touched);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weights_are_whole_all_written_and_add_up_to_what_was_there(string rules)
    {
        for (var weight = 0; weight <= 100; weight++)
        {
            var route = Route(rules);
            Write(route, new(weight));
            foreach (var rule in route["spec"]!["rules"]!.AsArray().Where(rule => rule!["backendRefs"]!.AsArray().Any(backend => (string?)backend!["name"] == "shop")))
            {
                var (stable, canary) = (Weight(rule!, "shop"), Weight(rule!, "shop-canary"));
                Assert.True(stable is >= 0 && canary is >= 0);
                Assert.True((stable, canary) is (0, 0) || 100L * canary == (long)weight * (stable + canary), $"{weight}: {rule!.ToJsonString()}");
            }
        }
    }

    [Fact]
    public void Beside_others_the_stable_weight_is_divided_and_what_cannot_be_is_refused_with_the_way_out()
    {
        var edit = HttpRouteEditor.Edit(Route("""[{"backendRefs":[{"name":"shop","weight":1},{"name":"legacy","weight":1}]}]"""), Pair, new(10));

        Assert.Equal("rule 0: Service shop has weight 1 beside 1 of others, of which 10 % is no whole number; multiply all weights of the rule by 100", edit.Problem);
    }

    [Fact]
    public void A_route_that_does_not_name_the_service_is_refused_and_one_in_another_namespace_is_another_service()
    {
        const string rules = """[{"backendRefs":[{"name":"shop","namespace":"other"},{"name":"shop","kind":"ServiceImport","group":"multicluster.x-k8s.io"}]}]""";

        Assert.Equal("no rule of it names Service shop", HttpRouteEditor.Edit(Route(rules), Pair, new(10)).Problem);
        Assert.Equal("no rule of it names Service shop any more", HttpRouteReader.Read(Route(rules), Pair).Problem);
    }

    [Fact]
    public void A_weight_that_is_left_out_is_one_and_so_requests_come()
    {
        var reading = HttpRouteReader.Read(Route("""[{"backendRefs":[{"name":"shop","weight":3},{"name":"shop-canary"}]}]"""), Pair);

        Assert.Equal(25, reading.Weight);
    }

    [Fact]
    public void Where_rules_differ_the_largest_share_counts_rounded_up()
    {
        var reading = HttpRouteReader.Read(Route("""[{"backendRefs":[{"name":"shop","weight":2},{"name":"shop-canary","weight":1}]},{"backendRefs":[{"name":"shop","weight":9},{"name":"shop-canary","weight":1}]}]"""), Pair);

        Assert.Equal(34, reading.Weight);
    }

    [Fact]
    public void A_match_is_added_to_each_of_the_rules_own_and_a_cookie_is_looked_for_in_its_header()
    {
        var route = Route("""[{"name":"main","matches":[{"path":{"value":"/a"}},{"path":{"value":"/b"},"headers":[{"name":"x","value":"y"}]}],"backendRefs":[{"name":"shop"}]}]""");
        Write(route, new(0, new PlanStep(0) { Match = [new(Header: new("x-canary", "1")), new(Cookie: new("user", "a.b"))] }, 0));

        var ours = route["spec"]!["rules"]![0]!;
        Assert.Equal(4, ours["matches"]!.AsArray().Count);
        Assert.Equal("""[{"name":"x","value":"y"},{"type":"Exact","name":"x-canary","value":"1"}]""", ours["matches"]![2]!["headers"]!.ToJsonString());
        Assert.Equal("""(^|.*;\s*)user=a\.b(;.*|$)""", (string?)ours["matches"]![1]!["headers"]![0]!["value"]);
        Assert.Null(ours["name"]);
        Assert.Equal("main", (string?)route["spec"]!["rules"]![1]!["name"]);
    }

    [Fact]
    public void More_rules_than_a_route_may_have_are_refused()
    {
        var rules = new JsonArray([.. Enumerable.Range(0, 9).Select(_ => JsonNode.Parse("""{"backendRefs":[{"name":"shop"}]}"""))]);

        Assert.Contains("it would have 18, and a route has 16 at most", HttpRouteEditor.Edit(Route(rules.ToJsonString()), Pair, new(0, Matching, 0)).Problem!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"parents":[]}""", false, null)]
    [InlineData("""{"parents":[{"parentRef":{"name":"edge"},"conditions":[{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"True","observedGeneration":2}]}]}""", true, null)]
    [InlineData("""{"parents":[{"parentRef":{"name":"edge"},"conditions":[{"type":"Accepted","status":"True","observedGeneration":1},{"type":"ResolvedRefs","status":"True","observedGeneration":2}]}]}""", false, null)]
    [InlineData("""{"parents":[{"parentRef":{"name":"other"},"conditions":[{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"True","observedGeneration":2}]}]}""", false, null)]
    [InlineData(
        """{"parents":[{"parentRef":{"name":"edge"},"conditions":[{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"False","observedGeneration":2,"reason":"BackendNotFound","message":"no shop-canary"}]}]}""",
        false, "Gateway edge says ResolvedRefs False: BackendNotFound: no shop-canary")]
    public void A_weight_is_acknowledged_when_every_parent_has_seen_it_and_accepts_it(string status, bool acknowledged, string? problem)
    {
        var route = Route("""[{"backendRefs":[{"name":"shop"}]}]""");
        route["metadata"]!["generation"] = 2;
        route["spec"]!["parentRefs"] = JsonNode.Parse("""[{"name":"edge"}]""");
        route["status"] = JsonNode.Parse(status);

        var reading = HttpRouteReader.Read(route, Pair);

        Assert.Equal((acknowledged, problem), (reading.Acknowledged, reading.Problem));
    }

    [Fact]
    public void A_record_that_a_hand_has_spoiled_loses_what_it_said_and_nothing_else()
    {
        var route = Route("""[{"backendRefs":[{"name":"shop","weight":100}]}]""");
        Write(route, new(30));
        route["metadata"]!["annotations"]![RouteRecord.Annotation] = "{not json";

        Write(route, new(0, Restore: true));
        Assert.Equal("""[{"name":"shop","weight":100}]""", route["spec"]!["rules"]![0]!["backendRefs"]!.ToJsonString());
    }

    [Fact]
    public void Traefik_is_divided_and_given_back_too()
    {
        const string services = """[{"name":"shop","port":80},{"name":"other","port":80,"weight":0}]""";
        var route = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "shop" }, ["spec"] = new JsonObject { ["weighted"] = new JsonObject { ["services"] = JsonNode.Parse(services) } } };
        foreach (var weight in (int[])[10, 75, 0])
        {
            var edit = TraefikRoute.Edit(route, Pair, new(weight));
            Take(route, edit, "weighted", "services");
            Assert.Equal((weight, true), (TraefikRoute.Read(route, Pair).Weight, TraefikRoute.Read(route, Pair).Touched));
        }

        Take(route, TraefikRoute.Edit(route, Pair, new(0, Restore: true)), "weighted", "services");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(services), route["spec"]!["weighted"]!["services"]));
        Assert.Contains("use an HTTPRoute", TraefikRoute.Edit(route, Pair, new(5, Mirroring, 0)).Problem!, StringComparison.Ordinal);
        Assert.Contains("do not name Service web", TraefikRoute.Edit(route, new("web", "web-canary"), new(5)).Problem!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, null, "mirrors by URL")]
    [InlineData(false, "yes", null, "when its value is always")]
    [InlineData(false, "always", null, null)]
    public void What_ingress_nginx_cannot_do_is_refused_before(bool mirror, string? cookie, string? header, string? says)
    {
        var step = new PlanStep(5) { Mirror = mirror, Match = cookie is null ? null : [new(Cookie: new("user", cookie)), .. header is null ? (RequestMatch[])[] : [new(Header: new("x", header))]] };

        if (says is null)
        {
            Assert.Null(CanaryIngress.Refusal(step));
        }
        else
        {
            Assert.Contains(says, CanaryIngress.Refusal(step)!, StringComparison.Ordinal);
        }
    }

    private static PlanStep Matching => new(50) { Match = [new(Header: new("x-canary", "always"))] };

    private static PlanStep Mirroring => new(50) { Mirror = true };

    private static JsonObject Route(string rules) => new() { ["metadata"] = new JsonObject { ["name"] = "shop" }, ["spec"] = new JsonObject { ["rules"] = JsonNode.Parse(rules) } };

    private static void Write(JsonObject route, RouteWish wish)
    {
        var edit = HttpRouteEditor.Edit(route, Pair, wish);
        Assert.Null(edit.Problem);
        Take(route, edit, "rules");
    }

    private static void Take(JsonObject route, RouteEdit edit, params string[] path)
    {
        path[..^1].Aggregate(route["spec"]!, (node, name) => node[name]!)[path[^1]] = edit.Part.DeepClone();
        route["metadata"]!["annotations"] = edit.Record is null ? null : new JsonObject { [RouteRecord.Annotation] = edit.Record };
    }

    private static int? Weight(JsonNode rule, string service) => (int?)rule["backendRefs"]!.AsArray().Single(backend => (string?)backend!["name"] == service)!["weight"];
}
