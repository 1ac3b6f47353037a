using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Kube;

namespace Slipway.Tests.Kube;

/// <summary>A small thing to keep of an object.</summary>
public sealed record Thing(string Name, string Color);

/// <summary>Objects, lists, watch lines and errors in the API server's own words.</summary>
public static class Answers
{
    public static readonly ResourceType Things = new("example.dev", "v1", "things", "Thing");

    /// <summary>Throws for a thing without a color.</summary>
    public static Thing ReadThing(JsonElement json) =>
        new(json.GetProperty("metadata").GetProperty("name").GetString()!, json.GetProperty("spec").GetProperty("color").GetString()!);

    public static ResourceClient<Thing> Client(ClusterConnection connection) => new(connection, Things, ReadThing);

    public static string ThingJson(string name, string version, string? color = "red", string ns = "prod") =>
        color is null
            ? $$$"""{"apiVersion":"example.dev/v1","kind":"Thing","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","uid":"u-{{{name}}}","resourceVersion":"{{{version}}}"}}"""
            : $$$"""{"apiVersion":"example.dev/v1","kind":"Thing","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","uid":"u-{{{name}}}","resourceVersion":"{{{version}}}"},"spec":{"color":"{{{color}}}"}}""";

    public static string List(string version, string? next, params string[] items) =>
        $$"""{"kind":"ThingList","apiVersion":"example.dev/v1","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}""";

    public static string Line(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

    public static string Bookmark(string version) => Line("BOOKMARK", $$$"""{"kind":"Thing","metadata":{"resourceVersion":"{{{version}}}"}}""");

    public static string Status(int code, string reason, string message, string details = "{}") =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""";

    public static async Task JsonAsync(this HttpContext context, string json, int code = 200, string type = "application/json")
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(json);
    }

    public static Task FailAsync(this HttpContext context, int code, string reason, string message = "no") => context.JsonAsync(Status(code, reason, message), code);

    /// <summary>Writes a part of an answer that goes on.</summary>
    public static async Task BeginAsync(this HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/json";
        }

        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Keeps an answer open until the client or the server goes.</summary>
    public static async Task HoldAsync(this HttpContext context, CancellationToken closing)
    {
        var gone = new TaskCompletionSource();
        await using var client = context.RequestAborted.Register(() => gone.TrySetResult());
        await using var server = closing.Register(() => gone.TrySetResult());
        await gone.Task;
    }
}
