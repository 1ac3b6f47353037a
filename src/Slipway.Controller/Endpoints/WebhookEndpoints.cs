using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Controllers;
using Slipway.Registry;

namespace Slipway.Controller.Endpoints;

/// <summary>Where registries say that something was pushed. What they say is a hint to look, and is never believed (rule 14).</summary>
internal static class WebhookEndpoints
{
    // The distribution registry sends one event at a time, of about a kilobyte.
    private const long MaxBody = 1024 * 1024;

    private const string Scheme = "Bearer ";

    public static void MapWebhooks(this IEndpointRouteBuilder routes, DeliveryController deliveries, string? token) =>
        routes.MapPost("/webhooks/distribution", (Delegate)((HttpContext http) => ReceiveAsync(http, deliveries, token)));

    private static async Task<ContentHttpResult> ReceiveAsync(HttpContext http, DeliveryController deliveries, string? token)
    {
        if (Refusal(http.Request.Headers.Authorization.ToString(), token) is { } refusal)
        {
            return refusal;
        }

        var body = await ReadAsync(http.Request, http.RequestAborted);
        if (body is null)
        {
            return TypedResults.Text($"the body is longer than {MaxBody} bytes\n", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        if (!DistributionWebhook.TryParse(body, out var repositories, out var why))
        {
            return TypedResults.Text($"{why}\n", statusCode: StatusCodes.Status400BadRequest);
        }

        var looks = repositories.Sum(repository => deliveries.Hint(repository));
        return TypedResults.Text($"{looks} feeds look\n", statusCode: StatusCodes.Status202Accepted);
    }

    private static ContentHttpResult? Refusal(string authorization, string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return TypedResults.Text("no webhook token is configured: set SLIPWAY_WEBHOOK_TOKEN for the controller, and send it as 'Authorization: Bearer TOKEN'\n", statusCode: StatusCodes.Status403Forbidden);
        }

        // Of hashes, so that neither the token's content nor its length shows in the time that the comparison takes.
        var given = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token)))
            ? null
            : TypedResults.Text("the token is missing or wrong: send it as 'Authorization: Bearer TOKEN'\n", statusCode: StatusCodes.Status401Unauthorized);
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken aborted)
    {
        if (request.ContentLength > MaxBody)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, aborted)) > 0)
        {
            if (body.Length + count > MaxBody)
            {
                return null;
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }
}
