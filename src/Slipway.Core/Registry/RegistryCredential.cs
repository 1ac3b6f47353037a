using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>What logs in at one registry. It never shows itself: not in a log, not in a message, not in a debugger's window.</summary>
/// <param name="IdentityToken">A refresh token, used at the token service in place of name and password (docker's <c>identitytoken</c>).</param>
/// <param name="RegistryToken">A bearer token that is sent to the registry as it is (docker's <c>registrytoken</c>).</param>
public sealed record RegistryCredential(string Username, string Password, string? IdentityToken = null, string? RegistryToken = null)
{
    /// <summary>Tells two credentials apart without being one: a cut hash, for cache keys. It goes nowhere else.</summary>
    public string Identity { get; } = Fingerprint(Username, Password, IdentityToken, RegistryToken);

    public override string ToString() => "RegistryCredential";

    private static string Fingerprint(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            // With lengths, so that ("ab", "c") and ("a", "bc") are two.
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}

/// <summary>
/// The credentials that match one repository, in the order in which to try them; empty means to come anonymously. Equal when they are
/// the same in the same order, so that Deliveries in fifty namespaces with one password share one feed.
/// </summary>
/// <param name="clusterLogin">Whether the controller's own login comes after them: it is drawn when it is needed, and is no part of the identity but for being there.</param>
/// <param name="mirrors">Other names of the repository that are asked first, each with what matches that name.</param>
public sealed class CredentialChain(ImmutableArray<RegistryCredential> credentials, bool clusterLogin = false, ImmutableArray<MirrorChain> mirrors = default) : IEquatable<CredentialChain>
{
    public static readonly CredentialChain Anonymous = new([]);

    public ImmutableArray<RegistryCredential> Credentials { get; } = credentials;

    public bool ClusterLogin { get; } = clusterLogin;

    public ImmutableArray<MirrorChain> Mirrors { get; } = mirrors.IsDefault ? [] : mirrors;

    public string Identity { get; } = string.Concat([
        .. credentials.Select(credential => credential.Identity),
        clusterLogin ? "+" : "",
        .. (mirrors.IsDefault ? [] : mirrors).Select(mirror => $"|{mirror.Repository}={mirror.Chain.Identity}")]);

    public bool Equals(CredentialChain? other) => other is not null && Identity == other.Identity;

    public override bool Equals(object? obj) => Equals(obj as CredentialChain);

    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"CredentialChain of {Credentials.Length}";
}

/// <summary>A mirror's name for a repository, and what logs in there: never what logs in at the original.</summary>
public sealed record MirrorChain(RepositoryName Repository, CredentialChain Chain);
