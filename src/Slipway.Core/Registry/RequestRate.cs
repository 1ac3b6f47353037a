namespace Slipway.Registry;

/// <summary>How often one host is asked.</summary>
/// <param name="PerSecond">On average, above 0.</param>
/// <param name="Burst">At once, after a pause; at least 1.</param>
public readonly record struct RequestRate(double PerSecond, int Burst)
{
    /// <summary>For a registry of which nothing is known: 600 repositories a minute, and no registry's idea of a flood.</summary>
    public static readonly RequestRate Unknown = new(10, 50);

    /// <summary>
    /// Of hosts that publish what they allow, a small part of it: GHCR says 44,000 a minute in its own refusals, Artifact Registry 60,000 per
    /// project ("Quotas and limits").
    /// </summary>
    public static readonly RequestRate Large = new(100, 500);

    /// <summary>Of one's own network: nobody else is kept waiting there, and a restart or a thousand pushes at once are to be over soon.</summary>
    public static readonly RequestRate Own = new(500, 2000);

    /// <summary>As often as one likes.</summary>
    public static readonly RequestRate Unlimited = new(TimeSpan.TicksPerSecond, int.MaxValue);

    private static readonly string[] OwnEndings = [".svc", ".local", ".internal", ".lan", ".localdomain", ".home.arpa"];

    private static readonly string[] LargeEndings = ["ghcr.io", ".pkg.dev", "gcr.io"];

    public TimeSpan Step => TimeSpan.FromTicks((long)Math.Ceiling(TimeSpan.TicksPerSecond / PerSecond));

    /// <param name="host">With its port where it has one.</param>
    public static RequestRate Of(string host)
    {
        var name = Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var address) ? address.IdnHost : host;
        return IsOwn(name) ? Own : LargeEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? Large : Unknown;
    }

    private static bool IsOwn(string name) =>
        HostKind.IsLoopback(name) || HostKind.IsPrivateAddress(name) || !(name.Contains('.') || name.Contains(':'))
        || OwnEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A token bucket, kept as the instant at which it is full again (the generic cell rate algorithm, ITU-T I.371): whole ticks, no drift.</summary>
/// <param name="FullAt">On a clock that does not go back.</param>
public readonly record struct TokenBucket(TimeSpan FullAt)
{
    /// <summary>How long until there is a token.</summary>
    /// <param name="step">Between two tokens.</param>
    public TimeSpan Wait(TimeSpan now, TimeSpan step, int burst) =>
        FullAt - now - (step * (burst - 1)) is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;

    /// <summary>Takes one, also where there is none: then the next has to wait for both.</summary>
    public TokenBucket Take(TimeSpan now, TimeSpan step) => new((FullAt > now ? FullAt : now) + step);

    public TokenBucket GiveBack(TimeSpan step) => new(FullAt - step);
}

/// <summary>
/// What a host says is left to one login, and how that is spread: a quarter of the window's worth may be used at once, and the rest is for
/// the rest of it. Docker Hub counts manifests that are read, not lists and not HEADs, and refuses the nodes' pulls too once all are used
/// ("Docker Hub usage and limits").
/// </summary>
/// <param name="Left">0 where nothing was said.</param>
public readonly record struct PullQuota(long Left, TimeSpan Window, TokenBucket Bucket)
{
    /// <summary>Never longer, whatever the host says.</summary>
    private static readonly TimeSpan Longest = HostBackoff.RetryAfterCap;

    private TimeSpan Step => Left > 0 && Window / Left < Longest ? Window / Left : Longest;

    public PullQuota Told(RateLimit left) => left.Allowed > 0 && left.Window > TimeSpan.Zero ? this with { Left = left.Allowed, Window = left.Window } : this;

    public TimeSpan Wait(TimeSpan now) => Left == 0 ? TimeSpan.Zero : Bucket.Wait(now, Step, (int)Math.Clamp(Left / 4, 1, 1000));

    public PullQuota Take(TimeSpan now) => Left == 0 ? this : this with { Bucket = Bucket.Take(now, Step) };

    /// <summary>What those are told whose manifest has to wait.</summary>
    public RegistryProblem Refusal(string doing, string host, TimeSpan wait) => new(
        RegistryProblemKind.RateLimited,
        $"cannot {doing} yet: {host} allows this login {Left} more pulls in {Window.TotalHours:0.#} h, which the nodes need too, so that they are spread over that time; a pull secret with a higher limit helps",
        wait < Longest ? wait : Longest,
        Spared: true);
}
