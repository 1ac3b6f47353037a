using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Explanations;

namespace Slipway.Views;

/// <summary>
/// The registries' side, as the Deliveries tell it: so it is the same in each replica, and nobody is told more than of the Deliveries that they may see.
/// </summary>
public static class FeedViews
{
    // Worst first.
    private static readonly string[] Order = ["False", "Unknown", "True"];

    public static IReadOnlyList<FeedView> Of(IEnumerable<Delivery> deliveries) =>
    [
        .. deliveries
            .Where(delivery => delivery.Metadata.DeletionTimestamp is null)
            .GroupBy(RepositoryOf)
            .OrderBy(feed => feed.Key, StringComparer.Ordinal)
            .Select(feed => Feed(feed.Key, [.. feed])),
    ];

    private static FeedView Feed(string repository, IReadOnlyList<Delivery> deliveries)
    {
        var worst = deliveries.Select(Found).MinBy(found => (Array.IndexOf(Order, found.Status), found.LastTransitionTime))!;
        return new FeedView(repository, worst.Status, worst.Reason, Words.Readable(Said(repository, worst.Message)), [.. deliveries.Select(delivery => $"{delivery.Metadata.Namespace}/{delivery.Metadata.Name}").Order(StringComparer.Ordinal)])
        {
            Since = worst.LastTransitionTime == default ? null : worst.LastTransitionTime,
            Interval = deliveries.Select(delivery => delivery.Spec?.Source?.Interval).OfType<string>().MinBy(text => DurationText.TryParse(text, out var interval) ? interval : TimeSpan.MaxValue),
        };
    }

    // The condition names the repository, which the feed is named by already.
    private static string Said(string repository, string message) => message.StartsWith($"{repository}: ", StringComparison.Ordinal) ? message[(repository.Length + 2)..] : message;

    private static Condition Found(Delivery delivery) =>
        delivery.Status?.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.SourceReady)
        ?? new Condition(DeliveryConditions.SourceReady, "Unknown", Reasons.NotLookedYet, "it was not looked at yet", default);

    // Where the spec names none it is that of the target; what was attempted last knows it.
    private static string RepositoryOf(Delivery delivery) =>
        delivery.Spec?.Source?.Repository is { Length: > 0 } named ? named
        : delivery.Status?.Rollout?.Attempted?.Repository is { Length: > 0 } attempted ? attempted
        : Found(delivery) is { Status: "True", Message: var message } && message.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? message[..end]
        : "(of the target)";
}
