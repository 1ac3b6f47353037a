using System.Text.RegularExpressions;

namespace Slipway.Notifications;

/// <summary>
/// A text with <c>{{ placeholders }}</c>. Values are put in as they are: the format that the text goes into escapes the whole of it, so that a
/// value cannot mean more there than the text around it.
/// </summary>
public static partial class MessageTemplate
{
    private const string Names = "event, severity, namespace, delivery, version, previous, commit, repository, digest, release, by, reason, message";

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public static string? Problem(string template)
    {
        var unknown = Slot.Matches(template).Select(match => match.Groups[1].Value).FirstOrDefault(name => !Names.Split(", ").Contains(name));
        return unknown is not null ? $"{{{{ {unknown} }}}} is no placeholder: there are {Names}"
            : Slot.Replace(template, "").Contains("{{", StringComparison.Ordinal) ? "a placeholder has no end: write for example {{ version }}"
            : null;
    }

    /// <summary>What has no value is left out.</summary>
    public static string Render(string template, Notification notification) => Slot.Replace(template, match => match.Groups[1].Value switch
    {
        "event" => $"{notification.Event}",
        "severity" => $"{notification.Severity}",
        "namespace" => notification.Namespace,
        "delivery" => notification.Delivery,
        "version" => notification.To ?? "",
        "previous" => notification.From ?? "",
        "commit" => Commit.Matches(notification.To ?? "").LastOrDefault()?.Value ?? "",
        "repository" => notification.Repository ?? "",
        "digest" => notification.Digest ?? "",
        "release" => $"{notification.Release}",
        "by" => notification.By ?? "",
        "reason" => notification.Reason,
        _ => notification.Message,
    });

    [GeneratedRegex(@"\{\{\s*([^{}]*?)\s*\}\}")]
    private static partial Regex Slot { get; }

    // As CI writes it into tags: main-1a2b3c4, 20260101-<40 letters>.
    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])")]
    private static partial Regex Commit { get; }
}
