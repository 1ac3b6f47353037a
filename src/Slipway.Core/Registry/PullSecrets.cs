using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// Finds the credentials for a repository by the rules of the kubelet (kubernetes pkg/credentialprovider/keyring.go; the documentation
/// of the kubelet's CredentialProvider types says the same), so that what can be pulled can also be watched, and nothing else.
/// </summary>
public static class PullSecrets
{
    private const string DockerHubServer = "index.docker.io";

    /// <summary>
    /// All that match, in the order in which the kubelet tries them: by server name from the last in the alphabet to the first, which puts
    /// longer paths before shorter ones and names before wildcards; within one name in the order of the secrets.
    /// </summary>
    public static CredentialChain For(RepositoryName repository, IEnumerable<DockerConfig> secrets) => new(Lookup(repository.ToString(), secrets));

    /// <param name="image">Any image name, also the short ones of Docker Hub; without tag.</param>
    public static ImmutableArray<RegistryCredential> Lookup(string image, IEnumerable<DockerConfig> secrets)
    {
        var keyring = secrets.SelectMany(secret => secret.Entries)
            .Select(entry => (Server: Normalize(entry.Key), Credential: entry.Value))
            .Where(entry => entry.Server is not null)
            .OrderByDescending(entry => entry.Server, StringComparer.Ordinal)
            .ToList();
        var found = keyring.Where(entry => Matches(entry.Server!, image)).ToList();
        found = found.Count == 0 && IsOnDockerHub(image) ? [.. keyring.Where(entry => entry.Server == DockerHubServer)] : found;

        // The same password under two names is tried once.
        return [.. found.Select(entry => entry.Credential).DistinctBy(credential => credential.Identity)];
    }

    /// <summary>Whether a server name of a secret, which may have <c>*</c> in the labels of its host, covers the image.</summary>
    public static bool Matches(string server, string image)
    {
        var (wantedHost, wantedPort, wantedPath) = Split(server);
        var (host, port, path) = Split(image);
        var (wanted, labels) = (wantedHost.Split('.'), host.Split('.'));
        return wantedPort == port
            && wanted.Length == labels.Length
            && path.StartsWith(wantedPath, StringComparison.Ordinal)
            && wanted.Zip(labels).All(pair => MatchesLabel(pair.First, pair.Second));
    }

    public static bool IsOnDockerHub(string image)
    {
        var (first, slash) = (image.Split('/', 2)[0], image.Contains('/'));
        return first.Length > 0 && (!slash || first is "docker.io" or DockerHubServer || !first.AsSpan().ContainsAny('.', ':'));
    }

    // "https://host/v1/" is how docker login wrote servers for years: the version is no path of an image.
    private static string? Normalize(string server)
    {
        var name = server.StartsWith("https://", StringComparison.Ordinal) ? server["https://".Length..]
            : server.StartsWith("http://", StringComparison.Ordinal) ? server["http://".Length..]
            : server;
        name = name.Split('?', '#')[0];
        var slash = name.IndexOf('/');
        var (host, path) = slash < 0 ? (name, "") : (name[..slash], name[slash..]);
        path = path.StartsWith("/v1/", StringComparison.Ordinal) || path.StartsWith("/v2/", StringComparison.Ordinal) ? path["/v1".Length..] : path;
        return host.Length == 0 ? null : host + (path == "/" ? "" : path);
    }

    private static (string Host, string Port, string Path) Split(string name)
    {
        var slash = name.IndexOf('/');
        var (authority, path) = slash < 0 ? (name, "") : (name[..slash], name[slash..]);
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') ? (authority[..colon], authority[(colon + 1)..], path) : (authority, "", path);
    }

    // One label of a host: "*" stands for any run of characters in it, also none; linear, because the first fit of each piece is the best.
    private static bool MatchesLabel(string pattern, string label)
    {
        var pieces = pattern.Split('*');
        if (pieces.Length == 1)
        {
            return pattern == label;
        }

        var (first, last) = (pieces[0], pieces[^1]);
        if (label.Length < first.Length + last.Length || !label.StartsWith(first, StringComparison.Ordinal) || !label.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var at = first.Length;
        foreach (var piece in pieces[1..^1])
        {
            var found = label.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0 || found + piece.Length > label.Length - last.Length)
            {
                return false;
            }

            at = found + piece.Length;
        }

        return true;
    }
}
