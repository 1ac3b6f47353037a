using System.Threading.RateLimiting;

namespace Slipway.Controller.Api;

/// <summary>How often one caller may ask: a burst at once, and then so many a second. A person with a dashboard stays far below.</summary>
internal sealed record RateTerms(int Burst = 100, int PerSecond = 20);

/// <summary>A token bucket for each caller. Those of callers who have gone are let go of by the limiter itself.</summary>
internal sealed class RateLimits(RateTerms terms) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
    {
        TokenLimit = terms.Burst,
        TokensPerPeriod = terms.PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    }));

    /// <summary>Null where the request may pass; else how long to wait.</summary>
    public TimeSpan? Take(string fingerprint)
    {
        using var lease = _limiter.AttemptAcquire(fingerprint);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }

    public void Dispose() => _limiter.Dispose();
}
