namespace Slipway.Workloads;

/// <summary>When a Job may be replaced.</summary>
public static class JobHealth
{
    /// <summary>
    /// Why a Job must not be ended for another version; null where it may. What will never end by itself (its image cannot be pulled) keeps
    /// nobody waiting.
    /// </summary>
    public static string? Busy(WorkloadSnapshot workload, string? recreate, Health health) => workload switch
    {
        // Between its deletion and its creation only what stands in the history knows what it was: nothing else may begin.
        { Gone: true } => $"{workload.Key} is being created anew",
        { Key.Kind: "Job", Progress.Paused: false } when recreate != Recreation.Always && health is Health.Progressing =>
            $"{workload.Key} is still running; 'recreate: Always' would end it",
        _ => null,
    };
}
