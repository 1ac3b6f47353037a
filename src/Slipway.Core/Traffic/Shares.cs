namespace Slipway.Traffic;

/// <summary>How the weight of the stable backend is divided into two. Weights are relative: what other backends have is their owners' matter.</summary>
/// <remarks>Gateway API, HTTPBackendRef: a weight is an integer from 0 to 1,000,000 and, where it is left out, 1. Ours are always written.</remarks>
public static class Shares
{
    private const int Whole = 100;

    /// <param name="total">What both have together now.</param>
    /// <param name="alone">No other backend gets requests by the same rule, so that the total may be another one.</param>
    /// <param name="percent">Of the canary.</param>
    /// <returns>Null where the total cannot be divided so.</returns>
    public static (int Stable, int Canary)? Divide(int total, bool alone, int percent)
    {
        if (total <= 0)
        {
            // The rule sends the stable side nothing, and so the canary.
            return (0, 0);
        }

        var whole = alone && (total < Whole || (long)total * percent % 100 != 0) ? Whole : total;
        var canary = (long)whole * percent;
        return canary % 100 == 0 ? (whole - (int)(canary / 100), (int)(canary / 100)) : null;
    }

    /// <summary>The canary's share in percent, rounded up: what is said is never less than what may come.</summary>
    public static int Percent(long stable, long canary) => canary <= 0 ? 0 : (int)(((canary * 100) + stable + canary - 1) / (stable + canary));
}
