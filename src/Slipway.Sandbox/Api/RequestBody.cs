using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Reads what a client sends.</summary>
internal static class RequestBody
{
    /// <summary>As the API server has it (MaxRequestBodyBytes).</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <returns>Null when there is no body.</returns>
    /// <exception cref="StatusException">TooLarge; UnsupportedMediaType; BadRequest when the body is not what it says.</exception>
    public static async Task<JsonNode?> ReadAsync(HttpContext http)
    {
        var bytes = await ReadBytesAsync(http);
        if (bytes.Length == 0)
        {
            return null;
        }
        switch (MediaType(http))
        {
            case "application/json" or "application/merge-patch+json" or "application/json-patch+json" or "application/strategic-merge-patch+json" or "":
                return ReadJson(bytes);
            case "application/yaml" or "application/apply-patch+yaml":
                return ReadYaml(bytes);
            case ProtobufBody.MediaType:
                return ProtobufBody.Read(bytes);
            default:
                throw Unsupported(http, "application/json, application/yaml").Thrown();
        }
    }

    public static string MediaType(HttpContext http) => (http.Request.ContentType ?? "").Split(';')[0].Trim();

    public static ApiStatus Unsupported(HttpContext http, string supported) => new(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {supported}; it was {MediaType(http)}");

    private static async Task<byte[]> ReadBytesAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)(http.Request.ContentLength ?? 4096) + 1);
        try
        {
            var length = 0;
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted)) > 0)
            {
                length += read;
                if (length > MaxBytes)
                {
                    throw TooLarge();
                }
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static JsonNode? ReadJson(byte[] bytes)
    {
        try
        {
            return JsonTree.Parse(bytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is not UTF-8 is found only when it is read, and told as an invalid operation.
            throw ApiStatus.BadRequest($"the object provided is unrecognized (must be of type JSON): {e.Message}").Thrown();
        }
    }

    private static JsonNode? ReadYaml(byte[] bytes)
    {
        // JSON is YAML, and clients send it as such; it is read faster as what it is.
        if (bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..])
        {
            try
            {
                return JsonTree.Parse(bytes);
            }
            catch (JsonException)
            {
                // Flow style that is YAML alone.
            }
        }
        return YamlText.Parse(bytes);
    }

    private static StatusException TooLarge() => ApiStatus.TooLarge($"Request entity too large: limit is {MaxBytes}").Thrown();
}
