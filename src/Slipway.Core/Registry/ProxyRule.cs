using System.Collections.Immutable;

namespace Slipway.Registry;

/// <summary>
/// Which proxy an address is asked by, as the environment says it: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>NO_PROXY</c>, in capitals or small, with the
/// meaning that Go gives them (golang.org/x/net/http/httpproxy), because that is what the kubelet and containerd beside us do.
/// </summary>
/// <param name="NoProxy">Hosts with all below them, <c>.example.com</c> for only those below, <c>*</c>, addresses and networks, each with a port or without.</param>
public sealed record ProxyRule(Uri? Http, Uri? Https, ImmutableArray<string> NoProxy)
{
    public static readonly ProxyRule None = new(null, null, []);

    // The services of clouds that are the node's own: no proxy could ask them for us.
    private static readonly string[] Metadata = ["metadata.google.internal", "169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[fd00:ec2::254]"];

    public static ProxyRule From(Func<string, string?> environment) => new(
        Address(Variable(environment, "HTTP_PROXY")),
        Address(Variable(environment, "HTTPS_PROXY")),
        [.. (Variable(environment, "NO_PROXY") ?? "").Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>Null: directly.</summary>
    public Uri? For(Uri target)
    {
        var proxy = target.Scheme == Uri.UriSchemeHttps ? Https : Http;
        return proxy is null || HostKind.IsLoopback(target.Host) || Metadata.Contains(target.Host) || NoProxy.Any(rule => Covers(rule.ToLowerInvariant(), target)) ? null : proxy;
    }

    // A proxy's address may have a password in it.
    public override string ToString() => nameof(ProxyRule);

    private static bool Covers(string rule, Uri target)
    {
        if (rule == "*")
        {
            return true;
        }

        if (rule.Contains('/'))
        {
            return AddressRange.Contains(rule, target.Host);
        }

        var colon = rule.LastIndexOf(':');
        var hasPort = colon > rule.LastIndexOf(']') && rule.IndexOf(':') == colon;
        var (name, port) = hasPort ? (rule[..colon], rule[(colon + 1)..]) : (rule, "");
        name = name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name;
        var host = target.Host.Trim('[', ']').ToLowerInvariant();
        return (port.Length == 0 || port == $"{target.Port}")
            && (host == name.Trim('[', ']') || host.EndsWith(name.StartsWith('.') ? name : $".{name}", StringComparison.Ordinal));
    }

    private static string? Variable(Func<string, string?> environment, string name) =>
        environment(name) is { Length: > 0 } capitals ? capitals : environment(name.ToLowerInvariant()) is { Length: > 0 } small ? small : null;

    // Without a scheme it is http, as everywhere.
    private static Uri? Address(string? text) =>
        text is not null && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var proxy) && (proxy.Scheme == Uri.UriSchemeHttp || proxy.Scheme == Uri.UriSchemeHttps) ? proxy : null;
}

/// <summary>IPv4 networks as they are written: <c>10.0.0.0/8</c>.</summary>
internal static class AddressRange
{
    public static bool Contains(string network, string host)
    {
        var parts = network.Split('/');
        return parts is [var start, var bits] && Number(start) is { } first && Number(host) is { } address
            && int.TryParse(bits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length) && length <= 32
            && (length == 0 || (first ^ address) >> (32 - length) == 0);
    }

    private static uint? Number(string text)
    {
        var number = 0u;
        var parts = text.Split('.');
        foreach (var part in parts)
        {
            if (!byte.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var octet))
            {
                return null;
            }

            number = (number << 8) | octet;
        }

        return parts.Length == 4 ? number : null;
    }
}
