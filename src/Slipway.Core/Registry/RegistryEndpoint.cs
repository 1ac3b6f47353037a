using Slipway.Images;

namespace Slipway.Registry;

/// <summary>Where the API of a registry is, and whether it is asked without TLS.</summary>
public static class RegistryEndpoint
{
    /// <summary>The base address, ending with a slash; null where the domain is no host name.</summary>
    /// <param name="plainHttp">Hosts (with port where they have one) that are asked without TLS, named by the operator.</param>
    public static Uri? Find(RepositoryName repository, IReadOnlyCollection<string> plainHttp)
    {
        var host = repository.ApiHost;
        var plain = plainHttp.Contains(host, StringComparer.OrdinalIgnoreCase) || HostKind.IsLoopback(WithoutPort(host));
        return Uri.TryCreate($"{(plain ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{host}/", UriKind.Absolute, out var address)
            && address is { AbsolutePath: "/", UserInfo: "", Query: "", Fragment: "" }
                ? address
                : null;
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var isPort = colon > host.LastIndexOf(']') && host.IndexOf(':') == colon;
        return colon > 0 && (isPort || host.Contains("]:", StringComparison.Ordinal)) ? host[..colon] : host;
    }
}
