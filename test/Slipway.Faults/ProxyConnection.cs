using System.Net;
using System.Net.Sockets;

namespace Slipway.Faults;

/// <summary>One client's connection, and the one to the server that was made for it.</summary>
internal sealed class ProxyConnection(Socket client, ConnectionFate fate, FaultSwitch faults, int seed, int number, TimeProvider time) : IDisposable
{
    private const int PieceSize = 16 << 10;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _abandoned;

    /// <summary>Until both sides have ended, one was cut off, or it is stopped.</summary>
    public async Task RunAsync(IPEndPoint server, CancellationToken stopping)
    {
        client.NoDelay = true;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            await _server.ConnectAsync(server, over.Token);
            await Task.WhenAll(
                PumpAsync(client, _server, all => all.ToServer, long.MaxValue, new SeededDraws(seed, -2 * number), over),
                PumpAsync(_server, client, all => all.ToClient, fate.ResetAfter ?? long.MaxValue, new SeededDraws(seed, (-2 * number) - 1), over));
        }
        catch (Exception e) when (IsCut(e))
        {
            await SwallowAsync(stopping);

            // The client is told as TCP tells it.
            Reset(client);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    public void Reset()
    {
        Reset(client);
        Reset(_server);
    }

    public void Abandon()
    {
        _abandoned = true;
        Reset(_server);
    }

    /// <summary>Closes with RST instead of FIN.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (IsCut(e))
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, Func<ProxyFaults, DirectionFaults> direction, long resetAfter, SeededDraws draws, CancellationTokenSource over)
    {
        try
        {
            var buffer = new byte[PieceSize];
            for (var passed = 0L; ;)
            {
                var count = await from.ReceiveAsync(buffer, over.Token);
                var now = await faults.WhenFlowingAsync(direction, over.Token);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                await HoldAsync(now.Delay + (now.Jitter * draws.Next()), over.Token);
                var limit = Math.Min(now.ByteLimit ?? long.MaxValue, resetAfter);
                var part = (int)Math.Min(count, Math.Max(0, limit - passed));
                if (now.Dropped)
                {
                    faults.Discard(part);
                }
                else
                {
                    await SendAsync(to, buffer.AsMemory(0, part), over.Token);
                }

                passed += part;
                if (passed >= limit)
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }
            }
        }
        catch (Exception e) when (IsCut(e))
        {
            // One direction alone is no connection.
            await over.CancelAsync();
            throw;
        }
    }

    // Who was abandoned may go on sending: it is taken and thrown away, until he gives up.
    private async Task SwallowAsync(CancellationToken stopping)
    {
        try
        {
            for (var nowhere = new byte[PieceSize]; _abandoned && await client.ReceiveAsync(nowhere, stopping) > 0;)
            {
            }
        }
        catch (Exception e) when (IsCut(e))
        {
            // He has given up, or the proxy ends.
        }
    }

    private Task HoldAsync(TimeSpan hold, CancellationToken cancellationToken) => hold > TimeSpan.Zero ? Task.Delay(hold, time, cancellationToken) : Task.CompletedTask;

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, cancellationToken)..];
        }
    }

    private static bool IsCut(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;
}
