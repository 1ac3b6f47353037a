using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class LabelSelectorTests
{
    private static readonly System.Collections.Immutable.ImmutableDictionary<string, string> Labels = Sample.Map(("app", "shop"), ("tier", "web"), ("empty", ""));

    [Fact]
    public void An_empty_selector_matches_everything_and_an_absent_one_nothing()
    {
        Assert.True(LabelSelectors.Matches(new(), Labels));
        Assert.False(LabelSelectors.Matches(null, Labels));
    }

    [Theory]
    [InlineData("app", "shop", true)]
    [InlineData("app", "cart", false)]
    [InlineData("App", "shop", false)]
    [InlineData("zone", "", false)]
    [InlineData("empty", "", true)]
    public void A_label_must_have_the_value(string key, string value, bool expected) =>
        Assert.Equal(expected, LabelSelectors.Matches(new() { MatchLabels = Sample.Map((key, value)) }, Labels));

    [Theory]
    [InlineData("app", "In", "shop cart", true)]
    [InlineData("app", "In", "cart", false)]
    [InlineData("zone", "In", "a", false)]
    [InlineData("app", "NotIn", "cart", true)]
    [InlineData("app", "NotIn", "shop", false)]
    [InlineData("zone", "NotIn", "a", true)]
    [InlineData("app", "Exists", "", true)]
    [InlineData("empty", "Exists", "", true)]
    [InlineData("zone", "Exists", "", false)]
    [InlineData("zone", "DoesNotExist", "", true)]
    [InlineData("app", "DoesNotExist", "", false)]
    [InlineData("app", "Like", "shop", false)]
    [InlineData("app", "in", "shop", false)]
    public void An_expression_holds_as_kubernetes_says(string key, string @operator, string values, bool expected)
    {
        var requirement = Sample.Requirement(key, @operator, values.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, LabelSelectors.Matches(new() { MatchExpressions = [requirement] }, Labels));
    }

    [Fact]
    public void All_requirements_hold_together()
    {
        var selector = new LabelSelector { MatchLabels = Sample.Map(("app", "shop")), MatchExpressions = [Sample.Requirement("tier", "In", "db")] };

        Assert.False(LabelSelectors.Matches(selector, Labels));
        Assert.True(LabelSelectors.Matches(selector with { MatchExpressions = [Sample.Requirement("tier", "In", "db", "web")] }, Labels));
    }

    [Fact]
    public void The_query_says_the_same_in_one_line()
    {
        var selector = new LabelSelector
        {
            MatchLabels = Sample.Map(("tier", "web"), ("app", "shop")),
            MatchExpressions =
            [
                Sample.Requirement("zone", "In", "a", "b"), Sample.Requirement("track", "NotIn", "canary"),
                Sample.Requirement("slipway.dev/x", "Exists"), Sample.Requirement("old", "DoesNotExist"),
            ],
        };

        Assert.Equal("app=shop,tier=web,zone in (a,b),track notin (canary),slipway.dev/x,!old", LabelSelectors.ToQuery(selector));
        Assert.Equal("", LabelSelectors.ToQuery(new()));
    }

    [Theory]
    [InlineData("zone", "In", "", "matchExpressions[0].values: In needs at least one value")]
    [InlineData("zone", "NotIn", "", "matchExpressions[0].values: NotIn needs at least one value")]
    [InlineData("zone", "Exists", "a", "matchExpressions[0].values: Exists takes no values")]
    [InlineData("zone", "Equals", "a", "matchExpressions[0].operator: 'Equals' is not an operator; use In, NotIn, Exists or DoesNotExist")]
    [InlineData("", "Exists", "", "matchExpressions[0].key: is empty")]
    [InlineData("zone", "In", "a", null)]
    [InlineData("zone", "DoesNotExist", "", null)]
    public void What_is_wrong_with_a_selector_names_the_field(string key, string @operator, string values, string? expected) =>
        Assert.Equal(expected, LabelSelectors.Problem(new() { MatchExpressions = [Sample.Requirement(key, @operator, values.Split(' ', StringSplitOptions.RemoveEmptyEntries))] }));

    [Fact]
    public void A_selector_without_requirements_is_empty_however_it_is_written()
    {
        Assert.True(LabelSelectors.IsEmpty(null));
        Assert.True(LabelSelectors.IsEmpty(new()));
        Assert.True(LabelSelectors.IsEmpty(new() { MatchLabels = Sample.Map(), MatchExpressions = [] }));
        Assert.False(LabelSelectors.IsEmpty(new() { MatchLabels = Sample.Map(("a", "b")) }));
        Assert.False(LabelSelectors.IsEmpty(new() { MatchExpressions = [Sample.Requirement("a", "Exists")] }));
    }
}
