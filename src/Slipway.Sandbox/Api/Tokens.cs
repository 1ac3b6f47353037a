using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<string, Identity> _users = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string AddUser(Identity user)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _users[token] = user with { Groups = user.Groups.Contains(Identity.Authenticated) ? user.Groups : user.Groups.Add(Identity.Authenticated) };
        return token;
    }

    public string IssueFor(string ns, string name, string uid)
    {
        var subject = Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{ns}/{name}/{uid}"));
        return $"sa.{subject}.{Sign(subject)}";
    }

    /// <returns>Null when the token is nobody's, or its service account is gone.</returns>
    public Identity? Find(string token)
    {
        if (_users.TryGetValue(token, out var user))
        {
            return user;
        }
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
