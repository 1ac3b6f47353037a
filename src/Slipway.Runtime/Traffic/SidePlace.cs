using System.Collections.Immutable;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Traffic;

/// <summary>Where a rollout divides requests: the names of all that is concerned.</summary>
/// <param name="Delivery">Whose rollout it is; <paramref name="Uid"/> is on all that was made for it.</param>
/// <param name="Services">Whose requests are divided; one but where the pods are the weight.</param>
/// <param name="Label">Null where the pods of both sides have the same labels, and where there is no sibling that would tell.</param>
public sealed record SidePlace(ObjectKey Delivery, string Uid, string Stable, TrafficPlan Traffic, ImmutableArray<string> Services, LabelOverride? Label)
{
    public string Namespace => Delivery.Namespace;

    /// <summary>Seconds that a pod must be ready before it counts.</summary>
    public int MinReadySeconds { get; init; }

    /// <summary>Whether a pod of the new version is ready.</summary>
    public bool Prepared { get; init; }

    public string Track => SideNames.Track(Traffic.Router);

    public string Sibling => SideNames.Sibling(Stable, Traffic.Router);

    public string Service => Services[0];

    /// <summary>The Service before the new version's pods alone.</summary>
    public string CanaryService => Traffic.Router == RouterKind.Selector ? Traffic.Preview ?? "" : SideNames.Beside(Service, Track);

    public RoutePair Pair => new(Service, CanaryService);

    public ObjectKey Key(string name) => new(Namespace, name);
}
