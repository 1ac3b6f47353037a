using System.Collections.Immutable;
using Slipway.Api;

namespace Slipway.Cli.Migration;

/// <summary>Targets for what names no workload.</summary>
internal static class TargetGuess
{
    /// <param name="running">The workloads of the input that run the image.</param>
    /// <param name="name">Of a Deployment, where there are none.</param>
    public static ImmutableArray<Target> Of(Draft draft, IReadOnlyList<FleetWorkload> running, string name, string because)
    {
        if (running.Count == 0)
        {
            draft.Note("(workload)", null, $"{because}, and no workload with this image is in the input", $"correct targets: Deployment {name} is a guess; or convert the workloads along with it");
            return [new Target { Kind = "Deployment", Name = name }];
        }

        var ns = running[0].Manifest.Namespace;
        foreach (var elsewhere in running.Where(workload => workload.Manifest.Namespace != ns))
        {
            draft.Note("(workload)", elsewhere.Manifest.Title, "a Delivery moves workloads of its own namespace", "write another Delivery there; both share one look at the registry");
        }

        return [.. running.Where(workload => workload.Manifest.Namespace == ns).Select(workload => workload.Target())];
    }
}
