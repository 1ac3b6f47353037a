using System.Collections.Immutable;
using Slipway.Api;
using static Slipway.Tests.Gates.Freezing;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Gates;

public sealed class FreezeTermsTests
{
    private static readonly ImmutableDictionary<string, string> NoLabels = ImmutableDictionary<string, string>.Empty;

    [Fact]
    public void Without_a_time_it_freezes_until_it_is_deleted()
    {
        var freeze = Read(new FreezeSpec { Reason = "sale" });

        Assert.True(freeze.IsInForce(Noon));
        Assert.Null(freeze.Ends(Noon));
    }

    [Theory]
    [InlineData("2026-01-01T11:59:59Z", false)]
    [InlineData("2026-01-01T12:00:00Z", true)]
    [InlineData("2026-01-01T13:59:59.999Z", true)]
    [InlineData("2026-01-01T14:00:00Z", false)]
    public void It_has_its_first_instant_and_not_its_last(string now, bool frozen)
    {
        var freeze = Read(new FreezeSpec { From = "2026-01-01T12:00:00Z", Until = "2026-01-01T15:00:00+01:00" });

        Assert.Equal(frozen, freeze.IsInForce(DateTimeOffset.Parse(now, null)));
        Assert.Equal(Noon.AddHours(2), freeze.Ends(Noon));
    }

    [Fact]
    public void With_windows_it_freezes_within_them_and_ends_with_the_window_or_with_itself()
    {
        var freeze = Read(new FreezeSpec { Windows = [new("0 12 * * *", "2h")], Until = "2026-01-02T13:00:00Z" });

        Assert.True(freeze.IsInForce(Noon));
        Assert.Equal(Noon.AddHours(2), freeze.Ends(Noon));
        Assert.False(freeze.IsInForce(Noon.AddHours(2)));
        Assert.Equal(Noon.AddHours(25), freeze.Ends(Noon.AddDays(1)));
        Assert.False(freeze.IsInForce(Noon.AddHours(25)));
    }

    [Theory]
    [InlineData("prod", "prod", true)]
    [InlineData("prod-*", "prod-eu", true)]
    [InlineData("prod-*", "prod", false)]
    [InlineData("prod", "staging", false)]
    public void It_is_for_the_namespaces_that_it_names(string pattern, string ns, bool concerned) =>
        Assert.Equal(concerned, Read(new FreezeSpec { Namespaces = ["other", pattern] }).Concerns(ns, NoLabels));

    [Fact]
    public void It_is_for_the_deliveries_whose_labels_it_selects()
    {
        var freeze = Read(new FreezeSpec { Deliveries = new LabelSelector { MatchLabels = NoLabels.Add("tier", "web") } });

        Assert.True(freeze.Concerns("prod", NoLabels.Add("tier", "web")));
        Assert.False(freeze.Concerns("prod", NoLabels));
        Assert.True(Read(new FreezeSpec()).Concerns("prod", NoLabels));
    }

    [Theory]
    [InlineData("annotated", "kubectl-create", "annotated")]
    [InlineData(null, "kubectl-create", "kubectl-create")]
    [InlineData(null, null, null)]
    public void Who_made_it_is_what_it_says_itself_or_else_who_wrote_it(string? by, string? manager, string? told) =>
        Assert.Equal(told, Read(new FreezeSpec(), by, manager).By);

    public static TheoryData<FreezeSpec, string> Slips => new()
    {
        { new FreezeSpec { From = "24.12.26 um 18 Uhr" }, "spec.from: '24.12.26 um 18 Uhr' is no instant" },
        { new FreezeSpec { Until = "soon" }, "spec.until: 'soon' is no instant; write for example 2026-12-24T18:00:00Z" },
        { new FreezeSpec { From = "2026-01-02T00:00:00Z", Until = "2026-01-01T00:00:00Z" }, "spec.until: it is not after spec.from" },
        { new FreezeSpec { Windows = [new("0 12 * *", "2h")] }, "spec.windows[0].schedule" },
        { new FreezeSpec { Deliveries = new LabelSelector { MatchExpressions = [new("tier", "Is")] } }, "spec.deliveries: matchExpressions[0].operator" },
    };

    // Somebody wanted nothing to move: a slip in a date must not be what lets it.
    [Theory]
    [MemberData(nameof(Slips))]
    public void One_that_cannot_be_read_freezes_and_says_what_is_wrong(FreezeSpec spec, string problem)
    {
        var freeze = Read(spec);

        Assert.StartsWith(problem, $"{freeze.Problem}", StringComparison.Ordinal);
        Assert.True(freeze.IsInForce(Noon));
        Assert.True(freeze.Concerns("prod", NoLabels));
        Assert.Null(freeze.Ends(Noon));
    }
}
