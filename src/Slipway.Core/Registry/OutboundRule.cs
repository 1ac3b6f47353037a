using System.Globalization;

namespace Slipway.Registry;

/// <summary>
/// Where a registry may send us, by a redirect or by the realm of its challenge. Both are words of the network, so that without a
/// rule they would make the controller talk to whatever it alone can reach: a metadata service, a neighbour on loopback.
/// </summary>
public static class OutboundRule
{
    /// <summary>
    /// Null where a login may be sent to <paramref name="realm"/>, which the registry names as its token service, else why not. On loopback
    /// the same port too, for every port there is another's; <paramref name="named"/> is the one that the operator has named.
    /// </summary>
    public static string? WhyNotRealm(Uri registry, Uri realm, Uri? named) =>
        named is not null && named.Scheme == realm.Scheme && named.Authority.Equals(realm.Authority, StringComparison.OrdinalIgnoreCase) && realm.UserInfo.Length == 0 ? null
        : HostKind.IsLoopback(realm.Host) && HostKind.IsLoopback(registry.Host) && realm.Port != registry.Port ? "it is another port of the loopback interface"
        : WhyNot(registry, realm);

    /// <summary>
    /// Null where <paramref name="target"/> may be asked on behalf of <paramref name="registry"/>, else why not. Plain HTTP is for
    /// registries that are plain HTTP themselves by choice, and then on their own host, or among loopback hosts. Addresses of private
    /// networks are for registries that are there themselves; a name is not resolved, because the rule must not depend on a resolver.
    /// </summary>
    public static string? WhyNot(Uri registry, Uri target)
    {
        var sameHost = registry.Host.Equals(target.Host, StringComparison.OrdinalIgnoreCase);
        var bothLoopback = HostKind.IsLoopback(registry.Host) && HostKind.IsLoopback(target.Host);
        return target switch
        {
            _ when target.Scheme != Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttp => $"the scheme {target.Scheme} is not HTTP",
            _ when target.UserInfo.Length > 0 => "the address contains a user name",
            _ when target.Scheme == Uri.UriSchemeHttp && registry.Scheme != Uri.UriSchemeHttp => "it is plain HTTP, and the registry is not",
            _ when sameHost || bothLoopback => null,
            _ when target.Scheme == Uri.UriSchemeHttp => "it is plain HTTP on another host",
            _ when HostKind.IsLoopback(target.Host) || HostKind.IsPrivateAddress(target.Host) => "it is an address of a private network",
            _ => null,
        };
    }
}

/// <summary>What can be said of a host from its text alone.</summary>
public static class HostKind
{
    /// <summary>localhost and all names below it (RFC 6761 §6.3), 127.0.0.0/8, ::1. The name alone: <c>127.0.0.1.example.com</c> is nobody's loopback.</summary>
    /// <param name="host">Without port; an IPv6 address with or without its brackets.</param>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.Trim('[', ']') is "::1" or "0:0:0:0:0:0:0:1"
        || (TryIpv4(host, out var octets) && octets[0] == 127);

    /// <summary>An address literal that the internet does not route: RFC 1918, 3927, 6598, 4193, 4291, and the unspecified ones.</summary>
    public static bool IsPrivateAddress(string host)
    {
        if (TryIpv4(host, out var octets))
        {
            return (octets[0], octets[1]) is (0 or 10 or 127, _) or (169, 254) or (192, 168) or (172, >= 16 and <= 31) or (100, >= 64 and <= 127);
        }

        var address = host.Trim('[', ']');
        if (!address.Contains(':'))
        {
            return false;
        }

        // All that starts with "::" is loopback, unspecified, or an IPv4 address in disguise.
        return address.StartsWith("::", StringComparison.Ordinal)
            || address.StartsWith("0:", StringComparison.Ordinal)
            || !ushort.TryParse(address.AsSpan(0, address.IndexOf(':')), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var first)
            || (first & 0xFE00) == 0xFC00
            || (first & 0xFFC0) == 0xFE80;
    }

    private static bool TryIpv4(string host, out byte[] octets)
    {
        octets = new byte[4];
        var parts = host.Split('.');
        for (var i = 0; i < parts.Length && parts.Length == 4; i++)
        {
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out octets[i]))
            {
                return false;
            }
        }

        return parts.Length == 4;
    }
}
