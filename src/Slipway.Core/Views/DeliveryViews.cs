using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Gates;
using Slipway.Rollouts;

namespace Slipway.Views;

/// <summary>Makes views of Deliveries and of what is around them. Pure: nothing is judged anew, all is read from what is stored.</summary>
public static class DeliveryViews
{
    /// <summary>Of its history, in the view of a Delivery.</summary>
    public const int MostReleases = 20;

    public static DeliveryRow Row(Delivery delivery)
    {
        var (spec, status) = (delivery.Spec ?? new(), delivery.Status ?? new());
        var ready = Condition(status, DeliveryConditions.Ready);
        return new DeliveryRow(delivery.Metadata.Namespace ?? "", delivery.Metadata.Name, Phase(status.Rollout), ready?.Status ?? "Unknown")
        {
            Uid = delivery.Metadata.Uid ?? "",
            Current = status.Current is { } current ? Version(current) : null,
            Candidate = status.Candidate is { } candidate ? new(candidate.Tag, candidate.Digest, Since: candidate.FirstSeen) : null,
            Reason = ready?.Reason,
            Message = ready is null ? null : Words.Readable(ready.Message),
            Since = ready?.LastTransitionTime,
            Held = status.Held is { } held ? new(held.Reason, Words.Readable(held.Message), held.Until) : null,
            Progress = Progress(status.Rollout),
            Suspended = spec.Suspend == true,
            Group = string.IsNullOrEmpty(spec.Group?.Name) ? null : spec.Group.Name,
            Strategy = $"{StrategyOf(spec, status.Rollout)}",
            Created = delivery.Metadata.CreationTimestamp,
            Labels = delivery.Metadata.Labels is { Count: > 0 } labels ? labels.ToImmutableSortedDictionary(StringComparer.Ordinal) : null,
        };
    }

    /// <param name="live">What is seen of the workloads at present.</param>
    public static DeliveryView Whole(Facts facts, LiveSides live) => new(Row(facts.Delivery), Explanation.Of(facts))
    {
        Rollout = RolloutViews.Of(facts, live),
        Targets = facts.Spec.Targets is { Count: > 0 } targets ? [.. targets.Select(target => new TargetView(Workloads.TargetKind.NameOf(target), string.IsNullOrEmpty(target.Name) ? null : target.Name))] : null,
        Repository = string.IsNullOrEmpty(facts.Spec.Source?.Repository) ? null : facts.Spec.Source.Repository,
        Conditions = Some(facts.Status.Conditions),
        Rejected = Some(facts.Status.Rejected),
        Approvals = Some(facts.Status.Approvals),
        Releases = Some([.. facts.Releases.Reverse().Take(MostReleases).Select(ReleaseViews.Row)]),
    };

    public static WhyView Why(Facts facts) => new(facts.Delivery.Metadata.Namespace ?? "", facts.Name, Explanation.Of(facts));

    /// <summary>The version that waits for a person's yes; null: none does.</summary>
    public static ApprovalView? Approval(Delivery delivery)
    {
        var status = delivery.Status;
        if (status?.Held is not { Reason: Reasons.AwaitingApproval } held || PeoplesDecision.Asked(status) is not { } asked)
        {
            return null;
        }

        return new(delivery.Metadata.Namespace ?? "", delivery.Metadata.Name, asked.Tag, asked.Digest, Words.Readable(held.Message), status.Rollout is RolloutState.Stepping)
        {
            Current = status.Current is { } current ? Version(current) : null,
            Since = Condition(status, DeliveryConditions.Ready)?.LastTransitionTime,
            Group = delivery.Spec?.Group?.Name,
        };
    }

    public static FreezeView Freeze(FreezeTerms freeze, DateTimeOffset now) => new(freeze.Name, freeze.Reason, freeze.IsInForce(now))
    {
        By = freeze.By,
        From = freeze.From,
        Until = freeze.Until,
        Ends = freeze.IsInForce(now) ? freeze.Ends(now) : null,
        Namespaces = Some([.. freeze.Namespaces.Select(glob => $"{glob}")]),
        Problem = freeze.Problem is { } problem ? $"{problem.Field}: {problem.Message}" : null,
    };

    internal static VersionView Version(ReleasedImage image) => new(image.Tag, image.Digest, image.Release);

    internal static StrategyKind StrategyOf(DeliverySpec spec, RolloutState? state) =>
        state?.Attempted?.Plan?.Strategy ?? (spec.Strategy is { BlueGreen: not null } ? StrategyKind.BlueGreen : spec.Strategy is { Canary: not null } ? StrategyKind.Canary : StrategyKind.Rolling);

    internal static string Phase(RolloutState? state) => state?.GetType().Name ?? nameof(RolloutState.Idle);

    // Null, absent and empty are the same (rule 16), and what is absent costs nothing on the wire.
    private static IReadOnlyList<T>? Some<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;

    private static Condition? Condition(DeliveryStatus status, string type) => status.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static ProgressView? Progress(RolloutState? state) => state?.Attempted is not { } attempt ? null : state switch
    {
        RolloutState.Stepping at => new(attempt.Number, attempt.Tag, at.Step + 1, attempt.Plan?.Steps.Count ?? 0, at.Side.Weight),
        _ => new(attempt.Number, attempt.Tag, 0, attempt.Plan?.Steps.Count ?? 0, state.Beside?.Weight ?? 0),
    };
}
