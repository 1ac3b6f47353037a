using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Faults;

/// <summary>A TCP proxy on loopback that misbehaves as it is told. README.md says how.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    /// <summary>At once; who comes then is refused.</summary>
    public const int MostConnections = 512;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, (ProxyConnection Connection, Task Running)> _open = [];
    private readonly FaultSwitch _switch = new();
    private readonly IPEndPoint _server;
    private readonly int _seed;
    private readonly TimeProvider _time;
    private readonly Task _accepting;
    private int _accepted;

    private FaultProxy(IPEndPoint server, int seed, TimeProvider time)
    {
        (_server, _seed, _time) = (server, seed, time);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connections that were ever accepted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that are open on the client's side.</summary>
    public int Open => _open.Count;

    /// <summary>Bytes that were thrown away because a direction was to drop them.</summary>
    public long Discarded => _switch.Discarded;

    /// <summary>What it does wrong; may be swapped at any time.</summary>
    public ProxyFaults Faults
    {
        get => _switch.Now;
        set => _switch.Set(value);
    }

    public static FaultProxy Start(IPEndPoint server, int seed = 1, TimeProvider? time = null) => new(server, seed, time ?? TimeProvider.System);

    /// <summary>Resets all connections that are open.</summary>
    public void ResetAll()
    {
        foreach (var (connection, _) in _open.Values)
        {
            connection.Reset();
        }
    }

    /// <summary>
    /// Leaves the clients of all open connections alone with them: the server's side is closed, theirs stays open and silent, as behind a
    /// firewall that has forgotten a connection. New connections are as they were.
    /// </summary>
    public void Abandon()
    {
        foreach (var (connection, _) in _open.Values)
        {
            connection.Abandon();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_open.Values.Select(open => open.Running));
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopped, or a client that was gone before it was accepted.
                continue;
            }

            var number = Interlocked.Increment(ref _accepted);
            var fate = ConnectionFate.Draw(Faults, _seed, number);
            if (fate.Refused || _open.Count >= MostConnections)
            {
                ProxyConnection.Reset(client);
                continue;
            }

            var connection = new ProxyConnection(client, fate, _switch, _seed, number, _time);
            var running = new TaskCompletionSource();
            _open[number] = (connection, running.Task);
            _ = RunAsync(number, connection, running);
        }
    }

    private async Task RunAsync(int number, ProxyConnection connection, TaskCompletionSource ended)
    {
        await Task.Yield();
        using (connection)
        {
            await connection.RunAsync(_server, _stopping.Token);
        }

        _open.TryRemove(number, out _);
        ended.SetResult();
    }
}
