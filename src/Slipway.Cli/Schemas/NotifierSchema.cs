using Slipway.Notifications;
using static Slipway.Cli.Schemas.Field;
using static Slipway.Cli.Schemas.Schema;

namespace Slipway.Cli.Schemas;

/// <summary>The schema of a Notifier, field by field in the order of the wire types.</summary>
internal static class NotifierSchema
{
    public static readonly Schema Whole = Object(
        "Who is told of what Deliveries do, and where.",
        May("apiVersion", Text("slipway.dev/v1alpha1")),
        May("kind", Text("Notifier")),
        May("metadata", new Schema("object", "")),
        Must("spec", Spec),
        May("status", Status));

    private static Schema Spec => Object(
        "What is told, and exactly one place where.",
        May("events", List("What is told; all but Stepping, Advancing and Draining when absent.", OneOf("", [.. Enum.GetNames<NotificationEvent>()])) with { Most = 50 }),
        May("severity", OneOf("What is less is not told; Info when absent.", [.. Enum.GetNames<NotificationSeverity>()])),
        May("selector", Selector("Labels of the Deliveries that are told of; all when absent.")),
        May("namespaces", Texts("Names of namespaces, with * for any letters; only in the controller's own namespace. The Notifier's own when absent.") with { Most = 100 }),
        May("title", Text("The heading, with placeholders such as {{ delivery }} and {{ version }}.") with { Most = 2000 }),
        May("text", Text("What stands below it, with placeholders.") with { Most = 2000 }),
        May("approvalLinks", Flag("Whether whoever reads that somebody is waited for may answer by a link in it; false when absent.")),
        May("slack", Chat("Slack, by an incoming webhook or, with a channel, by the token of a bot.")),
        May("teams", Hook("Microsoft Teams, by a webhook of Workflows.")),
        May("mattermost", Chat("Mattermost, by an incoming webhook.")),
        May("discord", Hook("Discord, by a webhook of a channel.")),
        May("googleChat", Hook("Google Chat, by a webhook of a space.")),
        May("pagerDuty", Incident("PagerDuty, by an integration key of the Events API v2.")),
        May("opsgenie", Incident("Opsgenie, by the key of an API integration.")),
        May("github", Commit("Status of the commit on GitHub, and deployments.")),
        May("gitlab", Commit("Status of the commit on GitLab, and deployments.")),
        May("webhook", Object("Any server; with a Secret the requests are signed as Standard Webhooks.", May("secretRef", Entry("The key of the signature.")), Must("address", Text("Where it is sent.")))),
        May("cloudEvents", Events("A receiver of CloudEvents 1.0.")),
        May("cdEvents", Events("A receiver of CDEvents.")),
        May("email", Email));

    private static Schema Email => Object(
        "Mailboxes, by a mail server that takes mail for them.",
        May("secretRef", Entry("The password of user.")),
        Must("address", Text("smtp://HOST:PORT, with STARTTLS wherever there is a password, or smtps://HOST:PORT.")),
        May("user", Text("The name of the login.")),
        Must("from", Text("The mailbox that it comes from.") with { Most = 254 }),
        Must("to", Texts("Mailboxes that are told.") with { Most = 50 }));

    private static Schema Status => Object(
        "How telling goes.",
        May("observedGeneration", Number("The generation that the rest is about.")),
        May("conditions", List("Ready.", Object(
            "A condition.",
            Must("type", Text("Ready.")),
            Must("status", OneOf("Whether it holds.", "True", "False", "Unknown")),
            Must("reason", Text("In one word, for machines.")),
            Must("message", Text("In a sentence, for people.")),
            Must("lastTransitionTime", Instant("Since when it is so.")),
            May("observedGeneration", Number("The generation that it is about.")))) with { Key = "type" }),
        May("lastDelivered", Instant("When something was told last.")),
        May("failures", Number("Messages that were given up.")),
        May("dropped", Number("Messages that had no room while others waited.")));

    private static Schema Chat(string description) => Object(
        description,
        Must("secretRef", Entry("The address of the webhook, or the token of the bot.")),
        May("channel", Text("Where it is posted.") with { Most = 200 }));

    private static Schema Hook(string description) => Object(description, Must("secretRef", Entry("The address of the webhook.")));

    private static Schema Incident(string description) => Object(
        description,
        Must("secretRef", Entry("The key of the integration.")),
        May("address", Text("Of another region than the usual one.")));

    private static Schema Commit(string description) => Object(
        description,
        Must("secretRef", Entry("A token that may write statuses.")),
        May("address", Text("Of a server of your own.")),
        Must("repository", Text("Its path, such as acme/shop, with placeholders.")),
        May("revision", Text("A commit, a tag or a branch, with placeholders; {{ version }} when absent.")),
        May("environment", Text("With placeholders; {{ namespace }} when absent.")),
        May("deployments", Flag("Whether deployments are told beside the status; false when absent.")));

    private static Schema Events(string description) => Object(
        description,
        May("secretRef", Entry("A token, sent as Bearer.")),
        Must("address", Text("Where it is sent.")),
        May("mode", OneOf("Structured when absent.", "Structured", "Binary")),
        May("environment", Text("Of CDEvents; the namespace when absent.")));

    private static Schema Entry(string description) => Object(
        $"An entry of a Secret in the namespace of the Notifier: {description}",
        Must("name", Text("Name of the Secret.")),
        Must("key", Text("Name of the entry.")));
}
