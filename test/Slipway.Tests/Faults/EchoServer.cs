using System.Net;
using System.Net.Sockets;

namespace Slipway.Tests.Faults;

/// <summary>Sends back what it gets, and counts.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private int _accepted;
    private int _open;
    private long _received;

    public EchoServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public int Accepted => Volatile.Read(ref _accepted);

    public int Open => Volatile.Read(ref _open);

    public long Received => Interlocked.Read(ref _received);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                Interlocked.Increment(ref _open);
                served.Add(EchoAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task EchoAsync(Socket client)
    {
        using (client)
        {
            try
            {
                var buffer = new byte[4096];
                while (await client.ReceiveAsync(buffer, _stopping.Token) is > 0 and var count)
                {
                    Interlocked.Add(ref _received, count);
                    await client.SendAsync(buffer.AsMemory(0, count), _stopping.Token);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The proxy cuts connections off: that is what it is for.
            }
        }

        Interlocked.Decrement(ref _open);
    }
}
