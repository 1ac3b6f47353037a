using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Tests.Controller.Api;

namespace Slipway.Tests.Controller.Events;

public sealed class EventStreamTests(ApiWorld world, ITestOutputHelper output) : IClassFixture<ApiWorld>
{
    // As far as anything in a test may be away; a test that waits so long has failed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_change_arrives_and_a_client_that_comes_again_misses_nothing()
    {
        var page = (await world.GetAsync("/api/v1/deliveries", world.Server.AdminToken)).Json;
        string id;
        await using (var stream = await OpenAsync(world.Server.AdminToken, $"?after={(string)page["events"]!}"))
        {
            await TouchAsync("prod", "one");
            (var what, id, var data) = await stream.NextAsync("one");
            Assert.Equal(("delivery", "one"), (what, (string)data["row"]!["labels"]!["touched"]!));
        }

        await TouchAsync("prod", "two");
        await using var again = await OpenAsync(world.Server.AdminToken, "", ("Last-Event-ID", id));
        Assert.Equal("delivery", (await again.NextAsync("two")).Event);
    }

    [Fact]
    public async Task An_id_that_is_not_known_here_begins_anew()
    {
        await using var stream = await OpenAsync(world.Server.AdminToken, "", ("Last-Event-ID", "gone-17"));
        Assert.Equal("reset", (await stream.NextAsync()).Event);
    }

    [Fact]
    public async Task Nobody_is_told_of_a_namespace_that_they_may_not_watch()
    {
        await using var stream = await OpenAsync(await world.UserAsync("stage", "watch deliveries"), "");
        await TouchAsync("prod", "secret");
        await TouchAsync("stage", "open");

        Assert.Equal("stage", (string)(await stream.NextAsync()).Data["namespace"]!);
    }

    [Fact]
    public async Task A_stream_ends_when_the_right_to_watch_is_taken()
    {
        var role = await world.GrantAsync("watcher", "prod", "watch deliveries");
        await using var stream = await OpenAsync(world.Server.AddUser("watcher"), "?namespace=prod");
        await TouchAsync("prod", "before");
        Assert.Equal("delivery", (await stream.NextAsync("before")).Event);

        await world.WithdrawAsync("prod", role);

        // What was found out counts for ten seconds more; the next sign of life after that is the last.
        while (await stream.LineAsync() != "event: end")
        {
        }

        Assert.Contains("right to watch is gone", await stream.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_hundred_watchers_one_that_reads_nothing_harms_nobody()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var streams = new List<Stream>();
        for (var user = 0; user < 20; user++)
        {
            var token = await world.UserAsync(null, "watch deliveries");
            for (var i = 0; i < 10; i++)
            {
                streams.Add(await OpenAsync(token, "?namespace=many"));
            }
        }

        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024 };
        await silent.ConnectAsync("127.0.0.1", world.Address.Port, TestContext.Current.CancellationToken);
        await silent.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {world.Server.AdminToken}\r\n\r\n"), TestContext.Current.CancellationToken);

        for (var i = 0; i < 5000; i++)
        {
            world.Context.Board.Publish(new ObjectKey("many", $"d{i}"), new Delivery { Metadata = new() { Name = $"d{i}", Namespace = "many" } });
        }

        world.Context.Board.Publish(new ObjectKey("many", "last"), new Delivery { Metadata = new() { Name = "last", Namespace = "many" } });
        await Task.WhenAll(streams.Select(async stream =>
        {
            string name;
            do
            {
                name = (string)(await stream.NextAsync()).Data["name"]!;
            }
            while (name != "last");
        }));

        output.WriteLine($"200 watchers, 5,000 Deliveries, each told of each: {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:0.0} s of CPU with the clients, {(GC.GetTotalMemory(forceFullCollection: true) - before) >> 20} MiB");
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    private async Task TouchAsync(string ns, string value) => await world.Any(ResourceTypes.Deliveries).MergePatchAsync(
        new ObjectKey(ns, "shop"), new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["touched"] = value } } }, default);

    private async Task<Stream> OpenAsync(string token, string query, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(world.Address, $"/api/v1/events{query}"));
        foreach (var (name, value) in headers.Append(("Authorization", $"Bearer {token}")))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await world.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var stream = new Stream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));

        // What is said first is said once the watcher is there.
        Assert.StartsWith("retry:", await stream.LineAsync(), StringComparison.Ordinal);
        return stream;
    }

    private sealed class Stream(HttpResponseMessage answer, StreamReader lines) : IAsyncDisposable
    {
        public async Task<(string Event, string Id, JsonObject Data)> NextAsync()
        {
            var (what, id) = ("", "");
            while (true)
            {
                var line = await LineAsync();
                what = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : what;
                id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return (what, id, JsonNode.Parse(line[6..])!.AsObject());
                }
            }
        }

        /// <summary>The next one whose row was touched so: others may be on the way still.</summary>
        public async Task<(string Event, string Id, JsonObject Data)> NextAsync(string touched)
        {
            while (true)
            {
                var next = await NextAsync();
                if ((string?)next.Data["row"]?["labels"]?["touched"] == touched)
                {
                    return next;
                }
            }
        }

        public async Task<string> LineAsync()
        {
            using var late = new CancellationTokenSource(Limit, TimeProvider.System);
            return await lines.ReadLineAsync(late.Token) ?? throw new EndOfStreamException();
        }

        public ValueTask DisposeAsync()
        {
            lines.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
