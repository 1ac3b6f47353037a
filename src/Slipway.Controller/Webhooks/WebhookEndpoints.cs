namespace Slipway.Controller.Webhooks;

/// <summary>
/// Where registries and CI say that something was pushed: <c>/webhooks/NAME</c> for each receiver. What they say is a hint to look, and is
/// never believed (rule 14). A receiver without a credential has no route.
/// </summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder routes, WebhookReceivers receivers)
    {
        foreach (var receiver in receivers.All)
        {
            // For every method, so that a GET is told what to do, too.
            routes.Map($"/webhooks/{receiver.Name}", receiver.HandleAsync);
        }
    }
}
