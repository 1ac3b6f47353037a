using System.Text.Json;

namespace Slipway.Registry;

/// <summary>A bearer token of a registry's token service (distribution spec, "Token Authentication Specification").</summary>
/// <param name="Lifetime">From the moment it was received. The server's own <c>issued_at</c> is not used: its clock is not ours.</param>
public sealed record AccessToken(string Value, TimeSpan Lifetime)
{
    /// <summary>Larger ones are not tokens, and would not fit into a header that servers take.</summary>
    private const int MaxLength = 16 * 1024;

    // "If omitted, this defaults to 60 seconds": the specification's section on the token response.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);

    // A minute-long token is used for 54 s and a long one until 10 s before its end: clocks drift, and requests take time.
    private static readonly TimeSpan MaxMargin = TimeSpan.FromSeconds(10);

    /// <summary>Until when it may be sent.</summary>
    public DateTimeOffset UsableUntil(DateTimeOffset receivedAt) => receivedAt + Lifetime - (Lifetime / 10 < MaxMargin ? Lifetime / 10 : MaxMargin);

    /// <summary>Reads <c>token</c> or <c>access_token</c>, and <c>expires_in</c>; null where there is no token that a header could carry.</summary>
    public static AccessToken? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var value = Text(root, "token") ?? Text(root, "access_token");
            return value is { Length: <= MaxLength } && value.All(character => character is >= '!' and <= '~') ? new AccessToken(value, LifetimeOf(root)) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public override string ToString() => "AccessToken";

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static TimeSpan LifetimeOf(JsonElement root) =>
        root.TryGetProperty("expires_in", out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400))
            : DefaultLifetime;
}

/// <summary>What a token is good for: a host, a scope there, and the credential that it was had for. Nothing else may be sent it.</summary>
/// <param name="Credential">The credential's identity; empty for none.</param>
public readonly record struct TokenKey(string Host, string Scope, string Credential);
