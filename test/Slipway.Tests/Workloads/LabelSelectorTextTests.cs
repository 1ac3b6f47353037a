using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class LabelSelectorTextTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["team"] = "web", ["app.kubernetes.io/name"] = "shop" };

    [Theory]
    [InlineData("", true)]
    [InlineData("team=web", true)]
    [InlineData("team==web,app.kubernetes.io/name=shop", true)]
    [InlineData("team=api", false)]
    [InlineData("team!=api", true)]
    [InlineData("tier!=cache", true)]
    [InlineData("team in (api, web),!tier", true)]
    [InlineData("team notin (api,web)", false)]
    [InlineData("tier", false)]
    [InlineData("team", true)]
    public void It_matches_as_kubectl_does(string text, bool matches)
    {
        var selector = LabelSelectorText.Parse(text, out var problem);
        Assert.True(selector is not null, problem);
        Assert.Equal(matches, LabelSelectors.Matches(selector, Labels));
    }

    [Theory]
    [InlineData("a=b=c")]
    [InlineData("a in b")]
    [InlineData("a in (b")]
    [InlineData("=b")]
    [InlineData("a b")]
    [InlineData("a>1")]
    public void What_is_no_requirement_is_told(string text)
    {
        Assert.Null(LabelSelectorText.Parse(text, out var problem));
        Assert.Contains("is no requirement", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_bounded() => Assert.Null(LabelSelectorText.Parse(new string('a', LabelSelectorText.Longest + 1), out _));
}
