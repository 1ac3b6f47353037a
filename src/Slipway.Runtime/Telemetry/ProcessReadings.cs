using System.Collections.Immutable;

namespace Slipway.Telemetry;

/// <summary>What the process and its runtime tell of themselves, under the names that Prometheus' client libraries have made usual.</summary>
public static class ProcessReadings
{
    /// <summary>Those that only grow.</summary>
    public static ImmutableArray<MetricDefinition> Counters { get; } = [Instruments.ProcessCpu, Instruments.GcPauses];

    public static void Show(SlipwayMetrics metrics, string version)
    {
        const string source = "process";
        var started = StartedAt();
        metrics.Show(Instruments.Build, source, () => [new(1, version)]);
        metrics.Show(Instruments.ProcessStart, source, () => [new(started)]);
        metrics.Show(Instruments.ProcessCpu, source, () => [new(Environment.CpuUsage.TotalTime.TotalSeconds)]);
        metrics.Show(Instruments.ProcessMemory, source, () => [new(Environment.WorkingSet)]);
        metrics.Show(Instruments.Heap, source, () => [new(GC.GetTotalMemory(forceFullCollection: false))]);
        metrics.Show(Instruments.GcPauses, source, () => [new(GC.GetTotalPauseDuration().TotalSeconds)]);
        metrics.Show(Instruments.ThreadPoolQueue, source, () => [new(ThreadPool.PendingWorkItemCount)]);
    }

    private static double StartedAt()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }
}
