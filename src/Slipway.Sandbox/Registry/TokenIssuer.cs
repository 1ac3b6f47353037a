using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>What a token says: who holds it, until when, and what it opens.</summary>
internal sealed record TokenGrant(string User, DateTimeOffset Expires, ImmutableArray<string> Access)
{
    public bool Opens(AccessScope scope) => scope.Actions.All(action => Access.Contains($"{scope.Type}:{scope.Name}:{action}"));
}

/// <summary>Writes tokens that say everything themselves and are signed, so that nothing must be remembered of them.</summary>
internal sealed class TokenIssuer(int seed)
{
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes($"slipway-sandbox-token-{seed}"));

    public string Issue(TokenGrant grant)
    {
        var payload = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["sub"] = grant.User,
            ["exp"] = grant.Expires.ToUnixTimeMilliseconds(),
            ["access"] = new JsonArray([.. grant.Access.Select(JsonNode (scope) => scope)]),
        }.ToJsonString());
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, payload))}";
    }

    /// <returns>Null for a token that is not ours, or that someone wrote on.</returns>
    public TokenGrant? Read(string token)
    {
        var dot = token.IndexOf('.');
        if (dot < 0 || !Base64Url.IsValid(token.AsSpan(0, dot)) || !Base64Url.IsValid(token.AsSpan(dot + 1)))
        {
            return null;
        }

        var payload = Base64Url.DecodeFromChars(token.AsSpan(0, dot));
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, payload), Base64Url.DecodeFromChars(token.AsSpan(dot + 1))))
        {
            return null;
        }

        using var json = JsonDocument.Parse(payload);
        return new TokenGrant(
            json.RootElement.GetProperty("sub").GetString()!,
            DateTimeOffset.FromUnixTimeMilliseconds(json.RootElement.GetProperty("exp").GetInt64()),
            [.. json.RootElement.GetProperty("access").EnumerateArray().Select(scope => scope.GetString()!)]);
    }
}
