using System.Net;
using System.Net.Sockets;
using Slipway.Faults;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Faults;

public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyTests() => _proxy = FaultProxy.Start(_server.Address, seed: 7);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_fault_every_byte_comes_back_and_the_end_is_an_end()
    {
        using var client = await ConnectAsync();
        var sent = Enumerable.Range(0, 200_000).Select(number => (byte)number).ToArray();
        var received = ReadAsync(client, sent.Length);
        await client.SendAsync(sent);
        Assert.Equal(sent, await received);

        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
        await Eventually.TrueAsync(() => _proxy.Open == 0, "the proxy closes its side");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_stalled_comes_whole_when_the_stall_is_lifted(bool toServer)
    {
        using var client = await ConnectAsync();
        await ExchangeAsync(client, "before");
        var stalled = new DirectionFaults { Stalled = true };
        _proxy.Faults = toServer ? new ProxyFaults { ToServer = stalled } : new ProxyFaults { ToClient = stalled };
        await client.SendAsync("held"u8.ToArray());
        var answer = ReadAsync(client, 4);
        await Eventually.TrueAsync(() => toServer || _server.Received == 10, "the server answers");
        Assert.False(answer.IsCompleted);

        _proxy.Faults = ProxyFaults.None;
        Assert.Equal("held"u8.ToArray(), await answer);
    }

    [Fact]
    public async Task What_is_dropped_never_comes_and_the_connection_goes_on()
    {
        using var client = await ConnectAsync();
        _proxy.Faults = new ProxyFaults { ToClient = new DirectionFaults { Dropped = true } };
        await client.SendAsync("lost"u8.ToArray());
        await Eventually.TrueAsync(() => _proxy.Discarded == 4, "the answer is thrown away");
        _proxy.Faults = ProxyFaults.None;
        await ExchangeAsync(client, "kept");
    }

    [Fact]
    public async Task A_delay_is_kept_by_the_clock_that_was_given()
    {
        var time = new VirtualTime();
        await using var slow = FaultProxy.Start(_server.Address, time: time);
        slow.Faults = new ProxyFaults { ToClient = new DirectionFaults { Delay = TimeSpan.FromHours(1) } };
        using var client = await ConnectAsync(slow);
        await client.SendAsync("late"u8.ToArray());
        var answer = ReadAsync(client, 4);
        await Eventually.TrueAsync(() => time.Armed > 0, "the answer is held");
        Assert.False(answer.IsCompleted);

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("late"u8.ToArray(), await answer);
    }

    [Fact]
    public async Task After_its_limit_of_bytes_a_connection_is_reset()
    {
        _proxy.Faults = new ProxyFaults { ToClient = new DirectionFaults { ByteLimit = 5 } };
        using var client = await ConnectAsync();
        await client.SendAsync("0123456789"u8.ToArray());
        Assert.True(await ReadUntilResetAsync(client) <= 5);

        using var another = await ConnectAsync();
        await ExchangeAsync(another, "four");
    }

    [Fact]
    public async Task All_open_connections_can_be_reset_at_once()
    {
        using var client = await ConnectAsync();
        await ExchangeAsync(client, "hello");
        _proxy.ResetAll();
        Assert.Equal(0, await ReadUntilResetAsync(client));
    }

    [Fact]
    public async Task An_abandoned_client_hears_nothing_and_a_new_one_is_served()
    {
        using var abandoned = await ConnectAsync();
        await ExchangeAsync(abandoned, "hello");
        _proxy.Abandon();
        await Eventually.TrueAsync(() => _server.Open == 0, "the server is told");
        var answer = abandoned.ReceiveAsync(new byte[1], SocketFlags.None);
        await abandoned.SendAsync("anybody?"u8.ToArray());

        using var another = await ConnectAsync();
        await ExchangeAsync(another, "hello");
        Assert.False(answer.IsCompleted);
        Assert.Equal(2, _proxy.Open);
        abandoned.Dispose();
        await Assert.ThrowsAsync<SocketException>(async () => await answer);
        await Eventually.TrueAsync(() => _proxy.Open == 1, "the abandoned one is gone");
    }

    [Fact]
    public async Task Whoever_is_refused_is_told_at_once()
    {
        _proxy.Faults = new ProxyFaults { RefuseShare = 1 };
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // The end may come before the connection is known to have begun.
            using var client = await ConnectAsync();
            await client.ReceiveAsync(new byte[1], SocketFlags.None);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        Assert.Equal(0, _server.Accepted);
    }

    [Fact]
    public void The_same_seed_makes_the_same_trouble()
    {
        var faults = new ProxyFaults { RefuseShare = 0.3, ResetShare = 0.3, ResetWithin = 1000 };
        var fates = Enumerable.Range(1, 1000).Select(connection => ConnectionFate.Draw(faults, 7, connection)).ToArray();
        Assert.Equal(fates, Enumerable.Range(1, 1000).Select(connection => ConnectionFate.Draw(faults, 7, connection)));
        Assert.NotEqual(fates, Enumerable.Range(1, 1000).Select(connection => ConnectionFate.Draw(faults, 8, connection)));
        Assert.InRange(fates.Count(fate => fate.Refused), 250, 350);
        Assert.InRange(fates.Count(fate => fate.ResetAfter is >= 0 and < 1000), 250, 350);
        Assert.DoesNotContain(fates, fate => fate.ResetAfter >= 1000);
    }

    private Task<Socket> ConnectAsync() => ConnectAsync(_proxy);

    private static async Task<Socket> ConnectAsync(FaultProxy proxy)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        return client;
    }

    private static async Task ExchangeAsync(Socket client, string text)
    {
        var sent = System.Text.Encoding.ASCII.GetBytes(text);
        await client.SendAsync(sent);
        Assert.Equal(sent, await ReadAsync(client, sent.Length));
    }

    private static async Task<byte[]> ReadAsync(Socket client, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await client.ReceiveAsync(bytes.AsMemory(at));
            Assert.True(read > 0, $"the connection ended after {at} of {count} bytes");
            at += read;
        }

        return bytes;
    }

    private static async Task<int> ReadUntilResetAsync(Socket client)
    {
        var total = 0;
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (var buffer = new byte[1024]; ;)
            {
                var read = await client.ReceiveAsync(buffer, SocketFlags.None);
                Assert.True(read > 0, "the connection ended in good order");
                total += read;
            }
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        return total;
    }
}
