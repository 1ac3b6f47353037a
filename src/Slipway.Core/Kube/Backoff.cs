namespace Slipway.Kube;

/// <summary>How long to wait after failures in a row: doubling from <paramref name="First"/>, never more than <paramref name="Cap"/>.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Cap)
{
    /// <param name="failures">In a row, the last one included; 0 or less means no wait.</param>
    /// <param name="jitter">Drawn from [0, 1). The wait is between half of the doubled time and all of it, so that many clients that failed together come back apart.</param>
    public TimeSpan After(int failures, double jitter)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        // 2^30 times the shortest useful wait is beyond every cap, and a larger exponent would overflow the multiplication.
        var doubled = First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, Cap.TotalSeconds) * (0.5 + (jitter / 2)));
    }
}
