namespace Slipway.Webhooks.Receivers;

/// <summary>How often something may happen: a burst at once, and then so many a second (a token bucket).</summary>
public sealed record AllowanceTerms(int Burst, double PerSecond)
{
    /// <summary>What one receiver takes. Far over what a registry sends on its busiest day, far under what would hurt.</summary>
    public static readonly AllowanceTerms Requests = new(2000, 200);

    /// <summary>Requests of one receiver that did not prove who they are; beyond it nobody is told why any more, and nothing is logged.</summary>
    public static readonly AllowanceTerms Refusals = new(20, 1);
}

/// <summary>What is used up of an allowance.</summary>
/// <param name="Spent">At <paramref name="At"/>.</param>
public readonly record struct Allowance(double Spent, DateTimeOffset At)
{
    /// <summary>Takes one, where there is one; else says when there will be.</summary>
    /// <returns>Zero where one was taken.</returns>
    public (TimeSpan Wait, Allowance After) Take(AllowanceTerms terms, DateTimeOffset now)
    {
        var spent = Math.Max(0, Spent - (Math.Max(0, (now - At).TotalSeconds) * terms.PerSecond)) + 1;
        return spent <= terms.Burst
            ? (TimeSpan.Zero, new Allowance(spent, now))
            : (TimeSpan.FromSeconds((spent - terms.Burst) / terms.PerSecond), new Allowance(spent - 1, now));
    }
}
