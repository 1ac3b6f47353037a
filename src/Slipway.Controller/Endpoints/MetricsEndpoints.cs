using Slipway.Telemetry.Exposition;

namespace Slipway.Controller.Endpoints;

/// <summary>What Prometheus scrapes. It is open to whoever reaches the port, as health is: it holds counts, and no object's name.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes, MetricStore metrics) => routes.MapGet("/metrics", (HttpRequest request) =>
    {
        var format = ExpositionFormats.Choose(request.Headers.Accept);
        return TypedResults.Text(metrics.Expose(format), format.ContentType());
    });
}
