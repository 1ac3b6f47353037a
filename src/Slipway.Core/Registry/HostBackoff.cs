namespace Slipway.Registry;

/// <summary>
/// How long one host is spared after it failed or asked for it. Of a host in trouble one request at a time finds out whether it is over;
/// the others wait for that one's answer.
/// </summary>
/// <param name="Failures">In a row.</param>
/// <param name="Kind">Of the last problem, told to those who are not let through. Not its message: that names a repository which may not be theirs.</param>
public sealed record HostBackoff(int Failures = 0, DateTimeOffset Until = default, RegistryProblemKind Kind = RegistryProblemKind.RegistryUnavailable)
{
    public static readonly HostBackoff None = new();

    /// <summary>Never longer on our own judgement.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromMinutes(5);

    /// <summary>Never longer on the host's word either: a Retry-After of a week would be an outage.</summary>
    public static readonly TimeSpan RetryAfterCap = TimeSpan.FromHours(1);

    // GHCR asks for fractions of a millisecond. That is no pause to anybody.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    public bool IsActive => Failures > 0;

    /// <summary>What those are told who are not let through.</summary>
    public RegistryProblem Refusal(string doing, string host, TimeSpan wait) => new(
        Kind,
        $"cannot {doing}: {host} is left alone for a while, since it {(Kind is RegistryProblemKind.RateLimited ? "says that it is asked too often" : "did not answer as it should")}",
        wait,
        Spared: true);

    /// <param name="draw">In [0, 1). Late by up to a tenth of the host's own word, never early; between half and all of ours.</param>
    public HostBackoff After(RegistryProblem problem, DateTimeOffset now, double draw)
    {
        var failures = Math.Min(Failures + 1, 30);
        var wait = problem.RetryAfter is { } asked
            ? Min(asked, RetryAfterCap) * (1 + (draw / 10))
            : Min(First * Math.Pow(2, Math.Min(failures - 1, 16)), Cap) * (0.5 + (draw / 2));
        return new HostBackoff(failures, now + (wait > Least ? wait : Least), problem.Kind);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
