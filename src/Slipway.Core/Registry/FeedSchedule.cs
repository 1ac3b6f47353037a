namespace Slipway.Registry;

/// <summary>When a feed looks next. All waits are drawn, so that thousands of feeds that were started together do not stay together.</summary>
public static class FeedSchedule
{
    /// <summary>What the API allows at the least; a shorter one would be a hot loop by typing error.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ProblemCap = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MaxSpread = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PerFeed = TimeSpan.FromMilliseconds(10);

    /// <summary>The interval, ten per cent more or less.</summary>
    /// <param name="draw">In [0, 1).</param>
    public static TimeSpan Next(TimeSpan interval, double draw) => Longer(interval, MinInterval) * (0.9 + (0.2 * draw));

    /// <summary>After problems of the repository itself: a name that is wrong today is most likely wrong in a minute.</summary>
    /// <param name="failures">In a row, at least one.</param>
    public static TimeSpan AfterProblem(TimeSpan interval, int failures, double draw)
    {
        var usual = Longer(interval, MinInterval);
        var grown = usual * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return Next(grown < ProblemCap ? grown : Longer(usual, ProblemCap), draw);
    }

    /// <summary>After the host as a whole asked to be left alone: then, and spread, so that its recovery is not met by a crowd.</summary>
    public static TimeSpan AfterBackoff(TimeSpan retryAfter, TimeSpan interval, double draw) =>
        retryAfter + ((interval < MaxSpread ? interval : MaxSpread) * draw);

    /// <summary>
    /// What a feed waits at the least after requests of its own were refused by a host in trouble. The host's own pause ends with the first good
    /// answer, and a host may answer the first page of every list well and the second never.
    /// </summary>
    /// <param name="failures">In a row, at least one.</param>
    public static TimeSpan AfterHostProblem(int failures, double draw)
    {
        var grown = FirstPause * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return (grown < ProblemCap ? grown : ProblemCap) * (0.5 + (draw / 2));
    }

    /// <summary>
    /// The first look. At once for what nothing is known of, because somebody waits for it. What was known before a restart is spread
    /// over ten milliseconds per feed, so that a restart with thousands of feeds is no storm, and one with few is not noticed.
    /// </summary>
    public static TimeSpan First(bool known, int feeds, TimeSpan interval, double draw) =>
        known ? (PerFeed * feeds < interval ? PerFeed * feeds : interval) * draw : TimeSpan.Zero;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
