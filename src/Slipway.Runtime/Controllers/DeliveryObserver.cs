using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Annotations;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Rollouts;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Reads from the caches all that bears on one Delivery. It decides nothing, and asks the API server only for pull secrets and for the templates of checks.</summary>
public sealed class DeliveryObserver(
    ClusterView cluster, SourceBinding sources, PodInterest interest, SideObserver sides, JobRecreation jobs, VersionPublisher publisher, Neighbours neighbours, DeliveryChecks checks, TimeProvider time)
{
    // While the pods of a namespace are listed for the first time.
    private static readonly TimeSpan PodsPending = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<ObjectKey, ReadTerms> _terms = new();
    private readonly PatternPool _patterns = new();

    /// <summary>A spec that was read, by the generation it was read at: patterns and ranges are compiled once.</summary>
    private sealed record ReadTerms(string Uid, long Generation, DeliveryTerms? Terms, SpecProblem? Problem);

    /// <summary>The terms of the spec as it is, or what is wrong with it or with the annotations that it was made of.</summary>
    public (DeliveryTerms? Terms, SpecProblem? Problem) Terms(ObjectKey key, Delivery delivery)
    {
        // It comes and goes without a new generation.
        if (AnnotationPlanner.ProblemOf(delivery) is { } wrong)
        {
            return (null, wrong);
        }

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
        sides.Forget(key);
        publisher.Forget(key);
        checks.Forget(key);
    }

    /// <summary>The workload beside which something may run; null where it is gone.</summary>
    public WorkloadSnapshot? FirstTarget(ObjectKey key, Delivery delivery) =>
        delivery.Spec is { } spec && Resolve(key.Namespace, spec, []).Targets is [{ Workload: var workload }, ..] ? workload : null;

    /// <exception cref="NotReadyException">The pods of the namespace are not known yet.</exception>
    public async Task<DeliveryFacts> ObserveAsync(ObjectKey key, Delivery delivery, DeliveryTerms terms, CancellationToken cancellationToken)
    {
        // By its uid: one that was deleted and made anew does not take over the history that the API server is about to collect.
        ImmutableArray<ReleaseRecord> history = [.. cluster.Releases.ByIndex(ClusterView.ByDelivery, delivery.Metadata.Uid ?? "").Select(release => release.Record)];
        var targets = Resolve(key.Namespace, delivery.Spec!, []);
        if (await GoneAsync(key, delivery, targets, history, cancellationToken) is { Count: > 0 } gone)
        {
            targets = Resolve(key.Namespace, delivery.Spec!, gone);
        }

        var now = Instant.Of(time.GetUtcNow());
        var source = await sources.BindAsync(key, delivery, terms, targets, now, cancellationToken);
        var (plans, uncheckable) = await checks.PlansAsync(key, delivery, cancellationToken);
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
            History = history,
            Publication = publisher.Known(key),
            Checks = plans,
            CheckProblem = uncheckable,
            Measurements = checks.Results(key),
            Now = now,
        };
        facts = neighbours.Observe(key, facts);
        if (Pods(key, facts) is not { } pods)
        {
            return cluster.Siblings(delivery.Metadata.Uid ?? "").Count == 0 && IsUnwritten(facts.ToSnapshot()) ? facts : throw new NotReadyException($"the pods of {key.Namespace} are not known yet", PodsPending);
        }

        facts = facts with { Pods = pods };
        return facts with { Beside = await sides.ObserveAsync(key, facts, cancellationToken) };
    }

    /// <exception cref="NotReadyException">A kind that is followed on demand was not listed yet.</exception>
    private TargetSet Resolve(string ns, DeliverySpec spec, IEnumerable<WorkloadSnapshot> gone)
    {
        var (workloads, unfollowed) = (gone.ToDictionary(job => job.Key), new Dictionary<string, string>());
        foreach (var (target, kind) in Read(spec))
        {
            var informer = kind.Known is null || kind.Known == WorkloadKinds.Job ? OnDemand(target, kind, unfollowed) : cluster.Workloads.GetValueOrDefault(kind.Name);
            IEnumerable<WorkloadSnapshot> found = string.IsNullOrEmpty(target.Name) ? informer?.List(ns) ?? []
                : informer?.Get(new ObjectKey(ns, target.Name)) is { } named ? [named]
                : [];
            foreach (var workload in found.Where(workload => workload is { Deleting: false, Side: null }))
            {
                workloads[workload.Key] = workload;
            }
        }

        return TargetResolution.Resolve(ns, spec, workloads, unfollowed);
    }

    private Informer<WorkloadSnapshot>? OnDemand(Target target, TargetKind kind, Dictionary<string, string> unfollowed)
    {
        var followed = cluster.Follow(target, kind);
        if (followed.Problem is { } problem)
        {
            unfollowed[kind.Name] = problem;
            return null;
        }

        return followed.Objects ?? throw new NotReadyException($"{kind.Name} is not listed yet", PodsPending);
    }

    private static IEnumerable<(Target Target, TargetKind Kind)> Read(DeliverySpec spec)
    {
        foreach (var target in spec.Targets ?? [])
        {
            if (TargetKind.TryRead("", target, out var kind, out _))
            {
                yield return (target, kind);
            }
        }
    }

    /// <summary>Jobs that Slipway has deleted and was about to create anew: what it kept of them stands for them until it has.</summary>
    private async Task<List<WorkloadSnapshot>> GoneAsync(ObjectKey key, Delivery delivery, TargetSet targets, ImmutableArray<ReleaseRecord> history, CancellationToken cancellationToken)
    {
        List<WorkloadSnapshot> gone = [];
        var record = delivery.Status?.Rollout switch
        {
            RolloutState.Advancing at => at.Attempt.Release,
            RolloutState.Reverting back => back.Attempt.Release,
            RolloutState.Correcting => history.MaxBy(release => release.Number)?.Name,
            _ => null,
        };
        if (record is null)
        {
            return gone;
        }

        foreach (var target in targets.Targets.Where(target => target.Workload is null && target.Key.Kind == WorkloadKinds.Job.Name))
        {
            if (await jobs.RecordedAsync(new ObjectKey(key.Namespace, record), target.Key.Name, cancellationToken) is { } job)
            {
                gone.Add(job);
            }
        }

        return gone;
    }

    private ImmutableArray<ClaimConflict> Conflicts(ObjectKey key, Delivery delivery, TargetSet targets)
    {
        var others = targets.Targets
            .SelectMany(target => cluster.DeliveriesOf(target.Key))
            .Where(other => other.Metadata.Name != delivery.Metadata.Name && other.Spec is not null)
            .DistinctBy(other => other.Metadata.Name)
            .Select(other => ClaimOf(key.Namespace, other, Resolve(key.Namespace, other.Spec!, [])));
        return Claims.Conflicts(ClaimOf(key.Namespace, delivery, targets), others);
    }

    private static Claim ClaimOf(string ns, Delivery delivery, TargetSet targets) =>
        Claim.Of(ns, delivery.Metadata.Name, delivery.Metadata.CreationTimestamp, targets.Targets);

    // Pods matter while a rollout is watched, and at first, to learn which digest runs. Null while they are listed for the first time.
    private ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>? Pods(ObjectKey key, DeliveryFacts facts)
    {
        var (status, siblings) = (facts.Delivery.Status, cluster.Siblings(facts.Delivery.Metadata.Uid ?? ""));
        var watched = status?.Current is null || status.Rollout is RolloutState.Advancing or RolloutState.Reverting || SideObserver.IsUnderWay(facts.Delivery, siblings);
        var workloads = facts.Targets.Targets.Select(target => target.Workload).OfType<WorkloadSnapshot>().Concat(siblings).Where(workload => workload.PodSelector is not null).ToArray();
        if (!watched || workloads.Length == 0)
        {
            interest.Forget(key);
            return ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>.Empty;
        }

        interest.Follow(key, [.. workloads.Select(workload => workload.PodSelector!)]);
        var informer = cluster.Pods.For(key.Namespace);
        return informer.HasSynced ? workloads.ToImmutableDictionary(workload => workload.Key, workload => PodsOf(informer, workload)) : null;
    }

    // An image that is still to be written is not kept waiting for the list of the pods that will run it.
    private static bool IsUnwritten(DeliverySnapshot now) =>
        now.State is RolloutState.Advancing { HighWater: null, Attempt: var attempt } at
        && now.UpToWave(at.Wave).Any(target => !now.Runs(target, attempt.Tag, attempt.Digest));

    private static IReadOnlyList<PodSnapshot> PodsOf(Informer<PodSnapshot> informer, WorkloadSnapshot workload)
    {
        var selector = workload.PodSelector!;

        // One label narrows thousands of pods to a few; the rest of the selector is checked on those.
        var candidates = selector.MatchLabels is { Count: > 0 } labels && labels.First() is var (key, value) ? informer.ByIndex(ClusterView.ByLabel, $"{key}={value}") : informer.List();
        
        // What runs beside it may carry all its labels, and is not it.
        return [.. candidates.Where(pod => LabelSelectors.Matches(selector, pod.Labels) && (workload.Side is not null || !pod.Labels.ContainsKey(SideMark.SideLabel)))];
    }
}
