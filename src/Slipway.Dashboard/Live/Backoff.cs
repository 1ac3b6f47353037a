namespace Slipway.Dashboard.Live;

/// <summary>How long to wait before the controller is asked again: soon at first, for a restart takes seconds.</summary>
public static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="failures">In a row, from 1.</param>
    public static TimeSpan After(int failures)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return doubled < Longest ? doubled : Longest;
    }
}
