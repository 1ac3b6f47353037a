using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Controllers;
using Slipway.Leadership;

namespace Slipway.Controller.Endpoints;

/// <summary>What the kubelet asks. Being alive means that the process answers; being ready, that it follows the cluster.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, DeliveryController deliveries, Election election)
    {
        routes.MapGet("/livez", () => TypedResults.Text("ok\n"));
        routes.MapGet("/readyz", () => Ready(deliveries, election));
    }

    // A controller that waits for its turn to lead is ready: it is what the other replica is for.
    private static ContentHttpResult Ready(DeliveryController deliveries, Election election) =>
        (deliveries.Problem ?? deliveries.NotFollowing()) is { } problem
            ? TypedResults.Text($"not ready: {problem}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text($"ok: {election.Describe()}\n");
}
