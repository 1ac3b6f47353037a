namespace Slipway.Registry;

/// <summary>
/// How often hints may make one feed look: a burst of ten, as when CI pushes one image under several tags, and then two a second. A hint
/// beyond that is not lost, it is late, and one look is for all that are late.
/// </summary>
/// <param name="Spent">What of the burst was used up at <paramref name="At"/>.</param>
public readonly record struct HintBudget(double Spent, DateTimeOffset At)
{
    private const int Burst = 10;

    private const double PerSecond = 2;

    /// <summary>When the next hint's look may start, and the budget after it.</summary>
    public (TimeSpan Wait, HintBudget After) Take(DateTimeOffset now)
    {
        var spent = Math.Max(0, Spent - ((now - At).TotalSeconds * PerSecond)) + 1;
        return (TimeSpan.FromSeconds(Math.Max(0, (spent - Burst) / PerSecond)), new HintBudget(spent, now));
    }
}
