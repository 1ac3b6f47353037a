using Slipway.Api;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Gates;
using Slipway.Kube;
using Slipway.Views;

namespace Slipway.Cli.Diagnosis;

/// <summary>What the Deliveries say: which are stuck and since when, and how their registries answer, by the controller's own word.</summary>
internal static class DeliveriesProbe
{
    private const string Subject = "deliveries";
    private const string Registries = "registries";
    private const int MostTold = 20;

    // The controller looks at a new Delivery within seconds; a minute is long.
    private static readonly TimeSpan Unseen = TimeSpan.FromMinutes(1);

    // What ends by itself, or was wished for, is not stuck.
    private static readonly HashSet<string> Patient =
    [
        Reasons.TooYoung, Reasons.OutsideWindow, Reasons.Frozen, Reasons.AwaitingDelivery, Reasons.TooManyRollouts, Reasons.AwaitingGroup, Reasons.GroupBusy,
        Reasons.JoiningGroup, Reasons.TargetBusy, Reasons.SignaturePending, Reasons.Adopting,
    ];

    public static async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken cancellationToken)
    {
        var page = await ListAsync(examination, cancellationToken);
        var stuck = page.Items.Select(item => Of(item.Value, examination.Now)).OfType<(Finding Finding, TimeSpan Age)>().OrderBy(found => found.Finding.Verdict == Verdict.Problem ? 0 : 1).ThenByDescending(found => found.Age).ToArray();
        return
        [
            .. page.Unreadable.Select(item => new Finding(Subject, Verdict.Problem, $"{item.Key} cannot be read: {item.Why}", "it was written by another version, or past the schema: see it with kubectl get -o yaml")),
            .. stuck.Take(MostTold).Select(found => found.Finding),
            .. stuck.Length > MostTold ? [new Finding(Subject, Verdict.Warning, $"and {stuck.Length - MostTold} more that are stuck", "slipway get -A")] : Array.Empty<Finding>(),
            .. stuck.Length == 0 ? [new Finding(Subject, Verdict.Ok, page.Items.Length == 0 ? $"there are none {examination.Where}" : $"none of the {page.Items.Length} {examination.Where} is stuck")] : Array.Empty<Finding>(),
        ];
    }

    public static async Task<IReadOnlyList<Finding>> RegistriesAsync(Examination examination, CancellationToken cancellationToken)
    {
        var feeds = FeedViews.Of((await ListAsync(examination, cancellationToken)).Items.Select(item => item.Value));
        var good = feeds.Count(feed => feed.Ready == "True");
        return
        [
            .. good > 0 ? [new Finding(Registries, Verdict.Ok, $"the controller reads {good} of {feeds.Count} repositories")] : Array.Empty<Finding>(),
            .. feeds.Where(feed => feed.Ready != "True").Take(MostTold).Select(feed => new Finding(
                Registries,
                feed.Ready == "False" ? Verdict.Problem : Verdict.Unknown,
                $"{feed.Repository}: {feed.Reason}{(feed.Since is { } since ? $" for {Words.Age(examination.Now - since)}" : "")}: {feed.Message} ({string.Join(", ", feed.Deliveries.Take(3))})",
                Advice(feed.Reason, feed.Deliveries[0].Split('/')[^1]) ?? (feed.Ready == "Unknown" ? "wait; if that lasts, see whether the controller runs" : "put right what the registry complains of: pull secret, name, network; docs/guides/registries has each vendor"))),
            .. feeds.Count == 0 ? [new Finding(Registries, Verdict.Ok, "none is followed")] : Array.Empty<Finding>(),
        ];
    }

    public static async Task<IReadOnlyList<Finding>> NotifiersAsync(Examination examination, CancellationToken cancellationToken)
    {
        var client = new ResourceClient<Notifier>(examination.Connection, ResourceTypes.Notifiers, ApiJson.Default.Notifier);
        var items = (await client.ListAsync(new ListScope(examination.Namespace), cancellationToken)).Items;
        var bad = items.Select(item => (item.Key, Ready: item.Value.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: DeliveryConditions.Ready, Status: "False" }))).Where(one => one.Ready is not null).ToArray();
        return bad.Length == 0
            ? [new Finding("notifiers", Verdict.Ok, items.Length == 0 ? $"there are none {examination.Where}" : $"none of the {items.Length} {examination.Where} complains")]
            : [.. bad.Take(MostTold).Select(one => new Finding(
                "notifiers", Verdict.Warning, $"{one.Key}: {one.Ready!.Reason} for {Words.Age(examination.Now - one.Ready.LastTransitionTime)}: {one.Ready.Message}", $"kubectl describe notifier -n {one.Key.Namespace} {one.Key.Name}"))];
    }

    public static async Task<IReadOnlyList<Finding>> FreezesAsync(Examination examination, CancellationToken cancellationToken)
    {
        var client = new ResourceClient<Freeze>(examination.Connection, ResourceTypes.Freezes, ApiJson.Default.Freeze);
        var terms = (await client.ListAsync(ListScope.All, cancellationToken)).Items.Select(item => FreezeTerms.Read(item.Value, null)).ToArray();
        return
        [
            .. terms.Where(freeze => freeze.Problem is not null).Select(freeze => new Finding("freezes", Verdict.Problem, $"Freeze {freeze.Name} cannot be read: {freeze.Problem}", $"kubectl edit freeze {freeze.Name}")),
            .. terms.Where(freeze => freeze.Problem is null && freeze.IsInForce(examination.Now)).Select(freeze => new Finding(
                "freezes", Verdict.Warning, $"Freeze {freeze.Name} holds everything {(freeze.Namespaces.Count == 0 ? "in the cluster" : $"in {string.Join(", ", freeze.Namespaces)}")}: {freeze.Reason}", $"'slipway unfreeze {freeze.Name}' ends it")),
            .. terms.Any(freeze => freeze.Problem is not null || freeze.IsInForce(examination.Now)) ? Array.Empty<Finding>() : [new Finding("freezes", Verdict.Ok, "nothing is frozen")],
        ];
    }

    private static (Finding Finding, TimeSpan Age)? Of(Delivery delivery, DateTimeOffset now)
    {
        var facts = new Facts(delivery, [], [], now);
        var name = $"{delivery.Metadata.Namespace}/{delivery.Metadata.Name}";
        if (facts.Status.ObservedGeneration < Math.Max(1, delivery.Metadata.Generation) && now - (delivery.Metadata.CreationTimestamp ?? now) is var age && age > Unseen)
        {
            return (new Finding(Subject, Verdict.Problem, $"{name}: {(facts.Status.ObservedGeneration == 0 ? $"nobody has looked at it, {Words.Age(age)} after it was made" : "its last edit was not read by anybody")}", "see whether the controller runs, and whether it looks after this namespace: kubectl logs -A -l app.kubernetes.io/name=slipway"), age);
        }

        if (facts.Stalled is { } stalled)
        {
            return Told(Verdict.Problem, name, facts, stalled, stalled.Reason, stalled.Message);
        }

        return facts.Condition(DeliveryConditions.Ready) is { Status: "False" } ready && facts.Status.Held is { } held && !Patient.Contains(held.Reason)
            ? Told(Verdict.Warning, name, facts, ready, held.Reason, held.Message)
            : null;
    }

    private static (Finding, TimeSpan) Told(Verdict verdict, string name, Facts facts, Condition since, string reason, string message)
    {
        var age = facts.Now - since.LastTransitionTime;
        return (new Finding(Subject, verdict, $"{name}: {reason} for {Words.Age(age)}: {Words.Readable(message)}", Advice(reason, facts.Name)), age);
    }

    private static string? Advice(string reason, string name) => NextSteps.Advice.GetValueOrDefault(reason)?.Replace("{0}", name, StringComparison.Ordinal);

    private static Task<ListPage<Delivery>> ListAsync(Examination examination, CancellationToken cancellationToken) =>
        new ResourceClient<Delivery>(examination.Connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery).ListAsync(new ListScope(examination.Namespace), cancellationToken);
}
