namespace Slipway.Registry;

/// <summary>The names of servers as docker writes them into its configuration and tells them to its credential helpers.</summary>
public static class DockerServer
{
    /// <summary>What docker calls Docker Hub there, for ever (docker/cli, <c>IndexServer</c>).</summary>
    public const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>The host, with its port, of a server that may be written as an address: what two names of one server are compared by.</summary>
    public static string HostOf(string server)
    {
        var name = server.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? server[(scheme + 3)..] : server;
        var hasScheme = name.Length < server.Length;
        var host = name.Split('/', 2)[0];

        // "https://::1:5000": an address is written in brackets, and only what comes in an address is understood without them.
        return !hasScheme ? host
            : host.Length == 0 ? $"{server[..server.IndexOf(':')]}:"
            : host.Count(letter => letter == ':') > 1 && !host.StartsWith('[') ? $"[{host[..host.LastIndexOf(':')]}]{host[host.LastIndexOf(':')..]}"
            : host;
    }

    /// <summary>
    /// The address of a server that a helper may be asked for: http, https or no scheme, with a host, without a query (docker-credential-helpers,
    /// registryurl). Null where it is none.
    /// </summary>
    public static string? TryAddress(string server)
    {
        var text = server.Contains("://", StringComparison.Ordinal) || server.StartsWith("//", StringComparison.Ordinal) ? server : $"//{server}";
        var divide = text.IndexOf("//", StringComparison.Ordinal);
        var (scheme, rest) = (text[..divide], text[(divide + 2)..].Split('?', '#')[0]);
        var host = rest.Split('/', 2)[0];
        return scheme is "" or "http:" or "https:" && host.Length > 0 && !text.Any(letter => char.IsControl(letter) || letter == ' ') ? $"{scheme}//{rest}" : null;
    }

    /// <summary>What a helper is asked for on behalf of a host: the host, but for Docker Hub.</summary>
    /// <param name="domain">As images name it: <c>docker.io</c>.</param>
    public static string NameFor(string domain) => domain is "docker.io" or "index.docker.io" ? DockerHub : domain;
}
