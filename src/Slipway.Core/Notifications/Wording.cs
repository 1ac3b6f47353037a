using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Notifications;

/// <summary>A notification in words, before any format.</summary>
/// <param name="Facts">Names and values that stand below the text.</param>
public sealed record Wording(string Title, string Text, ImmutableArray<(string Name, string Value)> Facts)
{
    // 12 letters tell digests apart as well as whole ones do, and fit a phone.
    private const int ShortDigest = 12;

    /// <param name="title">The user's own heading; null: ours.</param>
    /// <param name="text">The user's own text; null: the sentence of what happened.</param>
    public static Wording Of(Notification notification, string? title = null, string? text = null) => new(
        Clip(title is null ? TitleOf(notification) : MessageTemplate.Render(title, notification), 150),
        Clip(text is null ? notification.Message : MessageTemplate.Render(text, notification), 2000),
        [.. FactsOf(notification).Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => (fact.Name, Clip(fact.Value!, 300)))]);

    /// <summary>At most so many letters, with a sign where some are missing.</summary>
    public static string Clip(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)].TrimEnd()}…";

    private static string TitleOf(Notification notification)
    {
        var version = notification.To ?? "it";
        var what = notification.Event switch
        {
            NotificationEvent.Started => notification.From is { } from ? $"{from} → {version} has started" : $"{version} has started",
            NotificationEvent.Stepping => $"{version} is at its next step",
            NotificationEvent.Advancing => $"{version} goes to all",
            NotificationEvent.Draining => $"requests are taken from {version}",
            NotificationEvent.Succeeded => $"{version} runs",
            NotificationEvent.RollingBack => $"{version} has failed and is rolled back",
            NotificationEvent.RolledBack => $"{version} was rolled back",
            NotificationEvent.Failed => $"{version} has failed",
            NotificationEvent.Superseded => $"{version} was superseded",
            NotificationEvent.Exposed => $"{version} had its exposure",
            NotificationEvent.Adopted => $"{version} was found running",
            NotificationEvent.CorrectingDrift => $"a drift from {version} is corrected",
            NotificationEvent.AwaitingApproval => $"{version} waits for approval",
            NotificationEvent.Resumed => "no longer held",
            NotificationEvent.RequestRefused => "a request was refused",
            _ => $"held: {notification.Reason}",
        };
        return $"{notification.Namespace}/{notification.Delivery}: {what}";
    }

    private static (string Name, string? Value)[] FactsOf(Notification notification) =>
    [
        ("Version", notification.From is null || notification.From == notification.To ? notification.To : $"{notification.From} → {notification.To}"),
        ("Digest", notification.Digest?.Split(':') is [var algorithm, { Length: > ShortDigest } hex] ? $"{algorithm}:{hex[..ShortDigest]}" : notification.Digest),
        ("Release", notification.Release?.ToString(CultureInfo.InvariantCulture)),
        ("Reason", notification.Reason),
        ("By", notification.By),
    ];
}
