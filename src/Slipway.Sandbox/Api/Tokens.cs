using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// Bearer tokens: those of users that the sandbox was told of, and those of service accounts, which carry their account and are
/// signed, so that none has to be remembered.
/// </summary>
internal sealed class Tokens(ObjectStore store)
{
    /// <summary>For whom a token is that names nobody: the API server.</summary>
    public const string DefaultAudience = "https://kubernetes.default.svc";

    private readonly ConcurrentDictionary<string, Issued> _users = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private sealed record Issued(Identity User, ImmutableArray<string> Audiences, DateTimeOffset? Expires);

    /// <param name="audiences">For whom it is; none: the API server.</param>
    public string AddUser(Identity user, ImmutableArray<string> audiences = default, DateTimeOffset? expires = null)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Accept(token, user, audiences, expires);
        return token;
    }

    public void Accept(string token, Identity user, ImmutableArray<string> audiences, DateTimeOffset? expires)
    {
        var known = user with { Groups = user.Groups.Contains(Identity.Authenticated) ? user.Groups : user.Groups.Add(Identity.Authenticated) };
        _users[token] = new(known, audiences.IsDefaultOrEmpty ? [DefaultAudience] : audiences, expires);
    }

    public void Revoke(string token) => _users.TryRemove(token, out _);

    public string IssueFor(string ns, string name, string uid)
    {
        var subject = Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{ns}/{name}/{uid}"));
        return $"sa.{subject}.{Sign(subject)}";
    }

    /// <returns>Null when the token is nobody's, is for others, has expired, or its service account is gone.</returns>
    public Identity? Find(string token) => Find(token, [DefaultAudience])?.User;

    /// <summary>Who it is, and for which of <paramref name="wanted"/> it is.</summary>
    public (Identity User, ImmutableArray<string> Audiences)? Find(string token, ImmutableArray<string> wanted)
    {
        if (_users.TryGetValue(token, out var issued))
        {
            ImmutableArray<string> both = [.. wanted.Where(issued.Audiences.Contains)];
            return both.Length > 0 && !(issued.Expires <= store.Time.GetUtcNow()) ? (issued.User, both) : null;
        }

        return wanted.Contains(DefaultAudience) && ServiceAccount(token) is { } account ? (account, [DefaultAudience]) : null;
    }

    private Identity? ServiceAccount(string token)
    {
        if (token.Split('.') is not ["sa", var subject, var signature] || !Matches(Sign(subject), signature))
        {
            return null;
        }
        return Encoding.UTF8.GetString(Convert.FromHexString(subject)).Split('/') is [var ns, var name, var uid]
            && store.Find(Known.ServiceAccounts, ns, name)?.Uid() == uid
                ? Identity.OfServiceAccount(ns, name, uid)
                : null;
    }

    private string Sign(string subject) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(subject)));

    private static bool Matches(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
