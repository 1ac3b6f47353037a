using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Reads from the caches all that bears on one Delivery. It decides nothing, and asks the API server only for pull secrets.</summary>
public sealed class DeliveryObserver(ClusterView cluster, SourceBinding sources, PodInterest interest, TimeProvider time)
{
    // While the pods of a namespace are listed for the first time.
    private static readonly TimeSpan PodsPending = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<ObjectKey, ReadTerms> _terms = new();
    private readonly PatternPool _patterns = new();

    /// <summary>A spec that was read, by the generation it was read at: patterns and ranges are compiled once.</summary>
    private sealed record ReadTerms(string Uid, long Generation, DeliveryTerms? Terms, SpecProblem? Problem);

    /// <summary>The terms of the spec as it is, or what is wrong with it.</summary>
    public (DeliveryTerms? Terms, SpecProblem? Problem) Terms(ObjectKey key, Delivery delivery)
    {
        var (uid, generation) = (delivery.Metadata.Uid ?? "", delivery.Metadata.Generation);
        var known = _terms.GetValueOrDefault(key);
        if (known is null || known.Uid != uid || known.Generation != generation)
        {
            DeliveryTerms.TryRead(delivery.Spec, out var terms, out var problem, _patterns.TryParse);
            _terms[key] = known = new(uid, generation, terms, problem);
        }

        return (known.Terms, known.Problem);
    }

    public void Forget(ObjectKey key)
    {
        _terms.TryRemove(key, out _);
        sources.Forget(key);
        interest.Forget(key);
    }

    /// <exception cref="NotReadyException">The pods of the namespace are not known yet.</exception>
    public async Task<DeliveryFacts> ObserveAsync(ObjectKey key, Delivery delivery, DeliveryTerms terms, CancellationToken cancellationToken)
    {
        var (targets, now) = (Resolve(key.Namespace, delivery.Spec!), Instant.Of(time.GetUtcNow()));
        var source = await sources.BindAsync(key, delivery, terms, targets, now, cancellationToken);
        var facts = new DeliveryFacts
        {
            Delivery = delivery,
            Terms = terms,
            Targets = targets,
            Conflicts = Conflicts(key, delivery, targets),
            Nodes = cluster.Nodes?.List() ?? [],
            Source = source.View,
            Verification = source.Verification,
            RestedVerification = source.RestedVerification,
            History = [.. cluster.Releases.ByIndex(ClusterView.ByDelivery, $"{key.Namespace}/{key.Name}").Where(release => Owns(delivery, release)).Select(Record)],
            Now = now,
        };
        return Pods(key, facts) is { } pods ? facts with { Pods = pods }
            : IsUnwritten(facts.ToSnapshot()) ? facts
            : throw new NotReadyException($"the pods of {key.Namespace} are not known yet", PodsPending);
    }

    // A Delivery that was deleted and made anew does not take over the history that the API server is about to collect.
    private static bool Owns(Delivery delivery, Release release) =>
        (release.Metadata.OwnerReferences ?? []).Any(owner => owner.Uid == delivery.Metadata.Uid);

    private static ReleaseRecord Record(Release release) => new(
        release.Metadata.Name, release.Metadata.Uid ?? "", release.Spec.Number, release.Spec.Tag, release.Spec.Digest, release.Status?.Outcome ?? "", release.Spec.StartedAt);

    private TargetSet Resolve(string ns, DeliverySpec spec)
    {
        var workloads = new Dictionary<WorkloadKey, WorkloadSnapshot>();
        foreach (var target in spec.Targets ?? [])
        {
            var kind = string.IsNullOrEmpty(target.Kind) ? WorkloadKinds.Deployment.Name : target.Kind;
            IEnumerable<WorkloadSnapshot> found = string.IsNullOrEmpty(target.Name) ? cluster.Workloads.GetValueOrDefault(kind)?.List(ns) ?? []
                : cluster.Workload(new WorkloadKey(kind, ns, target.Name)) is { } named ? [named]
                : [];
            foreach (var workload in found.Where(workload => !workload.Deleting))
            {
                workloads[workload.Key] = workload;
            }
        }

        return TargetResolution.Resolve(ns, spec, workloads);
    }

    private ImmutableArray<ClaimConflict> Conflicts(ObjectKey key, Delivery delivery, TargetSet targets)
    {
        var others = targets.Targets
            .SelectMany(target => cluster.DeliveriesOf(target.Key))
            .Where(other => other.Metadata.Name != delivery.Metadata.Name && other.Spec is not null)
            .DistinctBy(other => other.Metadata.Name)
            .Select(other => ClaimOf(key.Namespace, other, Resolve(key.Namespace, other.Spec!)));
        return Claims.Conflicts(ClaimOf(key.Namespace, delivery, targets), others);
    }

    private static Claim ClaimOf(string ns, Delivery delivery, TargetSet targets) =>
        Claim.Of(ns, delivery.Metadata.Name, delivery.Metadata.CreationTimestamp, targets.Targets);

    // Pods matter while a rollout is watched, and at first, to learn which digest runs. Null while they are listed for the first time.
    private ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>? Pods(ObjectKey key, DeliveryFacts facts)
    {
        var status = facts.Delivery.Status;
        var watched = status?.Current is null || status.Rollout is RolloutState.Advancing or RolloutState.Reverting;
        var workloads = facts.Targets.Targets.Select(target => target.Workload).OfType<WorkloadSnapshot>().Where(workload => workload.PodSelector is not null).ToArray();
        if (!watched || workloads.Length == 0)
        {
            interest.Forget(key);
            return ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>.Empty;
        }

        interest.Follow(key, [.. workloads.Select(workload => workload.PodSelector!)]);
        var informer = cluster.Pods.For(key.Namespace);
        return informer.HasSynced ? workloads.ToImmutableDictionary(workload => workload.Key, workload => PodsOf(informer, workload.PodSelector!)) : null;
    }

    // An image that is still to be written is not kept waiting for the list of the pods that will run it.
    private static bool IsUnwritten(DeliverySnapshot now) =>
        now.State is RolloutState.Advancing { HighWater: null, Attempt: var attempt } at
        && now.UpToWave(at.Wave).Any(target => !now.Runs(target, attempt.Tag, attempt.Digest));

    private static IReadOnlyList<PodSnapshot> PodsOf(Informer<PodSnapshot> informer, LabelSelector selector)
    {
        // One label narrows thousands of pods to a few; the rest of the selector is checked on those.
        var candidates = selector.MatchLabels is { Count: > 0 } labels && labels.First() is var (key, value) ? informer.ByIndex(ClusterView.ByLabel, $"{key}={value}") : informer.List();
        return [.. candidates.Where(pod => LabelSelectors.Matches(selector, pod.Labels))];
    }
}
