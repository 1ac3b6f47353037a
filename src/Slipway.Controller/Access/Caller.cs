using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Controller.Access;

/// <summary>Somebody whom the cluster knows ("Users in Kubernetes" of the authentication documentation).</summary>
internal sealed record Caller
{
    public Caller(string name, string uid, ImmutableArray<string> groups, ImmutableSortedDictionary<string, ImmutableArray<string>> extra)
    {
        (Name, Uid, Groups, Extra) = (name, uid, groups, extra);
        Fingerprint = Digest(name, uid, groups, extra);
    }

    public string Name { get; }

    public string Uid { get; }

    public ImmutableArray<string> Groups { get; }

    /// <summary>What the authenticator knows beside, such as scopes: an authorizer may go by it.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Extra { get; }

    /// <summary>The same for who is the same to an authorizer, and for nobody else: what was answered for one is kept under it.</summary>
    public string Fingerprint { get; }

    // Each part with its length before it, so that no two lists run together to one text.
    private static string Digest(string name, string uid, ImmutableArray<string> groups, ImmutableSortedDictionary<string, ImmutableArray<string>> extra)
    {
        var text = new StringBuilder();
        Append(name);
        Append(uid);
        AppendAll(groups);
        foreach (var (key, values) in extra)
        {
            Append(key);
            AppendAll(values);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Append(string part) => text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");

        void AppendAll(ImmutableArray<string> parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{parts.Length}]");
            foreach (var part in parts)
            {
                Append(part);
            }
        }
    }
}
