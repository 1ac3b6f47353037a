using System.Collections.Immutable;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.History;

public sealed class RollbackTargetTests
{
    private static readonly ImmutableArray<ReleaseRecord> History =
        [Newer.Release(4, Outcomes.Succeeded), Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Succeeded), Newer.Release(3, Outcomes.RolledBack)];

    [Fact]
    public void The_last_is_the_newest_that_succeeded_with_another_digest() => Assert.Equal(2, RollbackTarget.Last(History, Newer.Digest).Target?.Number);

    [Fact]
    public void The_last_is_the_newest_of_all_where_nothing_is_current() => Assert.Equal(4, RollbackTarget.Last(History, null).Target?.Number);

    [Fact]
    public void Where_only_the_current_digest_succeeded_there_is_no_last()
    {
        var (target, refusal) = RollbackTarget.Last([Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Superseded)], Old.Digest);

        Assert.Null(target);
        Assert.Equal("no other version has ever succeeded; 'slipway history' lists what there is", refusal);
    }

    [Fact]
    public void A_number_that_succeeded_is_gone_to() => Assert.Equal((1L, ""), (RollbackTarget.Numbered(History, Newer.Digest, 1).Target!.Number, RollbackTarget.Numbered(History, Newer.Digest, 1).Refusal));

    [Theory]
    [InlineData(9, "there is no release 9; 'slipway history' lists them")]
    [InlineData(3, "release 3 ended as RolledBack: only a version that succeeded can be gone back to")]
    [InlineData(4, "release 4 is what runs now")]
    public void Any_other_number_is_refused_with_the_reason(long number, string refusal) => Assert.Equal((null, refusal), RollbackTarget.Numbered(History, Newer.Digest, number));
}
