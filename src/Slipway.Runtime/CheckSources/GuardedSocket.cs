using System.Net;
using System.Net.Sockets;
using Slipway.Checks;

namespace Slipway.CheckSources;

/// <summary>
/// Connects to where a tenant points, if the rule allows it. A name is looked up here and the very address that was judged is connected to: a
/// resolver that answers differently the second time gains nothing.
/// </summary>
internal static class GuardedSocket
{
    /// <param name="reach">Null: the address is the operator's own word.</param>
    /// <param name="address">As the tenant wrote it.</param>
    /// <exception cref="UnreachableAddressException">No address of the name may be connected to.</exception>
    public static async Task<Socket> ConnectAsync(ReachRule? reach, Uri address, string host, int port, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(host, cancellationToken);
        IPAddress[] allowed = [.. found.Where(one => reach?.WhyNotResolved(address, $"{one}") is null)];
        if (allowed.Length == 0)
        {
            throw new UnreachableAddressException($"{address.Authority} is not asked: its name leads to {found.FirstOrDefault()}, and {reach?.WhyNotResolved(address, $"{found.FirstOrDefault()}") ?? "that is no address"}");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Where a tenant points, the controller must not go. The message says why.</summary>
internal sealed class UnreachableAddressException(string message) : Exception(message);
