namespace Slipway.Bench;

/// <summary>
/// How long something takes, in processor time of this process: on a machine that does other things too, the clock on the wall says more
/// about them. Nothing else runs in this process, and what is measured waits for nothing.
/// </summary>
internal static class Measure
{
    public const int Samples = 15;

    // Long enough that the clock's grain and one collection are small beside it, short enough that a median has many.
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(20);

    // Until the code is compiled for good: tiers change after thirty calls and some hundred milliseconds.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(600);

    /// <summary>The last result: what may be looked at cannot be left out by the compiler.</summary>
    public static object? Kept { get; private set; }

    /// <summary>The median time of one call, in seconds: a <see cref="TimeSpan"/> ends at a tenth of a microsecond.</summary>
    public static double Seconds<T>(Func<T> call)
        where T : class
    {
        var calls = CallsPerSample(call);
        var samples = Enumerable.Range(0, Samples).Select(_ => Run(call, calls).TotalSeconds / calls).Order().ToArray();
        return samples[Samples / 2];
    }

    /// <summary>The bytes that what is made keeps alive.</summary>
    public static long Memory<T>(Func<T> make)
        where T : class
    {
        // Once for nothing, so that what is made only once (compiled code, static tables) is there already.
        Kept = make();
        Kept = null;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return after - before;
    }

    /// <summary>The bytes that one call allocates, once its code is compiled for good.</summary>
    public static long Allocated<T>(Func<T> call)
        where T : class
    {
        var calls = CallsPerSample(call);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(call, calls);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
    }

    private static int CallsPerSample<T>(Func<T> call)
        where T : class
    {
        var (calls, spent, last) = (1, TimeSpan.Zero, TimeSpan.Zero);
        while (spent < WarmUp)
        {
            last = Run(call, calls);
            spent += last;
            calls = last < Sample ? calls * 2 : calls;
        }

        return calls;
    }

    private static TimeSpan Run<T>(Func<T> call, int calls)
        where T : class
    {
        var began = Environment.CpuUsage.TotalTime;
        for (var index = 0; index < calls; index++)
        {
            Kept = call();
        }

        return Environment.CpuUsage.TotalTime - began;
    }
}
