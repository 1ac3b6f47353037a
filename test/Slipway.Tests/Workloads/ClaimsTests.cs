using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class ClaimsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly WorkloadKey Shop = new("Deployment", "prod", "shop");
    private static readonly WorkloadKey Worker = new("Deployment", "prod", "shop-worker");

    [Fact]
    public void The_older_delivery_has_the_container_and_the_other_is_told()
    {
        var (older, younger) = (Claim("z", Monday, (Shop, "web")), Claim("a", Monday.AddSeconds(1), (Shop, "web")));

        Assert.Empty(Claims.Conflicts(older, [older, younger]));
        var conflict = Assert.Single(Claims.Conflicts(younger, [older, younger]));
        Assert.Equal(
            "container web of Deployment prod/shop is updated by Delivery prod/z, which is older; narrow spec.targets[].containers of one of them, or delete one",
            conflict.Message);
    }

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData("b", "a", "a")]
    [InlineData("Z", "a", "Z")] // by code point, as the API server sorts
    public void Of_the_same_age_the_name_decides(string one, string other, string holder)
    {
        var claims = new[] { Claim(one, Monday, (Shop, "web")), Claim(other, Monday, (Shop, "web")) };

        Assert.Equal(holder, Assert.Single(claims, claim => Claims.Conflicts(claim, claims).IsEmpty).Delivery);
    }

    [Fact]
    public void The_namespace_decides_before_the_name()
    {
        var (one, other) = (Claim("z", Monday, (Shop, "web")) with { Namespace = "a" }, Claim("a", Monday, (Shop, "web")) with { Namespace = "b" });

        Assert.Empty(Claims.Conflicts(one, [one, other]));
        Assert.Single(Claims.Conflicts(other, [one, other]));
    }

    [Fact]
    public void A_delivery_that_the_server_has_not_dated_is_the_youngest()
    {
        var (dated, undated) = (Claim("z", Monday, (Shop, "web")), Claim("a", null, (Shop, "web")));

        Assert.Empty(Claims.Conflicts(dated, [dated, undated]));
        Assert.Single(Claims.Conflicts(undated, [dated, undated]));
    }

    [Fact]
    public void Different_containers_of_one_workload_are_no_conflict()
    {
        var (one, other) = (Claim("a", Monday, (Shop, "web")), Claim("b", Monday, (Shop, "proxy"), (Worker, "web")));

        Assert.Empty(Claims.Conflicts(other, [one, other]));
    }

    [Fact]
    public void Only_what_both_want_is_in_conflict_in_a_stable_order()
    {
        var older = Claim("old", Monday, (Shop, "web"), (Shop, "migrate"), (Worker, "worker"));
        var younger = Claim("new", Monday.AddDays(1), (Worker, "worker"), (Shop, "web"), (Shop, "proxy"));

        Assert.Equal(
            ["container web of Deployment prod/shop", "container worker of Deployment prod/shop-worker"],
            Claims.Conflicts(younger, [younger, older]).Select(conflict => conflict.Container.ToString()));
    }

    [Fact]
    public void Of_several_older_ones_the_oldest_is_named()
    {
        Claim[] claims = [Claim("third", Monday.AddDays(2), (Shop, "web")), Claim("second", Monday.AddDays(1), (Shop, "web")), Claim("first", Monday, (Shop, "web"))];

        Assert.Equal("first", Assert.Single(Claims.Conflicts(claims[0], claims)).Delivery);
    }

    [Fact]
    public void Whether_the_own_claim_is_among_all_makes_no_difference()
    {
        var (older, younger) = (Claim("a", Monday, (Shop, "web")), Claim("b", Monday.AddDays(1), (Shop, "web")));

        Assert.Equal(Claims.Conflicts(younger, [older]), Claims.Conflicts(younger, [younger, older, younger]));
    }

    [Fact]
    public void Every_container_has_exactly_one_holder_whatever_the_order()
    {
        Claim[] claims = [.. Enumerable.Range(0, 20).Select(index => Claim($"d{index}", Monday.AddHours(index * 7 % 5), (Shop, "web")))];

        Assert.Equal(
            Assert.Single(claims, claim => Claims.Conflicts(claim, claims).IsEmpty),
            Assert.Single(claims, claim => Claims.Conflicts(claim, claims.Reverse()).IsEmpty));
    }

    [Fact]
    public void A_claim_is_made_of_resolved_targets()
    {
        var claim = Slipway.Workloads.Claim.Of("prod", "shop", Monday, [new(Shop, null, ["web", "migrate"]), new(Worker, null, [])]);

        Assert.Equal(2, claim.Containers.Count);
        Assert.Contains(new ClaimedContainer(Shop, "migrate"), claim.Containers);
    }

    private static Claim Claim(string name, DateTimeOffset? created, params (WorkloadKey Workload, string Container)[] containers) =>
        new("prod", name, created, [.. containers.Select(entry => new ClaimedContainer(entry.Workload, entry.Container))]);
}
