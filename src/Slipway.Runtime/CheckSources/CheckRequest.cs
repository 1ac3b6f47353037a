namespace Slipway.CheckSources;

/// <summary>A request that a check makes.</summary>
/// <param name="Trusted">The address is the operator's own word, or the API server's: it is not a tenant's choice.</param>
internal sealed record CheckRequest(HttpMethod Method, Uri Address, TimeSpan Timeout, bool Trusted = false)
{
    /// <summary>They go to this host and to no other.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>PEM file of authorities that are trusted too.</summary>
    public string? CaFile { get; init; }

    /// <summary>Bytes of an answer; more is refused before it is held.</summary>
    public int LongestAnswer { get; init; } = 4 << 20;
}

/// <summary>What came of it.</summary>
/// <param name="Status">0 where there was no answer.</param>
/// <param name="Problem">Why there is none that can be used.</param>
/// <param name="Refused">It was not even asked.</param>
internal sealed record CheckReply(int Status, ReadOnlyMemory<byte> Body, string? Problem = null, bool Refused = false)
{
    /// <summary>For how long the host asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
