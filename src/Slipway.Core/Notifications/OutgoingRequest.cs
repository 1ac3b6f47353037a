using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Notifications;

/// <summary>A request that tells a notification. Its address and headers may be secrets, so that it never prints them.</summary>
public sealed record OutgoingRequest(string Method, Uri Address, string Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>They go to this host and to no other.</summary>
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What is made of the answer; null: a status below 300 is all there is to it.</summary>
    public Func<JsonElement, NextRequest>? Then { get; init; }

    public override string ToString() => $"{Method} {Address.Authority}";
}

/// <summary>What follows an answer: another request, a problem, or neither.</summary>
/// <param name="Problem">In our words and with nothing of the secret.</param>
public sealed record NextRequest(OutgoingRequest? Request = null, string? Problem = null)
{
    public static readonly NextRequest None = new();
}
