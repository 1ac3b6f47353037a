using System.Collections.Immutable;
using Slipway.Rollouts;
using Slipway.Traffic;

namespace Slipway.Tests.Traffic;

/// <summary>Whose requests are divided, and what is said where that cannot be told.</summary>
public sealed class ServiceChoiceTests
{
    private static readonly ImmutableDictionary<string, string> Labels = ImmutableDictionary<string, string>.Empty.Add("app", "shop");
    private static readonly ServiceSnapshot Shop = new("shop", Labels, false, null, null);
    private static readonly ServiceSnapshot Other = new("other", Labels.SetItem("app", "other"), false, null, null);
    private static readonly TrafficPlan Route = new() { Router = RouterKind.HttpRoute, Route = "edge" };
    private static readonly TrafficPlan Switch = new() { Router = RouterKind.Selector };

    [Fact]
    public void The_only_one_that_matches_is_the_one() => Assert.Equal(["shop"], Choose(Switch, null, Shop, Other));

    [Fact]
    public void Of_several_the_one_that_the_router_names_is_meant() =>
        Assert.Equal(["shop"], Choose(Route, ["shop", "assets"], Shop, Shop with { Name = "shop-internal" }));

    [Fact]
    public void One_of_ours_and_the_preview_are_not_asked() =>
        Assert.Equal(["shop"], Choose(Switch with { Preview = "shop-next" }, null, Shop, Shop with { Name = "shop-next" }, Shop with { Name = "shop-canary", Owner = "uid" }));

    [Fact]
    public void Where_the_pods_are_the_weight_all_of_them_have_the_canary_and_none_is_needed()
    {
        Assert.Equal(["metrics", "shop"], Choose(new(), null, Shop, Shop with { Name = "metrics" }));
        Assert.Empty(Choose(new(), null, Other));
    }

    [Fact]
    public void Without_a_selector_a_service_finds_nobody() => Assert.False(new ServiceSnapshot("shop", ImmutableDictionary<string, string>.Empty, false, null, null).Finds(Labels));

    [Fact]
    public void What_cannot_be_told_is_refused_with_the_field_and_the_way_out()
    {
        Assert.Equal("no Service matches the pods of Deployment shop, so there are no requests to divide; create one, or name it in spec.strategy.blueGreen.service", Problem(Switch, null, Other));
        Assert.Equal("several Services match the pods of Deployment shop (metrics, shop); name the one whose requests are to be divided in spec.strategy.blueGreen.service", Problem(Switch, null, Shop, Shop with { Name = "metrics" }));
        Assert.Equal("spec.strategy.blueGreen.service: there is no Service web; create it, or name another", Problem(Switch with { Service = "web" }, null, Shop));
        Assert.Equal("spec.strategy.blueGreen.service: the selector of Service other does not match the pods of Deployment shop; correct it, or name another Service", Problem(Switch with { Service = "other" }, null, Shop, Other));
        Assert.Equal("HTTPRoute edge names none of the Services of Deployment shop (shop); add one there, or name another router", Problem(Route, ["assets"], Shop));
        Assert.Equal("no rule of HTTPRoute edge names Service shop; add it there, or name another router", Problem(Route with { Service = "shop" }, ["assets"], Shop));
    }

    private static ImmutableArray<string> Choose(TrafficPlan traffic, string[]? routed, params ServiceSnapshot[] services)
    {
        var chosen = ServiceChoice.Choose(traffic, "shop", Labels, services, routed?.ToHashSet(), out var problem);
        Assert.Null(problem);
        return chosen;
    }

    private static string? Problem(TrafficPlan traffic, string[]? routed, params ServiceSnapshot[] services)
    {
        Assert.Empty(ServiceChoice.Choose(traffic, "shop", Labels, services, routed?.ToHashSet(), out var problem));
        return problem;
    }
}
