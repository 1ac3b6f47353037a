namespace Slipway.Traffic;

/// <summary>Whether a side can bear the requests that it is to get.</summary>
public static class Capacity
{
    /// <summary>Pods for <paramref name="weight"/> of <paramref name="total"/>, where all of it takes <paramref name="replicas"/>; rounded up.</summary>
    public static int Pods(long weight, long total, int replicas) => weight <= 0 ? 0 : (int)(((weight * replicas) + total - 1) / total);

    /// <summary>Whether so many available pods are enough (I1): no request goes to nobody, and no weight to fewer pods than it takes.</summary>
    public static bool Bears(int available, long weight, long total, int replicas) => weight <= 0 || available >= Math.Max(1, Pods(weight, total, replicas));
}
