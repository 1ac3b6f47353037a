using System.Collections.Immutable;

namespace Slipway.Sandbox.Registry;

/// <summary>A request as it came, whole. What the registry answers is a function of it and of the content.</summary>
public sealed record RegistryRequest(string Method, RegistryRoute Route, string Path)
{
    /// <summary>Host and port as the client wrote them; realms and locations are built from it.</summary>
    public string Host { get; init; } = "";

    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    public ImmutableDictionary<string, string> Headers { get; init; } = NoHeaders;

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Address and port of the client.</summary>
    public string Client { get; init; } = "";

    internal static readonly ImmutableDictionary<string, string> NoHeaders = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Parameter(string name) => Query.Where(pair => pair.Key == name).Select(pair => pair.Value).FirstOrDefault();

    public bool Reads => Method is "GET" or "HEAD";
}
