using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Controllers;
using Slipway.Leadership;

namespace Slipway.Controller.Endpoints;

/// <summary>What the kubelet asks. Being alive means that the process answers; being ready, that it follows the cluster.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, DeliveryController deliveries, Tenure tenure)
    {
        routes.MapGet("/livez", () => TypedResults.Text("ok\n"));
        routes.MapGet("/readyz", () => Ready(deliveries, tenure));
    }

    // A controller that waits for its turn to lead is ready: it is what the other replica is for.
    private static ContentHttpResult Ready(DeliveryController deliveries, Tenure tenure) =>
        (deliveries.Problem ?? deliveries.NotFollowing()) is { } problem
            ? TypedResults.Text($"not ready: {problem}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text(tenure.IsLeader ? "ok: leads\n" : "ok: waits to lead\n");
}
