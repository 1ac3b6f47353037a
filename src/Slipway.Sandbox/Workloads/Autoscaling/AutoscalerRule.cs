namespace Slipway.Sandbox.Workloads.Autoscaling;

/// <summary>How an autoscaler comes to its number of pods ("Horizontal Pod Autoscaling", "Algorithm details"). Pure.</summary>
internal static class AutoscalerRule
{
    // --horizontal-pod-autoscaler-tolerance
    private const double Tolerance = 0.1;

    // Once a pass, at most to the double, or to four.
    private const int ScaleUpFactor = 2;
    private const int ScaleUpMinimum = 4;

    /// <summary>What the load of the pods asks for, before any limit.</summary>
    /// <param name="current">spec.replicas of the target.</param>
    /// <param name="target">Percent of what a pod requests.</param>
    /// <param name="loads">Percent of what they request, of the pods that are ready.</param>
    /// <param name="unready">Pods that are not: on the way up they count as idle, since they are about to help.</param>
    public static int Wanted(int current, int target, IReadOnlyCollection<double> loads, int unready)
    {
        if (loads.Count == 0)
        {
            return current;
        }

        var ratio = loads.Average() / target;
        if (unready == 0 || ratio <= 1)
        {
            return Math.Abs(1 - ratio) <= Tolerance ? current : (int)Math.Ceiling(ratio * loads.Count);
        }

        var all = loads.Count + unready;
        var tempered = loads.Sum() / all / target;
        var wanted = (int)Math.Ceiling(tempered * all);
        return tempered <= 1 + Tolerance || wanted < current ? current : wanted;
    }

    public static int Limited(int wanted, int current, int least, int most) =>
        Math.Clamp(Math.Min(wanted, Math.Max(ScaleUpFactor * current, ScaleUpMinimum)), Math.Min(least, most), most);
}
