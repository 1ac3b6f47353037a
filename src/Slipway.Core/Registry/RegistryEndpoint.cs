using Slipway.Images;

namespace Slipway.Registry;

/// <summary>Where the API of a registry is, and whether it is asked without TLS.</summary>
public static class RegistryEndpoint
{
    /// <summary>The base address, ending with a slash; null where the domain is no host name.</summary>
    /// <param name="plainHttp">Hosts (with port where they have one) that are asked without TLS, named by the operator.</param>
    /// <param name="withTls">Whatever the host is: the operator has said how it proves who it is.</param>
    public static Uri? Find(RepositoryName repository, IReadOnlyCollection<string> plainHttp, bool withTls = false)
    {
        var host = repository.ApiHost;
        return Uri.TryCreate($"{(withTls ? Uri.UriSchemeHttps : SchemeOf(host, plainHttp))}://{host}/", UriKind.Absolute, out var address)
            && address is { AbsolutePath: "/", UserInfo: "", Query: "", Fragment: "" }
                ? address
                : null;
    }

    /// <summary>Plain HTTP for loopback hosts and for those that were named; TLS for all others, those of private networks too.</summary>
    public static string SchemeOf(string host, IReadOnlyCollection<string> plainHttp) =>
        plainHttp.Contains(host, StringComparer.OrdinalIgnoreCase) || HostKind.IsLoopback(WithoutPort(host)) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    /// <summary>Host and port, the port of the scheme where none is written; what is no host comes back as it is.</summary>
    public static string Canonical(string scheme, string host)
    {
        var name = host.EndsWith(':') && host.LastIndexOf(':') is var last && (host.IndexOf(':') == last || host.EndsWith("]:", StringComparison.Ordinal)) ? host[..^1] : host;
        var bare = WithoutPort(name);
        var port = scheme == Uri.UriSchemeHttp ? 80 : 443;
        return name.Contains(']') && !name.StartsWith('[') ? host
            : bare.Length < name.Length ? name
            : name.Contains(':') && !name.StartsWith('[') ? $"[{name}]:{port}"
            : $"{name}:{port}";
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var isPort = colon > host.LastIndexOf(']') && host.IndexOf(':') == colon;
        return colon > 0 && (isPort || host.Contains("]:", StringComparison.Ordinal)) ? host[..colon] : host;
    }
}
