using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Explanations;
using Slipway.Rollouts;

namespace Slipway.Cli.Descriptions;

/// <summary>Everything of a Delivery, for people: what was asked for, where it is, what was measured, what happened.</summary>
internal static class DeliveryDescription
{
    private const int MostReleases = 5;
    private const int MostEvents = 10;

    /// <param name="pods">A line each, by side.</param>
    public static ImmutableArray<Paragraph> Of(Facts facts, IReadOnlyList<string> pods) =>
    [
        .. new[]
        {
            new Paragraph("Labels", Pairs(facts.Delivery.Metadata.Labels)),
            new Paragraph("Targets", [.. (facts.Spec.Targets ?? []).Select(Target)]),
            Explanations.Source.Follows(facts),
            Explanations.Source.Registry(facts),
            new Paragraph("Strategy", Strategy(facts.Spec)),
            new Paragraph("Checks", [.. (facts.Spec.Checks ?? []).Select(CheckLines.Of)]),
            new Paragraph("Gates", [.. Gates(facts.Spec)]),
            Explanations.Rollout.Runs(facts),
            Explanations.Rollout.UnderWay(facts),
            new Paragraph("Steps", [.. StepLines.Of(facts.Delivery)]),
            new Paragraph("Beside", facts.Status.Rollout?.Beside is { } side ? [Side(side)] : []),
            new Paragraph("Measured", [.. CheckLines.Current(facts.Delivery).Select(CheckLines.Of), .. (facts.Status.Rollout?.Attempted?.Checks ?? []).Select(CheckLines.Of)]),
            new Paragraph("Pods", [.. pods]),
            Obstacles.Held(facts),
            Obstacles.Rejected(facts),
            new Paragraph("Conditions", [.. (facts.Status.Conditions ?? []).Select(condition => Condition(facts, condition))]),
            new Paragraph("Releases", [.. facts.Releases.Reverse().Take(MostReleases).Select(release => Release(facts, release))]),
            new Paragraph("Events", [.. facts.Happenings.Take(MostEvents).Select(happening => $"{facts.Ago(happening.At)}  {(happening.Warning ? "Warning " : "")}{happening.Reason}: {happening.Message}")]),
        }.OfType<Paragraph>().Where(paragraph => paragraph.Sentences.Length > 0),
    ];

    private static ImmutableArray<string> Pairs(ImmutableDictionary<string, string>? pairs) =>
        [.. (pairs ?? ImmutableDictionary<string, string>.Empty).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")];

    private static string Target(Target target)
    {
        var containers = target.Containers is { Count: > 0 } named ? $", containers {string.Join(", ", named)}" : "";
        return $"{target.Kind ?? "Deployment"} {target.Name ?? "by labels"}{containers}";
    }

    private static ImmutableArray<string> Strategy(DeliverySpec spec) =>
    [
        spec.Strategy switch { { Canary: not null } => "canary", { BlueGreen: not null } => "blue/green", _ => "rolling update" },
        .. spec.Strategy?.Canary?.Traffic is { } traffic ? [$"requests are divided by {Router(traffic)}"] : Array.Empty<string>(),
        $"it has failed after {spec.ProgressDeadline ?? "10m"} without progress; rollback: {spec.Rollback ?? "OnFailure"}",
        $"written as {spec.Pin ?? "TagAndDigest"}",
    ];

    private static string Router(Api.Traffic traffic) => traffic switch
    {
        { HttpRoute.Name: { } route } => $"HTTPRoute {route}",
        { Ingress.Name: { } ingress } => $"Ingress {ingress}",
        { TraefikService.Name: { } service } => $"TraefikService {service}",
        { Service: { } service } => $"the pods behind Service {service}",
        _ => "the pods",
    };

    private static IEnumerable<string> Gates(DeliverySpec spec) => new[]
    {
        spec.Suspend == true ? "suspended" : null,
        spec.Approval == "Manual" ? $"a person says yes to each version{(spec.ApprovalExpires is { } expires ? $", for {expires}" : "")}" : null,
        spec.Group?.Name is { } group ? $"together with group {group}" : null,
        spec.Source?.MinimumAge is { Length: > 0 } age ? $"a version rests for {age} first" : null,
    }.OfType<string>()
        .Concat((spec.Windows ?? []).Select(window => $"{window.Kind ?? "Allow"} {window.Schedule} for {window.Duration} ({window.TimeZone ?? "UTC"})"))
        .Concat((spec.After ?? []).Select(after => $"after Delivery {after.Delivery}{(after.HealthyFor is { } healthy ? $" ran it well for {healthy}" : "")}"));

    private static string Side(Side side) =>
        $"{side.Replicas} pods beside {side.Of} of {side.Stable}; {(side.IsExposed ? side.Open > 0 ? $"{side.Open} of them take requests" : $"{side.Weight} % of the requests" : "no requests")}";

    private static string Condition(Facts facts, Condition condition) =>
        $"{condition.Type}={condition.Status} since {Words.Age(facts.Now - condition.LastTransitionTime)}  {condition.Reason}: {condition.Message}";

    private static string Release(Facts facts, Release release)
    {
        var status = release.Status ?? new ReleaseStatus();
        return $"{release.Spec.Number}  {Words.Version(release.Spec.Tag, release.Spec.Digest)}  {status.Outcome}  {facts.Ago(release.Spec.StartedAt)}{(status.Message is { Length: > 0 } message ? $"  {message}" : "")}";
    }
}
