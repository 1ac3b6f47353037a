using System.Collections.Immutable;

namespace Slipway.Workloads;

/// <summary>What one Delivery wants to write.</summary>
/// <param name="Created">The Delivery's creationTimestamp; null, which is younger than any, while the server has not given one.</param>
public sealed record Claim(string Namespace, string Delivery, DateTimeOffset? Created, ImmutableHashSet<ClaimedContainer> Containers)
{
    public static Claim Of(string @namespace, string delivery, DateTimeOffset? created, IEnumerable<ResolvedTarget> targets) =>
        new(@namespace, delivery, created, [.. from target in targets from container in Claimed(target) select new ClaimedContainer(target.Key, container)]);

    // Field by field: of two Deliveries that write one field, one must give way, whatever else each of them writes.
    private static IEnumerable<string> Claimed(ResolvedTarget target) =>
        target.Layouts.IsEmpty ? target.Containers : target.Layouts.SelectMany(layout => layout.Fields).Select(field => $"{field.Path}");
}

public readonly record struct ClaimedContainer(WorkloadKey Workload, string Container)
{
    public override string ToString() => $"{(Workload.IsCustom ? "field" : "container")} {Container} of {Workload}";
}

/// <summary>A container that an older Delivery has.</summary>
public sealed record ClaimConflict(ClaimedContainer Container, string Namespace, string Delivery)
{
    public string Message =>
        $"{Container} is updated by Delivery {Namespace}/{Delivery}, which is older; narrow spec.targets[].{(Container.Workload.IsCustom ? "imagePaths" : "containers")} of one of them, or delete one";
}

/// <summary>
/// One container has one Delivery: the older one, by creationTimestamp and then by namespace and name. Every controller and every pass
/// comes to the same answer from the Deliveries alone, so nothing has to be stored and nobody takes turns.
/// </summary>
public static class Claims
{
    private static readonly Comparer<Claim> ByAge = Comparer<Claim>.Create((one, other) =>
        (one.Created ?? DateTimeOffset.MaxValue).CompareTo(other.Created ?? DateTimeOffset.MaxValue) is not 0 and var age ? age
        : string.CompareOrdinal(one.Namespace, other.Namespace) is not 0 and var @namespace ? @namespace
        : string.CompareOrdinal(one.Delivery, other.Delivery));

    /// <summary>The containers that <paramref name="mine"/> must leave alone, and whose they are.</summary>
    /// <param name="all">Every Delivery's claim; whether <paramref name="mine"/> is among them makes no difference.</param>
    public static ImmutableArray<ClaimConflict> Conflicts(Claim mine, IEnumerable<Claim> all)
    {
        var older = all.Where(other => ByAge.Compare(other, mine) < 0).Order(ByAge).ToArray();
        return
        [
            .. from container in mine.Containers
               let holder = older.FirstOrDefault(other => other.Containers.Contains(container))
               where holder is not null
               orderby container.ToString()
               select new ClaimConflict(container, holder.Namespace, holder.Delivery),
        ];
    }
}
