using System.Text.RegularExpressions;
using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class SidesTests
{
    private static readonly MeasureContext Context = new("prod", "shop", "uid", "shop-7", "shop", "shop-canary", "1.2", "sha256:aa", "1.1", "sha256:bb");

    private static readonly MeasureWish Wish = new(new CheckPlan { Name = "a" }, 0, 0, DateTimeOffset.UnixEpoch, Context);

    [Theory]
    [InlineData("candidate.workload", "shop-canary")]
    [InlineData("stable.workload", "shop")]
    [InlineData("workload", "shop")]
    [InlineData("version", "1.2")]
    [InlineData("digest", "sha256:aa")]
    [InlineData("previous", "1.1")]
    [InlineData("previousDigest", "sha256:bb")]
    [InlineData("namespace", "prod")]
    [InlineData("delivery", "shop")]
    [InlineData("release", "shop-7")]
    [InlineData("nonsense", null)]
    public void Each_placeholder_has_its_value(string name, string? expected) => Assert.Equal(expected, Sides.Values(Wish, ofStable: false)(name));

    [Fact]
    public void A_side_is_each_of_them_in_turn()
    {
        Assert.Equal("shop-canary", Sides.Values(Wish, ofStable: false)("side.workload"));
        Assert.Equal("shop", Sides.Values(Wish, ofStable: true)("side.workload"));
        Assert.Equal(Sides.Values(Wish, ofStable: true)("stable.pods"), Sides.Values(Wish, ofStable: true)("side.pods"));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(Steps.Promotion, "shop-canary")]
    [InlineData(Steps.Rollback, "shop-canary")]
    public void Where_one_workload_runs_all_there_is_no_stable_side(int step, string? side)
    {
        var values = Sides.Values(Wish with { Step = step, Context = Context with { Side = side } }, ofStable: true);

        Assert.Equal("shop", values("candidate.workload"));
        Assert.Null(values("stable.workload"));
        Assert.Null(values("side.pods"));
    }

    [Theory]
    [InlineData("shop", "Deployment", "shop-7d9f8b6c5-x2x4z", true)]
    [InlineData("shop", "Deployment", "shop-canary-7d9f8b6c5-x2x4z", false)]
    [InlineData("shop-canary", "Deployment", "shop-canary-7d9f8b6c5-x2x4z", true)]
    [InlineData("shop", "Deployment", "shop-worker-x2x4z", true)]
    [InlineData("shop", "StatefulSet", "shop-12", true)]
    [InlineData("shop", "StatefulSet", "shop-canary-0", false)]
    [InlineData("shop", "DaemonSet", "shop-abcde", true)]
    [InlineData("shop.v1", "StatefulSet", "shop-v1-0", false)]
    [InlineData("shop.v1", "StatefulSet", "shop.v1-0", true)]
    [InlineData("a-name-that-is-so-long-that-the-server-cuts-it-for-its-pods", "Deployment", "a-name-that-is-so-long-that-the-server-cuts-it-for-its-pod2x4z5", true)]
    public void Pods_are_told_by_the_names_that_their_kind_gives_them(string workload, string kind, string pod, bool matches) =>
        Assert.Equal(matches, Regex.IsMatch(pod, $"^(?:{Sides.Pods(workload, kind, [])})$"));

    [Fact]
    public void Pods_that_are_known_are_named()
    {
        var wish = Wish with { Context = Context with { CandidatePods = ["shop-canary-a", "shop.b"], StablePods = ["shop-c"] } };

        Assert.Equal("shop-canary-a|shop[.]b", Sides.Values(wish, ofStable: false)("candidate.pods"));
        Assert.Equal("shop-c", Sides.Values(wish, ofStable: true)("side.pods"));
    }

    [Fact]
    public void On_the_way_back_the_version_before_is_the_one_that_is_measured()
    {
        var values = Sides.Values(Wish with { Step = Steps.Rollback }, ofStable: false);

        Assert.Equal(("1.1", "sha256:bb", "1.2", "sha256:aa"), (values("version"), values("digest"), values("previous"), values("previousDigest")));
    }

    [Fact]
    public void An_image_without_a_tag_has_its_digest_for_a_version_and_a_first_one_no_previous()
    {
        var values = Sides.Values(Wish with { Context = Context with { Tag = null, PreviousTag = null, PreviousDigest = null } }, ofStable: false);

        Assert.Equal(("sha256:aa", ""), (values("version"), values("previous")));
    }
}
