using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Annotations;

/// <summary>What to do about the Delivery of one name.</summary>
public abstract record AnnotationPlan
{
    private AnnotationPlan() { }

    /// <summary>It is as it should be, or it is none of ours.</summary>
    public sealed record Leave : AnnotationPlan;

    /// <summary>Made, or made again, of the annotations of <paramref name="Owner"/>.</summary>
    /// <param name="Mends">It says of itself that an annotation is wrong, and none is any more.</param>
    public sealed record Write(WorkloadSnapshot Owner, DeliverySpec Spec, string Fingerprint, bool Mends) : AnnotationPlan;

    /// <summary>It keeps its spec and says of itself which annotation is wrong.</summary>
    public sealed record Mark(string Problem) : AnnotationPlan;

    /// <summary>Its workload no longer asks for it.</summary>
    public sealed record Delete : AnnotationPlan;
}

/// <summary>Something that the owner of a workload should know.</summary>
public sealed record AnnotationRemark(WorkloadSnapshot Workload, Announcement Said);

/// <summary>The plan for one name, and what is to be said about it.</summary>
public sealed record AnnotationDecision(AnnotationPlan Plan, ImmutableArray<AnnotationRemark> Remarks);

/// <summary>Decides about one name: what the workloads that are called so ask for, against the Delivery that is called so.</summary>
public static class AnnotationPlanner
{
    private static readonly AnnotationPlan Leave = new AnnotationPlan.Leave();

    /// <param name="workloads">All of that name, of the kinds that may ask, in the order of <see cref="AnnotationNames.Kinds"/>.</param>
    /// <param name="delivery">The Delivery of that name; null when there is none.</param>
    public static AnnotationDecision Plan(IReadOnlyList<WorkloadSnapshot> workloads, Delivery? delivery)
    {
        var asking = workloads.Where(workload => !workload.Deleting && AnnotatedSpec.IsAskedFor(workload)).ToArray();
        var remarks = workloads.Where(workload => !workload.Deleting && !AnnotatedSpec.IsAskedFor(workload)).SelectMany(Lonely);
        var (plan, said) = delivery switch
        {
            null => Fresh(asking),
            { Metadata.DeletionTimestamp: not null } => (Leave, []),
            _ when !IsGenerated(delivery) => (Leave, asking.Select(Occupied)),
            _ when workloads.FirstOrDefault(workload => Owns(workload, delivery)) is { } owner => Owned(owner, asking, delivery),

            // Its workload is gone or was made anew, and the API server is about to collect it. Its deletion brings us here again.
            _ => (Leave, []),
        };
        return new AnnotationDecision(plan, [.. remarks, .. said]);
    }

    /// <summary>Whether the Delivery was made of annotations, as far as it says so itself.</summary>
    public static bool IsGenerated(Delivery delivery) => delivery.Metadata.Labels?.ContainsKey(AnnotationNames.GeneratedFrom) == true && delivery.Metadata.OwnerReferences is { Count: > 0 };

    /// <summary>The wrong annotation as a problem of the Delivery that was made of it; null when there is none.</summary>
    public static SpecProblem? ProblemOf(Delivery delivery) =>
        delivery.Metadata.Annotations?.GetValueOrDefault(AnnotationNames.Problem) is { Length: > 0 } problem && IsGenerated(delivery)
            ? new SpecProblem($"annotation of {delivery.Metadata.Labels![AnnotationNames.GeneratedFrom]} {delivery.Metadata.Name}", problem)
            : null;

    private static (AnnotationPlan, IEnumerable<AnnotationRemark>) Fresh(WorkloadSnapshot[] asking)
    {
        if (asking is not [var first, .. var others])
        {
            return (Leave, []);
        }

        var rivals = others.Select(other => Rival(other, first));
        return AnnotatedSpec.TryRead(first, out var spec, out var problem)
            ? (new AnnotationPlan.Write(first, spec, Fingerprint(first, spec), Mends: false), rivals)
            : (Leave, [Wrong(first, problem), .. rivals]);
    }

    private static (AnnotationPlan, IEnumerable<AnnotationRemark>) Owned(WorkloadSnapshot owner, WorkloadSnapshot[] asking, Delivery delivery)
    {
        if (owner.Deleting || !asking.Contains(owner))
        {
            return (owner.Deleting ? Leave : new AnnotationPlan.Delete(), []);
        }

        var rivals = asking.Where(other => other != owner).Select(other => Rival(other, owner));
        var (marked, written) = (Annotation(delivery, AnnotationNames.Problem), Annotation(delivery, AnnotationNames.GeneratedSpec));
        if (!AnnotatedSpec.TryRead(owner, out var spec, out var problem))
        {
            return (marked == problem.ToString() ? Leave : new AnnotationPlan.Mark(problem.ToString()), [Wrong(owner, problem), .. rivals]);
        }

        var fingerprint = Fingerprint(owner, spec);
        return (written == fingerprint && marked is null ? Leave : new AnnotationPlan.Write(owner, spec, fingerprint, Mends: marked is not null), rivals);
    }

    private static bool Owns(WorkloadSnapshot workload, Delivery delivery) =>
        workload.Uid.Length > 0 && (delivery.Metadata.OwnerReferences ?? []).Any(owner => owner.Uid == workload.Uid);

    private static string? Annotation(Delivery delivery, string name) => delivery.Metadata.Annotations?.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    // Of the wire form, so that a Delivery is written again when, and only when, something else would be written.
    private static string Fingerprint(WorkloadSnapshot owner, DeliverySpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Uid}\n{JsonSerializer.Serialize(spec, ApiJson.Default.DeliverySpec)}")))[..16];

    private static IEnumerable<AnnotationRemark> Lonely(WorkloadSnapshot workload) =>
        AnnotatedSpec.TryRead(workload, out _, out var problem) || workload.Annotations.IsEmpty || problem.Field == AnnotationNames.Follow ? [] : [Wrong(workload, problem)];

    private static AnnotationRemark Wrong(WorkloadSnapshot workload, SpecProblem problem) => Remark(workload, Reasons.InvalidAnnotation, $"{problem}");

    private static AnnotationRemark Occupied(WorkloadSnapshot workload) => Remark(
        workload,
        Reasons.DeliveryExists,
        $"{AnnotationNames.Follow} asks for a Delivery {workload.Key.Name}, and one that was not made of annotations is there; remove the annotation, or delete that Delivery");

    private static AnnotationRemark Rival(WorkloadSnapshot workload, WorkloadSnapshot owner) => Remark(
        workload, Reasons.DeliveryExists, $"Delivery {workload.Key.Name} is that of {owner.Key.Kind} {owner.Key.Name}; write a Delivery of another name for this {workload.Key.Kind}");

    private static AnnotationRemark Remark(WorkloadSnapshot workload, string reason, string message) => new(workload, new Announcement(Warning: true, reason, message));
}
