using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Writes answers.</summary>
internal static class ResponseJson
{
    public const string ContentType = "application/json";

    public static async Task WriteAsync(HttpContext http, JsonObject value, int code = StatusCodes.Status200OK, string contentType = ContentType)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        await http.Response.Body.WriteAsync(JsonTree.ToUtf8(value), http.RequestAborted);
    }

    public static async Task WriteAsync(HttpContext http, ArrayBufferWriter<byte> body, int code = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    public static Task WriteAsync(HttpContext http, ApiStatus status)
    {
        if (status.RetryAfterSeconds > 0)
        {
            http.Response.Headers.RetryAfter = status.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        return WriteAsync(http, status.ToJson(), status.Code);
    }

    /// <summary>A stored object in the version that is asked for.</summary>
    public static void Append(IBufferWriter<byte> body, ResourceDefinition resource, StoredObject stored)
    {
        if (resource.Form is { } form)
        {
            var served = form.ToServed(stored.Value);
            (served["apiVersion"], served["kind"]) = (resource.ApiVersion, resource.Kind);
            body.Write(JsonTree.ToUtf8(served));
            return;
        }
        Append(body, $"{{\"kind\":\"{resource.Kind}\",\"apiVersion\":\"{resource.ApiVersion}\",");
        body.Write(stored.Fields);
    }

    /// <summary>An item of a list: those of built-in kinds do not say what they are, as the API server writes them.</summary>
    public static void AppendItem(IBufferWriter<byte> body, ResourceDefinition resource, StoredObject stored)
    {
        if (!resource.BuiltIn || resource.Form is not null)
        {
            Append(body, resource, stored);
            return;
        }
        body.Write("{"u8);
        body.Write(stored.Fields);
    }

    public static void Append(IBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
