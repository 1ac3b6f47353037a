using System.Diagnostics;
using Slipway.Notifications.Formats;

namespace Slipway.Notifications;

/// <summary>A notification on its way: what is told, in which words, with which secret, and when.</summary>
/// <param name="Secret">Entry of the Notifier's Secret; empty where it names none.</param>
/// <param name="Now">When the request is made, for signatures.</param>
public sealed record Letter(Notification Notification, Wording Words, string Secret, DateTimeOffset Now)
{
    /// <summary>It holds a secret.</summary>
    public override string ToString() => Notification.Id;
}

/// <summary>Every format in one list.</summary>
public static class NotificationFormats
{
    /// <summary>The mail that tells it; null where it is not told by mail.</summary>
    public static OutgoingMail? Mail(NotifierTerms terms, Notification notification, string secret, DateTimeOffset now) =>
        terms.Spec.Email is { } email ? EmailFormat.Of(LetterOf(terms, notification, secret, now), email) : null;

    /// <summary>The request that tells it; null where the format has no word for such an event.</summary>
    /// <exception cref="FormatException">The secret is no address, where the format needs one. The message does not show it.</exception>
    public static OutgoingRequest? Of(NotifierTerms terms, Notification notification, string secret, DateTimeOffset now)
    {
        var spec = terms.Spec;
        var letter = LetterOf(terms, notification, secret, now);
        return terms.Format switch
        {
            "slack" => SlackFormat.Of(letter, spec.Slack!),
            "teams" => TeamsFormat.Of(letter),
            "mattermost" => MattermostFormat.Of(letter, spec.Mattermost!),
            "discord" => DiscordFormat.Of(letter),
            "googleChat" => GoogleChatFormat.Of(letter),
            "pagerDuty" => PagerDutyFormat.Of(letter, spec.PagerDuty!),
            "opsgenie" => OpsgenieFormat.Of(letter, spec.Opsgenie!),
            "github" => GithubFormat.Of(letter, spec.Github!),
            "gitlab" => GitlabFormat.Of(letter, spec.Gitlab!),
            "webhook" => WebhookFormat.Of(letter, spec.Webhook!),
            "cloudEvents" => CloudEventsFormat.Of(letter, spec.CloudEvents!),
            "cdEvents" => CdEventsFormat.Of(letter, spec.CdEvents!),
            _ => throw new UnreachableException(),
        };
    }

    private static Letter LetterOf(NotifierTerms terms, Notification notification, string secret, DateTimeOffset now) =>
        new(notification, Wording.Of(notification, terms.Spec.Title, terms.Spec.Text), secret, now);
}
