using System.Collections.Frozen;
using System.Text.Json;

namespace Slipway.Webhooks;

/// <summary>A request as it came in, its body whole; nothing in it is believed.</summary>
public sealed record WebhookRequest
{
    // What vendors send nests less than ten deep.
    private const int MaxDepth = 32;

    private static readonly FrozenDictionary<string, string> None = FrozenDictionary<string, string>.Empty;

    private readonly IReadOnlyDictionary<string, string> _headers = None;

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>By name in any case; of a header that came twice, the first.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _headers;
        init => _headers = value.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Decoded; of a parameter that came twice, the first.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = None;

    /// <summary>The receiver's own registry, for vendors whose payload does not name theirs.</summary>
    public string? Registry { get; init; }

    /// <summary>Null where it is absent or empty.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Null where it is absent or empty.</summary>
    public string? Parameter(string name) => Query.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Reads the body by this vendor's rules.</summary>
    public PayloadReading Read(PayloadParser parse)
    {
        try
        {
            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? parse(this, document.RootElement)
                : new PayloadReading.Refused("the body is JSON, but no object; send the vendor's notification as it is");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is text that is no Unicode.
            return new PayloadReading.Refused($"the body is not valid JSON, or nests deeper than {MaxDepth}; send the vendor's notification as it is");
        }
    }

    /// <summary>A body may be a megabyte, headers may be secrets: neither belongs into a message.</summary>
    public override string ToString() => $"a body of {Body.Length} bytes";
}
