using System.Collections.Immutable;
using System.Globalization;
using Slipway.Registry;

namespace Slipway.Checks;

/// <summary>
/// Where the controller may be sent by a check. Whoever may write a Delivery chooses the address, and must not thereby reach what the controller's
/// place in the network alone can: itself, its node, the metadata service of a cloud.
/// </summary>
/// <param name="Allowed">Hosts of the controller's configuration, with port or without, <c>*</c> for any letters within a label; empty: all but what is refused always.</param>
public sealed record ReachRule(ImmutableArray<string> Allowed)
{
    public static readonly ReachRule Open = new([]);

    /// <summary>Names of metadata services; their addresses are link-local.</summary>
    private static readonly string[] Metadata = ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

    /// <summary>Null where it may be asked, else why not.</summary>
    public string? WhyNot(Uri address)
    {
        var host = address.Host.TrimEnd('.');
        return address switch
        {
            _ when address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps => "it is neither http nor https",
            { UserInfo.Length: > 0 } => "it contains a user name: use auth",
            _ when IsNamed(address) => null,
            _ when HostKind.IsLoopback(host) || WhyNotAddress(host) is not null || Metadata.Contains(host, StringComparer.OrdinalIgnoreCase) => $"{host} is the controller's own machine, its network or a metadata service",
            _ when !Allowed.IsEmpty && !Allowed.Any(entry => Covers(entry, address)) => $"{address.Authority} is not in checks.allowedHosts of the controller's configuration",
            _ => null,
        };
    }

    /// <summary>
    /// Null where a connection for <paramref name="address"/> may be made to what its name was resolved to. Who owns a name chooses that; so only
    /// where the configuration names the very address is it not looked at.
    /// </summary>
    public string? WhyNotResolved(Uri address, string resolved) =>
        IsNamed(address) && (HostKind.IsLoopback(address.Host) || address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6) ? null : WhyNotAddress(resolved);

    /// <summary>Null where a connection may be made to the address, else why not.</summary>
    /// <remarks>RFC 6890: unspecified, loopback, link-local and multicast. Private networks are where a cluster's Services are.</remarks>
    public static string? WhyNotAddress(string address)
    {
        var text = address.Trim('[', ']').Split('%')[0];
        var mapped = text.StartsWith("::ffff:", StringComparison.OrdinalIgnoreCase) ? text[7..] : text;
        if (TryIpv4(mapped, out var first, out var second))
        {
            return (first, second) switch
            {
                (0 or 127, _) => OwnMachine,
                (169, 254) => LinkLocal,
                ( >= 224, _) => Multicast,
                _ => null,
            };
        }

        return !text.Contains(':', StringComparison.Ordinal) ? null
            : text.StartsWith("::", StringComparison.Ordinal) || text.StartsWith("0:", StringComparison.Ordinal) ? OwnMachine
            : !ushort.TryParse(text.AsSpan(0, text.IndexOf(':')), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var head) ? OwnMachine
            : (head & 0xFFC0) == 0xFE80 || text.StartsWith("fd00:ec2:", StringComparison.OrdinalIgnoreCase) ? LinkLocal
            : (head & 0xFF00) == 0xFF00 ? Multicast
            : null;
    }

    private const string OwnMachine = "it is the controller's own machine";
    private const string LinkLocal = "it is a link-local address, where metadata services are";
    private const string Multicast = "it is a multicast address";

    private bool IsNamed(Uri address) => Allowed.Any(entry =>
        entry.Equals(WithPort(address), StringComparison.OrdinalIgnoreCase) || entry.Equals(address.Host, StringComparison.OrdinalIgnoreCase));

    private static bool Covers(string entry, Uri address) =>
        PullSecrets.Matches(entry.ToLowerInvariant(), WithPort(address)) || PullSecrets.Matches(entry.ToLowerInvariant(), address.Host);

    // A Uri leaves out the port that its scheme implies.
    private static string WithPort(Uri address) => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");

    private static bool TryIpv4(string text, out byte first, out byte second)
    {
        (first, second) = (0, 0);
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && byte.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out first) && byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out second);
    }
}
