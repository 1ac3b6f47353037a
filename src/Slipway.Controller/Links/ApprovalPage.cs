using Slipway.Api;
using Slipway.Controller.Api;
using Slipway.Explanations;
using Slipway.Notifications;
using static Slipway.Controller.Api.PlainPage;

namespace Slipway.Controller.Links;

/// <summary>What somebody sees who has opened a link: the question, and two buttons. To look changes nothing, for chats look at links too.</summary>
internal static class ApprovalPage
{
    public static ApiAnswer Question(ApprovalLink link, Delivery delivery)
    {
        var (status, name) = (delivery.Status!, $"{link.Namespace}/{link.Delivery}");
        (string Name, string? Value)[] facts =
        [
            ("Delivery", name),
            ("Runs now", status.Current is { } current ? Words.Version(current.Tag, current.Digest) : null),
            ("Asked about", status.Rollout?.Attempted?.Tag ?? status.Candidate?.Tag),
            ("Digest", link.Digest),
            ("Good until", Instant.Write(link.Until)),
        ];
        return Of(
            StatusCodes.Status200OK,
            $"<title>{Text(name)} waits for you</title>",
            $"<h1>{Text(name)} waits for you</h1><p>{Text(status.Held!.Message)}</p><dl>{string.Concat(facts.Where(fact => fact.Value is not null).Select(fact => $"<dt>{fact.Name}</dt><dd>{Text(fact.Value!)}</dd>"))}</dl>"
            + "<form method=\"post\"><button name=\"decision\" value=\"approve\">Approve</button><button name=\"decision\" value=\"reject\">Reject</button></form>",
            hasForm: true);
    }

    public static ApiAnswer Stranger() => Says(StatusCodes.Status401Unauthorized, "This link is not good", "It is cut, or was made with a key that is not used any more.", "Answer in the dashboard, or by: slipway approve NAME -n NAMESPACE");

    public static ApiAnswer Void(string why) => Says(StatusCodes.Status410Gone, "This link is not good any more", $"Nothing was changed: {why}.", "What waits now is in the dashboard, or said by: slipway why NAME -n NAMESPACE");

    public static ApiAnswer Unclear() => Says(StatusCodes.Status400BadRequest, "What is your answer?", "The form holds neither approve nor reject. Open the link again and press one of its buttons.");

    public static ApiAnswer Done(string told) => Says(StatusCodes.Status200OK, "Thank you", $"Written: {told}.", "The rollout goes on, or ends, by itself.");
}
