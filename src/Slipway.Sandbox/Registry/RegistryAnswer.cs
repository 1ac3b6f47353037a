using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>An answer before it is written to the wire. For a HEAD the body gives the length and is not sent.</summary>
internal sealed record RegistryAnswer(int Status)
{
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What endpoints that asked for notifications are told about it.</summary>
    public ImmutableArray<RegistryEvent> Events { get; init; } = [];

    public RegistryAnswer With(string header, string value) => this with { Headers = Headers.Add(new(header, value)) };

    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    public static RegistryAnswer Json(int status, JsonNode body, string contentType = "application/json") => new(status)
    {
        Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()),
        ContentType = contentType,
    };
}
