using CsCheck;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class FeedScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly RegistryProblem Down = new(RegistryProblemKind.RegistryUnavailable, "down");

    [Fact]
    public void The_interval_is_kept_to_ten_per_cent() => Gen.Select(Gen.Int[1, 86_400], Gen.Double[0, 0.999_999]).Sample((seconds, draw) =>
    {
        var interval = TimeSpan.FromSeconds(seconds);
        var next = FeedSchedule.Next(interval, draw);
        return next >= interval * 0.9 && next <= interval * 1.1;
    });

    [Fact]
    public void No_interval_is_a_hot_loop() => Assert.True(FeedSchedule.Next(TimeSpan.Zero, 0) >= TimeSpan.FromMilliseconds(900));

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 120)]
    [InlineData(3, 240)]
    [InlineData(4, 300)]
    [InlineData(1000, 300)]
    public void A_repository_s_problem_slows_its_feed_to_five_minutes(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), FeedSchedule.AfterProblem(Minute, failures, draw: 0.5));

    [Fact]
    public void A_long_interval_is_not_shortened_by_problems() =>
        Assert.Equal(TimeSpan.FromHours(1), FeedSchedule.AfterProblem(TimeSpan.FromHours(1), 3, draw: 0.5));

    [Fact]
    public void After_a_back_off_nobody_is_early_and_not_all_at_once()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), FeedSchedule.AfterBackoff(TimeSpan.FromSeconds(30), Minute, draw: 0));
        Assert.Equal(TimeSpan.FromSeconds(32.5), FeedSchedule.AfterBackoff(TimeSpan.FromSeconds(30), Minute, draw: 0.5));
    }

    [Theory]
    [InlineData(false, 5_000, 0)]
    [InlineData(true, 1, 5)]
    [InlineData(true, 1_000, 5_000)]
    [InlineData(true, 100_000, 30_000)]
    public void The_first_look_is_spread_only_over_what_was_known(bool known, int feeds, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), FeedSchedule.First(known, feeds, Minute, draw: 0.5));

    [Fact]
    public void A_host_in_trouble_is_asked_less_and_less_and_at_least_every_five_minutes()
    {
        var (backoff, waits) = (HostBackoff.None, new List<double>());
        for (var i = 0; i < 100; i++)
        {
            backoff = backoff.After(Down, Noon, draw: 1);
            waits.Add((backoff.Until - Noon).TotalSeconds);
        }

        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 300, 300], waits.Take(10));
        Assert.Equal(300, waits[^1]);
    }

    [Fact]
    public void A_host_s_own_word_is_kept_and_never_undercut() => Gen.Select(Gen.Int[1, 3600], Gen.Double[0, 0.999_999]).Sample((seconds, draw) =>
    {
        var wait = HostBackoff.None.After(Down with { RetryAfter = TimeSpan.FromSeconds(seconds) }, Noon, draw).Until - Noon;
        return wait.TotalSeconds >= seconds && wait.TotalSeconds <= seconds * 1.1;
    });

    [Fact]
    public void A_week_of_retry_after_is_cut_to_an_hour() =>
        Assert.Equal(TimeSpan.FromHours(1), HostBackoff.None.After(Down with { RetryAfter = TimeSpan.FromDays(7) }, Noon, 0).Until - Noon);
}

public sealed class VersionTagOrderTests
{
    [Theory]
    [InlineData("1.10.0 1.9.0 1.2.3", null, null, "1.10.0 1.9.0 1.2.3")]
    [InlineData("1.10.0 1.9.0 1.2.3", "1.9.0", null, "1.9.0 1.10.0 1.2.3")]
    [InlineData("1.10.0 1.9.0-alpine v1.9.0", "1.9.0", null, "v1.9.0 1.9.0-alpine 1.10.0")]
    [InlineData("fffffff abcdef1 abc", null, "abcdef1234567890", "abcdef1 fffffff abc")]
    public void What_the_image_says_of_itself_is_asked_first(string candidates, string? version, string? revision, string expected) =>
        Assert.Equal(expected, string.Join(' ', VersionTagOrder.LikelyFirst(candidates.Split(' '), new ImageLabels(version, revision))));
}
