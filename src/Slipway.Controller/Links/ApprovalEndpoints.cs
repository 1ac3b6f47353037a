using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Actions;
using Slipway.Api;
using Slipway.Controller.Api;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Views;

namespace Slipway.Controller.Links;

/// <summary>
/// Answers a question that was told by a message. The link is the right to it: who holds it is not known, only through which Notifier it went, and
/// that is what the history says.
/// </summary>
internal static partial class ApprovalEndpoints
{
    /// <summary>Sealed for this, and for nothing else.</summary>
    public const string Purpose = "approval link";

    private const string Manager = "slipway-api";

    public static Task<ApiAnswer> ShowAsync(ApiContext context, HttpContext http) =>
        Task.FromResult(Find(context, http) is var (link, delivery, refusal) && refusal is null ? ApprovalPage.Question(link!, delivery!) : refusal!);

    public static async Task<ApiAnswer> AnswerAsync(ApiContext context, HttpContext http)
    {
        var (link, delivery, refusal) = Find(context, http);
        if (refusal is not null)
        {
            return refusal;
        }

        var (body, problem) = await RequestGuard.ReadAsync(http.Request, context.Time);
        if (problem is not null || Decision(body) is not { } kind)
        {
            return problem ?? ApprovalPage.Unclear();
        }

        var asker = new Asker($"notifier:{link!.Notifier}", $"link/{ApiCall.AddressOf(http)}", Instant.Of(context.Time.GetUtcNow()));
        if (ActionPlan.Of(kind, new ActionRequest { Digest = link.Digest }, delivery!, [], asker) is not ActionPlan.Write write)
        {
            return ApprovalPage.Void("the Delivery asks nothing");
        }

        var key = new ObjectKey(link.Namespace, link.Delivery);
        context.Cluster!.Deliveries.Wrote(await context.Deliveries.MergePatchAsync(key, write.Patch(), http.RequestAborted, manager: Manager));
        LogAnswered(context.Logs.CreateLogger(typeof(ApprovalEndpoints).FullName!), asker.By!, kind.Name, $"{key}", link.Digest, ApiCall.AddressOf(http));
        return ApprovalPage.Done(write.Told);
    }

    // Strangers are slowed down by their address: each try costs a decryption, and guessing must not be free.
    private static (ApprovalLink? Link, Delivery? Delivery, ApiAnswer? Refusal) Find(ApiContext context, HttpContext http)
    {
        if (context.SignIns.Take(ApiCall.AddressOf(http)) is { } wait)
        {
            return (null, null, Problems.Limited("so many links come from one address", wait));
        }

        if (context.Keys.Open(Purpose, http.Request.RouteValues["link"] as string ?? "") is not { } bytes || ApprovalLink.Read(bytes) is not { } link)
        {
            return (null, null, ApprovalPage.Stranger());
        }

        if (context.Cluster is not { Deliveries.HasSynced: true } cluster)
        {
            return (null, null, Problems.NotReady("the controller has just started, and lists what there is"));
        }

        var delivery = cluster.Deliveries.Get(new ObjectKey(link.Namespace, link.Delivery));
        return link.WhyNot(delivery, context.Time.GetUtcNow()) is { } why ? (null, null, ApprovalPage.Void(why)) : (link, delivery, null);
    }

    private static ActionKind? Decision(byte[] body) => QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)).TryGetValue("decision", out var word) && word is ["approve" or "reject"] ? ActionKind.Find(word) : null;

    [LoggerMessage(LogLevel.Information, "{By} asked to {Action} Delivery {Delivery} ({Digest}) from {Address}: written")]
    private static partial void LogAnswered(ILogger log, string by, string action, string delivery, string digest, string address);
}
