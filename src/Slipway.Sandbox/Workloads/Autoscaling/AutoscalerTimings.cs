namespace Slipway.Sandbox.Workloads.Autoscaling;

/// <summary>How often autoscalers look, and how long they wait on the way down. Divided by <see cref="WorkloadOptions.Speed"/>.</summary>
public sealed record AutoscalerTimings
{
    /// <summary>
    /// On an autoscaler: the load of its workload as a whole, in percent of what one pod requests. The pods that are ready share it: <c>"250"</c> is
    /// 50 % of each of five.
    /// </summary>
    public const string LoadAnnotation = "sandbox.slipway.dev/load";

    /// <summary>--horizontal-pod-autoscaler-sync-period</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>--horizontal-pod-autoscaler-downscale-stabilization, where the autoscaler does not say it itself.</summary>
    public TimeSpan DownscaleWindow { get; init; } = TimeSpan.FromMinutes(5);

    internal AutoscalerTimings Scaled(double speed) => new() { Period = Period / speed, DownscaleWindow = DownscaleWindow / speed };
}
