using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Traffic;

namespace Slipway.Tests.Traffic;

/// <summary>By which label the new version's pods are told from the stable ones, and what stands against it.</summary>
public sealed class LabelChoiceTests
{
    private static readonly ImmutableDictionary<string, string> Labels = Map(("app", "shop"), ("tier", "web"));

    [Fact]
    public void A_label_that_the_user_gave_for_it_is_taken_and_nothing_hangs_on_it()
    {
        var choice = LabelChoices.Choose("shop", Map(("app", "shop"), ("slipway.dev/track", "stable")), Labels.Add("slipway.dev/track", "stable"), "canary", [Finder("Service", "other", ("app", "shop"))]);

        Assert.Equal(new LabelOverride("slipway.dev/track", "stable", "canary"), choice.Label);
        Assert.Null(choice.Refusal);
    }

    [Fact]
    public void Of_several_the_label_is_taken_on_which_the_least_hangs()
    {
        PodFinder[] finders = [Finder("Service", "internal", ("app", "shop")), Finder("PodDisruptionBudget", "shop", ("tier", "web"))];

        var choice = LabelChoices.Choose("shop", Labels, Labels, "canary", finders);

        Assert.Equal(new LabelOverride("tier", "web", "web-canary"), choice.Label);
        Assert.Equal("PodDisruptionBudget shop", Assert.Single(choice.Notes).ToString());
    }

    [Theory]
    [InlineData("Service", "internal")]
    [InlineData("NetworkPolicy", "from-edge")]
    public void What_requests_hang_on_is_refused_by_name_with_the_way_out(string kind, string name)
    {
        var choice = LabelChoices.Choose("shop", Map(("app", "shop")), Labels, "canary", [Finder(kind, name, ("app", "shop"))]);

        Assert.Null(choice.Label);
        Assert.Equal(
            $"pods of the new version need another value of label app, so that Service shop does not match them, and then {kind} {name} would not either; "
            + "add the label slipway.dev/track: stable to the pod template, and to the selector of Service shop", choice.Refusal);
    }

    [Fact]
    public void Who_finds_pods_by_another_label_or_finds_all_of_them_loses_nothing()
    {
        PodFinder[] finders = [Finder("Service", "by-tier", ("tier", "web")), new("NetworkPolicy", "all", [new LabelSelector()]), Finder("Service", "foreign", ("app", "other"))];

        Assert.Equal(new LabelOverride("app", "shop", "shop-canary"), LabelChoices.Choose("shop", Map(("app", "shop")), Labels, "canary", finders).Label);
    }

    [Fact]
    public void A_policy_that_lets_the_pods_in_elsewhere_counts_as_well_as_one_that_is_for_them()
    {
        var policy = new PodFinder("NetworkPolicy", "database", [Selector(("app", "db")), Selector(("app", "shop"))]);

        Assert.Contains("NetworkPolicy database", LabelChoices.Choose("shop", Map(("app", "shop")), Labels, "canary", [policy]).Refusal!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_without_a_label_of_the_pods_gives_no_choice() =>
        Assert.Equal("the selector of Service shop names no label of the stable pods", LabelChoices.Choose("shop", Map(("app", "other")), Labels, "canary", []).Refusal);

    [Theory]
    [InlineData("app=shop,shop-canary", "app", "shop", "shop-canary")]
    [InlineData("example.com/x=,y", "example.com/x", "", "y")]
    public void It_is_read_again_as_it_was_noted(string text, string key, string was, string to)
    {
        Assert.True(LabelOverride.TryParse(text, out var label));
        Assert.Equal((new LabelOverride(key, was, to), text), (label, label.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("app")]
    [InlineData("app=shop")]
    [InlineData("=a,b")]
    [InlineData("app=a,b,c")]
    public void What_was_not_noted_by_us_is_no_label(string? text) => Assert.False(LabelOverride.TryParse(text, out _));

    private static PodFinder Finder(string kind, string name, params (string, string)[] labels) => new(kind, name, [Selector(labels)]);

    private static LabelSelector Selector(params (string, string)[] labels) => new() { MatchLabels = Map(labels) };

    private static ImmutableDictionary<string, string> Map(params (string Key, string Value)[] labels) => labels.ToImmutableDictionary(label => label.Key, label => label.Value);
}
