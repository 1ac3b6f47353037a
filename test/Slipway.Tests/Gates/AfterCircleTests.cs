using Slipway.Api;
using Slipway.Gates;
using Slipway.Rollouts;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Gates;

public sealed class AfterCircleTests
{
    private static Func<string, IEnumerable<string>> Chain(params (string From, string[] To)[] edges) => at => edges.Where(edge => edge.From == at).SelectMany(edge => edge.To);

    [Fact]
    public void A_chain_that_ends_is_none() => Assert.Null(AfterCircle.Find("a", "b", Chain(("a", ["b"]), ("b", ["c"]))));

    [Fact]
    public void One_that_comes_back_is_told_step_by_step() =>
        Assert.Equal("a waits for b, which waits for c, which waits for a", AfterCircle.Find("a", "b", Chain(("a", ["b"]), ("b", ["x", "c"]), ("c", ["a"]))));

    [Fact]
    public void One_that_waits_for_itself_is_told() => Assert.Equal("a waits for a", AfterCircle.Find("a", "a", Chain(("a", ["a"]))));

    [Fact]
    public void A_circle_of_others_is_theirs_and_ends_the_search() => Assert.Null(AfterCircle.Find("a", "b", Chain(("a", ["b"]), ("b", ["c"]), ("c", ["b"]))));

    [Fact]
    public void What_goes_on_for_ever_is_left_to_be_a_wait() => Assert.Null(AfterCircle.Find("0", "1", at => [$"{int.Parse(at, null) + 1}"]));

    public static TheoryData<DeliveryStatus?, OtherDelivery> Others => new()
    {
        { null, new("staging/shop", null, null, "it is not ready there (nobody has looked yet)") },
        { Ready("True", "UpToDate"), new("staging/shop", New.Digest, Noon) },
        { Ready("True", "TooYoung") with { Rollout = new RolloutState.Held("ManualRollback", "", Noon) }, new("staging/shop", New.Digest, Noon) },
        { Ready("False", "RolledBack"), new("staging/shop", New.Digest, null, "it is not ready there (RolledBack)") },
        { Ready("True", "UpToDate") with { Rollout = new RolloutState.Advancing(Second, 0, Noon) }, new("staging/shop", New.Digest, null, "it is not ready there (UpToDate)") },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_another_delivery_nothing_is_told_but_how_it_does(DeliveryStatus? status, OtherDelivery told) =>
        Assert.Equal(told, OtherDelivery.Of("staging/shop", new Delivery { Status = status }));

    private static DeliveryStatus Ready(string status, string reason) => new() { Current = New.By(2), Conditions = [new("Ready", status, reason, "secret", Noon)] };
}
