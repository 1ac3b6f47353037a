using System.Collections.Immutable;

namespace Slipway.Sandbox.Workloads;

/// <summary>
/// How many pods each ReplicaSet of a Deployment should have next: the rules of the Deployment controller ("Rolling Update Deployment",
/// "Proportional scaling"). Pure: from what is there to the sizes that change.
/// </summary>
internal static class RolloutScaling
{
    private static readonly ImmutableDictionary<string, int> Nothing = ImmutableDictionary<string, int>.Empty;

    /// <summary>One step of the update. First the new set grows; only when it cannot, the old ones shrink.</summary>
    public static ImmutableDictionary<string, int> Step(RolloutView view)
    {
        if (view.New is not { } fresh)
        {
            return Old(view);
        }

        var size = view.Recreates ? RecreatedSize(view, fresh) : NewSize(view, fresh);
        return size != fresh.Wanted ? Nothing.Add(fresh.Name, size) : Old(view);
    }

    /// <summary>The Deployment itself was scaled: the sets keep their proportions, and one set alone takes it all.</summary>
    public static ImmutableDictionary<string, int> Resize(RolloutView view)
    {
        var active = view.Sets.Where(set => set.Wanted > 0).ToArray();
        if (active.Length <= 1)
        {
            var only = active.FirstOrDefault() ?? view.New ?? view.Sets.LastOrDefault();
            return only is null || only.Wanted == view.Replicas ? Nothing : Nothing.Add(only.Name, view.Replicas);
        }

        if (view.New is { } fresh && fresh.Wanted == view.Replicas && fresh.Available == view.Replicas)
        {
            return view.Old.Where(set => set.Wanted > 0).ToImmutableDictionary(set => set.Name, _ => 0);
        }

        return view.Recreates ? Nothing : Proportional(view, active);
    }

    /// <summary>Whether the sets were last sized for another number of replicas.</summary>
    public static bool IsResized(RolloutView view) => view.Sets.Any(set => set.Wanted > 0 && set.SizedFor is { } sized && sized != view.Replicas);

    /// <summary>The size of the new set when it is made or grows.</summary>
    public static int NewSize(RolloutView view, ReplicaSetView fresh)
    {
        if (fresh.Wanted >= view.Replicas)
        {
            return view.Replicas;
        }

        var room = Math.Max(0, view.MaxTotal - view.WantedInAll);
        return fresh.Wanted + Math.Min(room, view.Replicas - fresh.Wanted);
    }

    // Recreate: not before the last old pod is gone.
    private static int RecreatedSize(RolloutView view, ReplicaSetView fresh) =>
        view.Old.All(set => set is { Wanted: 0, Lingering: 0 }) ? view.Replicas : Math.Min(fresh.Wanted, view.Replicas);

    private static ImmutableDictionary<string, int> Old(RolloutView view)
    {
        if (view.Recreates)
        {
            return view.Old.Where(set => set.Wanted > 0).ToImmutableDictionary(set => set.Name, _ => 0);
        }

        var unavailable = view.New is { } fresh ? fresh.Wanted - fresh.Available : 0;
        var most = view.WantedInAll - view.MinAvailable - unavailable;
        if (most <= 0)
        {
            return Nothing;
        }

        var sizes = DropUnhealthy(view, most);
        return DropSurplus(view.Scaled(sizes), sizes);
    }

    // Pods that serve nobody go first: nothing is lost with them.
    private static ImmutableDictionary<string, int> DropUnhealthy(RolloutView view, int most)
    {
        var sizes = Nothing;
        foreach (var set in view.Old.Where(set => set.Wanted > set.Available))
        {
            var drop = Math.Min(most, set.Wanted - set.Available);
            most -= drop;
            sizes = drop > 0 ? sizes.SetItem(set.Name, set.Wanted - drop) : sizes;
        }

        return sizes;
    }

    private static ImmutableDictionary<string, int> DropSurplus(RolloutView view, ImmutableDictionary<string, int> sizes)
    {
        var surplus = view.AvailableInAll - view.MinAvailable;
        foreach (var set in view.Old.Where(set => set.Wanted > 0))
        {
            var drop = Math.Min(surplus, set.Wanted);
            if (drop <= 0)
            {
                break;
            }

            surplus -= drop;
            sizes = sizes.SetItem(set.Name, set.Wanted - drop);
        }

        return sizes;
    }

    private static ImmutableDictionary<string, int> Proportional(RolloutView view, ReplicaSetView[] active)
    {
        var change = (view.Replicas > 0 ? view.MaxTotal : 0) - view.WantedInAll;
        var left = change;
        var sizes = Nothing;
        foreach (var set in active.OrderByDescending(set => set.Wanted).ThenByDescending(set => set.Revision))
        {
            var share = (int)Math.Round((double)set.Wanted * change / view.WantedInAll, MidpointRounding.AwayFromZero);
            share = change > 0 ? Math.Min(share, left) : Math.Max(share, left);
            left -= share;
            sizes = sizes.SetItem(set.Name, Math.Max(0, set.Wanted + share));
        }

        var largest = active.MaxBy(set => set.Wanted)!.Name;
        return sizes.SetItem(largest, Math.Max(0, sizes[largest] + left));
    }
}
