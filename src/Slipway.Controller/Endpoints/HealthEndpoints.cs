namespace Slipway.Controller.Endpoints;

/// <summary>What the kubelet asks. Being alive means that the process answers; being ready, that it follows the cluster. <c>?verbose</c> lists the checks.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, Readiness readiness)
    {
        routes.MapGet("/livez", (HttpRequest request) => TypedResults.Text(request.Query.ContainsKey("verbose") ? "[+]ping ok\nok\n" : "ok\n"));
        routes.MapGet("/readyz", (HttpRequest request) =>
        {
            var (ready, text) = readiness.Report(request.Query.ContainsKey("verbose"));
            return TypedResults.Text(text, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }
}
