using System.Collections.Immutable;

namespace Slipway.Sandbox.Workloads;

/// <summary>What a StatefulSet sees of one of its pods.</summary>
internal sealed record StatefulPod(int Ordinal, string Revision, bool Ready, bool Ending, bool Finished)
{
    public bool Healthy => Ready && !Ending && !Finished;
}

/// <summary>A StatefulSet and its pods at one moment.</summary>
internal sealed record StatefulView(int Replicas, string UpdateRevision, string CurrentRevision, ImmutableSortedDictionary<int, StatefulPod> Pods)
{
    /// <summary>podManagementPolicy OrderedReady: one after the other, each waiting for those before it.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>updateStrategy OnDelete: only a pod that somebody deletes gets the new template.</summary>
    public bool OnDelete { get; init; }

    /// <summary>Ordinals below it keep the current revision.</summary>
    public int Partition { get; init; }
}

internal abstract record StatefulStep
{
    private StatefulStep() { }

    public sealed record Create(int Ordinal, string Revision) : StatefulStep;

    public sealed record Delete(int Ordinal) : StatefulStep;
}

/// <summary>
/// What a StatefulSet does next ("Deployment and Scaling Guarantees", "Update strategies" of the Kubernetes documentation). Pure.
/// </summary>
/// <remarks>
/// As in Kubernetes, an ordered set that waits for a broken pod waits for ever, also when its template has been put right in the meantime:
/// the pod must be deleted by hand ("Forced rollback").
/// </remarks>
internal static class StatefulSetPlan
{
    public static ImmutableArray<StatefulStep> Next(StatefulView view)
    {
        var steps = ImmutableArray.CreateBuilder<StatefulStep>();
        for (var ordinal = 0; ordinal < view.Replicas; ordinal++)
        {
            var pod = view.Pods.GetValueOrDefault(ordinal);
            if (pod is null)
            {
                steps.Add(new StatefulStep.Create(ordinal, RevisionFor(view, ordinal)));
            }
            else if (pod is { Finished: true, Ending: false })
            {
                steps.Add(new StatefulStep.Delete(ordinal));
            }

            if (view.Ordered && pod is not { Healthy: true })
            {
                return steps.ToImmutable();
            }
        }

        return steps.Count > 0 ? steps.ToImmutable() : Shrink(view) ?? Update(view);
    }

    public static string RevisionFor(StatefulView view, int ordinal) =>
        view.OnDelete || ordinal >= view.Partition ? view.UpdateRevision : view.CurrentRevision;

    // From the highest ordinal down.
    private static ImmutableArray<StatefulStep>? Shrink(StatefulView view)
    {
        var surplus = view.Pods.Values.Where(pod => pod.Ordinal >= view.Replicas).Reverse().ToArray();
        if (surplus is [])
        {
            return null;
        }

        if (!view.Ordered)
        {
            return [.. surplus.Where(pod => !pod.Ending).Select(StatefulStep (pod) => new StatefulStep.Delete(pod.Ordinal))];
        }

        return surplus.Any(pod => pod.Ending) ? [] : [new StatefulStep.Delete(surplus[0].Ordinal)];
    }

    // From the highest ordinal down to the partition, each waiting for the one above it.
    private static ImmutableArray<StatefulStep> Update(StatefulView view)
    {
        if (view.OnDelete)
        {
            return [];
        }

        for (var ordinal = view.Replicas - 1; ordinal >= view.Partition; ordinal--)
        {
            var pod = view.Pods[ordinal];
            if (pod.Revision != view.UpdateRevision && !pod.Ending)
            {
                return [new StatefulStep.Delete(ordinal)];
            }

            if (!pod.Healthy)
            {
                return [];
            }
        }

        return [];
    }
}
