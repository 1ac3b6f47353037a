using System.Collections.Immutable;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>What a Service's requests may go to: one EndpointSlice, or the old Endpoints.</summary>
/// <param name="Ready">Uids of the pods that are in it as ready.</param>
public sealed record EndpointSnapshot(string Service, ImmutableHashSet<string> Ready);

/// <summary>
/// Whether those who divide the requests know what was written: an open gate or a new selector has no effect before the Service's
/// endpoints say so.
/// </summary>
public static class EndpointView
{
    /// <summary>Every pod of the side whose gate is open is there, and no other of it.</summary>
    /// <param name="endpoints">Of all Services that are to have them; null where they cannot be read, and the pods' readiness must do.</param>
    public static bool AgreesWithGates(IReadOnlyList<PodSnapshot> side, IReadOnlyList<ImmutableHashSet<string>>? endpoints) =>
        side.All(pod => pod.GateOpen
            ? pod.Terminating || pod.ContainersReadySince is null || (pod.Ready && (endpoints?.All(one => one.Contains(pod.Uid)) ?? true))
            : !pod.Ready && (endpoints?.All(one => !one.Contains(pod.Uid)) ?? true));

    /// <summary>All requests go to the side, or none does.</summary>
    /// <param name="switched">Whether the Service's selector names the side.</param>
    public static bool AgreesWithSelector(bool switched, IReadOnlyList<PodSnapshot> side, ImmutableHashSet<string>? endpoints)
    {
        if (endpoints is null)
        {
            return true;
        }

        var serving = side.Where(pod => pod is { Ready: true, Terminating: false }).Select(pod => pod.Uid).ToImmutableHashSet();
        return switched
            ? !serving.IsEmpty && serving.IsSubsetOf(endpoints) && endpoints.IsSubsetOf(side.Select(pod => pod.Uid))
            : side.All(pod => !endpoints.Contains(pod.Uid));
    }
}
