using System.Collections.Immutable;
using CsCheck;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.History;

public sealed class RetentionTests
{
    private static readonly RolloutTerms Terms = Settled.Terms;

    /// <summary>Release n of the digest n, an hour after release n-1.</summary>
    private static ReleaseRecord Release(long number, string outcome = Outcomes.RolledBack, string? digest = null) =>
        new($"shop-{number}", $"uid-{number}", number, $"{number}", digest ?? $"sha256:{number}", outcome, Noon.AddHours(number));

    private static IEnumerable<long> Expired(ImmutableArray<ReleaseRecord> history, long current, int limit, TimeSpan? age = null, long hours = 100) =>
        Retention.Expired(history, current, Terms with { HistoryLimit = limit, HistoryMaxAge = age }, Noon.AddHours(hours)).Select(release => release.Number);

    [Fact]
    public void A_history_within_its_limit_is_left_alone() => Assert.Empty(Expired([Release(1), Release(2), Release(3)], current: 3, limit: 3));

    [Fact]
    public void Beyond_the_limit_the_oldest_go_oldest_first() =>
        Assert.Equal([1, 2], Expired([Release(3), Release(1), Release(4), Release(2), Release(5)], current: 5, limit: 3));

    [Fact]
    public void The_current_one_stays_however_old() => Assert.Equal([2, 3], Expired([Release(1), Release(2), Release(3), Release(4)], current: 1, limit: 1));

    [Fact]
    public void The_last_good_one_before_the_current_stays() =>
        Assert.Equal([1, 3], Expired([Release(1, Outcomes.Succeeded), Release(2, Outcomes.Succeeded), Release(3), Release(4, Outcomes.Succeeded)], current: 4, limit: 1));

    [Fact]
    public void The_last_good_one_is_of_another_digest_than_the_current() =>
        Assert.Equal([2, 3], Expired([Release(1, Outcomes.Succeeded, "sha256:a"), Release(2, Outcomes.Succeeded, "sha256:b"), Release(3), Release(4, Outcomes.Succeeded, "sha256:b")], current: 4, limit: 1));

    [Fact]
    public void Where_nothing_is_current_the_last_that_passed_stays() =>
        Assert.Equal([1, 3], Expired([Release(1, Outcomes.Succeeded), Release(2, Outcomes.Succeeded), Release(3), Release(4)], current: 0, limit: 1));

    [Fact]
    public void A_release_without_an_outcome_stays() => Assert.Equal([1], Expired([Release(1), Release(2, ""), Release(3)], current: 3, limit: 1));

    [Fact]
    public void A_release_that_is_still_running_stays() =>
        Assert.Equal([1], Expired([Release(1), Release(2, Outcomes.Running), Release(3)], current: 3, limit: 1));

    [Theory]
    [InlineData(24, new long[0])]
    [InlineData(25, new long[] { 1 })]
    [InlineData(27, new long[] { 1, 2 })]
    public void Beyond_the_age_they_go_too(long hours, long[] gone) =>
        Assert.Equal(gone, Expired([Release(1), Release(2), Release(99)], current: 99, limit: 50, age: TimeSpan.FromHours(23) + TimeSpan.FromMinutes(30), hours));

    [Fact]
    public void Without_an_age_no_release_is_too_old() => Assert.Empty(Expired([Release(1), Release(2)], current: 2, limit: 2, hours: 1_000_000));

    [Fact]
    public void No_history_has_nothing_to_lose() => Assert.Empty(Expired([], current: 0, limit: 1, age: TimeSpan.FromHours(1)));

    [Fact]
    public void Whatever_the_history_what_is_needed_stays() =>
        Gen.Select(Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3]).Array[0, 40], Gen.Int[1, 10], Gen.Int[0, 40]).Sample((drawn, limit, current) =>
        {
            string[] outcomes = [Outcomes.Succeeded, Outcomes.RolledBack, Outcomes.Running, Outcomes.Superseded];
            ImmutableArray<ReleaseRecord> history = [.. drawn.Select((draw, index) => Release(index + 1, outcomes[draw.Item2], $"sha256:{draw.Item1}"))];

            var expired = Expired(history, current, limit, TimeSpan.FromHours(30)).ToHashSet();

            var left = history.Where(release => !expired.Contains(release.Number)).ToArray();
            Assert.DoesNotContain(current, expired);
            Assert.All(history.Where(release => release.Outcome == Outcomes.Running), release => Assert.Contains(release, left));
            var digest = history.FirstOrDefault(release => release.Number == current)?.Digest;
            Assert.Equal(
                RollbackTarget.Last([.. history.Where(release => release.Number < current)], digest).Target,
                RollbackTarget.Last([.. left.Where(release => release.Number < current)], digest).Target);
        });
}
