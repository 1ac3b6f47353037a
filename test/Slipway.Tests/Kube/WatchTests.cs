using Microsoft.AspNetCore.Http;
using Slipway.Kube;
using Slipway.Tests.Queue;
using static Slipway.Tests.Kube.Answers;

namespace Slipway.Tests.Kube;

public sealed class WatchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<(List<string> Seen, KubeException? Error)> WatchAsync(Func<HttpContext, Task> answer)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => answer(context));
        using var connection = server.Connect();
        List<string> seen = [];
        try
        {
            await foreach (var happened in Client(connection).WatchAsync(ListScope.All, "7", Ct))
            {
                seen.Add(Describe(happened));
            }

            return (seen, null);
        }
        catch (KubeException e)
        {
            return (seen, e);
        }
    }

    private static string Describe(WatchEvent<Thing> happened) => happened switch
    {
        WatchEvent<Thing>.Applied { Item: var item } => $"{item.Key} {item.Value.Color} @{item.ResourceVersion}",
        WatchEvent<Thing>.Deleted { Key: var key } => $"{key} deleted @{happened.ResourceVersion}",
        WatchEvent<Thing>.Bookmark => $"bookmark @{happened.ResourceVersion}",
        WatchEvent<Thing>.Unreadable { What: var what } => $"{what.Key} unreadable @{happened.ResourceVersion}",
        _ => "?",
    };

    [Fact]
    public async Task A_watch_asks_for_bookmarks_and_an_end_in_time()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(""));
        using var connection = server.Connect();

        await foreach (var _ in Client(connection).WatchAsync(new ListScope("prod", "a=b", "c=d"), "41", Ct))
        {
            Assert.Fail("there was no line");
        }

        var request = Assert.Single(server.Requests);
        Assert.Equal("/apis/example.dev/v1/namespaces/prod/things", request.Path);
        Assert.Equal(
            ["allowWatchBookmarks=true", "fieldSelector=c=d", "labelSelector=a=b", "resourceVersion=41", "timeoutSeconds=290", "watch=true"],
            request.Query.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_kind_of_line_is_understood()
    {
        var (seen, error) = await WatchAsync(context => context.JsonAsync(
            Line("ADDED", ThingJson("a", "8")) + Line("MODIFIED", ThingJson("a", "9", "blue")) + Line("DELETED", ThingJson("a", "10", color: null)) + Bookmark("11")));

        Assert.Null(error);
        Assert.Equal(["prod/a red @8", "prod/a blue @9", "prod/a deleted @10", "bookmark @11"], seen);
    }

    [Fact]
    public async Task Lines_may_come_in_pieces_and_with_blanks_between()
    {
        var text = "\r\n\n" + Line("ADDED", ThingJson("ä", "8")) + " \n" + Line("ADDED", ThingJson("b", "9"));

        var (seen, error) = await WatchAsync(async context =>
        {
            foreach (var letter in text)
            {
                await context.Response.WriteAsync(letter.ToString());
                await context.Response.Body.FlushAsync();
            }
        });

        Assert.Null(error);
        Assert.Equal(["prod/ä red @8", "prod/b red @9"], seen);
    }

    [Fact]
    public async Task One_object_that_cannot_be_read_does_not_end_the_watch()
    {
        var (seen, error) = await WatchAsync(context => context.JsonAsync(Line("ADDED", ThingJson("a", "8", color: null)) + Line("ADDED", ThingJson("b", "9"))));

        Assert.Null(error);
        Assert.Equal(["prod/a unreadable @8", "prod/b red @9"], seen);
    }

    [Theory]
    [InlineData("""{"type":"LATER","object":{}}""")]
    [InlineData("""{"object":null}""")]
    [InlineData("7")]
    public async Task A_line_of_a_later_kind_is_passed_over(string line)
    {
        var (seen, error) = await WatchAsync(context => context.JsonAsync(line + "\n" + Line("ADDED", ThingJson("b", "9"))));

        Assert.Null(error);
        Assert.Equal(["prod/b red @9"], seen);
    }

    [Fact]
    public async Task A_410_as_an_answer_and_as_a_line_are_alike()
    {
        var (_, answer) = await WatchAsync(context => context.FailAsync(410, "Expired", "too old resource version"));
        var (seen, line) = await WatchAsync(context => context.JsonAsync(Line("ADDED", ThingJson("a", "8")) + Line("ERROR", Status(410, "Expired", "too old resource version"))));

        Assert.True(answer!.IsGone);
        Assert.True(line!.IsGone);
        Assert.Single(seen);
        Assert.Equal("cannot watch things: 410 Expired: too old resource version", line.Message);
    }

    [Theory]
    [InlineData("""{"type":"ERROR","object":{"code":500,"reason":"InternalError"}}""", 500)]
    [InlineData("""{"type":"ERROR"}""", 500)]
    public async Task Another_error_line_breaks_the_watch(string line, int code)
    {
        var (_, error) = await WatchAsync(context => context.JsonAsync(line + "\n"));

        Assert.Equal(code, error!.Code);
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metad""", "middle of a line")]
    [InlineData("<html>\n", "not JSON")]
    public async Task Half_a_line_and_no_JSON_break_the_watch(string text, string why)
    {
        var (seen, error) = await WatchAsync(context => context.JsonAsync(Line("ADDED", ThingJson("a", "8")) + text));

        Assert.Equal(["prod/a red @8"], seen);
        Assert.Equal(KubeException.Garbled, error!.Reason);
        Assert.Contains(why, error.Message);
    }

    [Fact]
    public async Task A_line_without_end_is_not_held()
    {
        var (_, error) = await WatchAsync(async context =>
        {
            var megabyte = new byte[1 << 20];
            megabyte.AsSpan().Fill((byte)'x');
            for (var i = 0; i < 20 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(megabyte);
            }
        });

        Assert.Contains("longer than 8 MiB", error!.Message);
    }

    [Fact]
    public async Task A_long_line_within_the_bound_is_read()
    {
        var (seen, error) = await WatchAsync(context => context.JsonAsync(Line("ADDED", ThingJson("a", "8", new string('r', 3 << 20)))));

        Assert.Null(error);
        Assert.Contains("@8", Assert.Single(seen));
    }

    [Fact]
    public async Task A_dropped_connection_breaks_the_watch()
    {
        var (seen, error) = await WatchAsync(async context =>
        {
            await context.BeginAsync(Line("ADDED", ThingJson("a", "8")));
            context.Abort();
        });

        Assert.Equal(KubeException.Unreachable, error!.Reason);
        Assert.True(seen.Count <= 1);
    }

    [Fact]
    public async Task A_watch_that_says_nothing_for_longer_than_its_life_is_broken()
    {
        var time = new VirtualTime();
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            await context.BeginAsync(Line("ADDED", ThingJson("a", "8")));
            await context.HoldAsync(server!.Closing);
        });
        using var connection = server.Connect(new ConnectionOptions { Time = time });
        await using var watch = Client(connection).WatchAsync(ListScope.All, "7", Ct).GetAsyncEnumerator(Ct);
        Assert.True(await watch.MoveNextAsync());

        var next = watch.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(329));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<KubeException>(() => next);
        Assert.Equal(KubeException.TimedOut, error.Reason);
        Assert.Contains("sent nothing for 330 s", error.Message);
    }

    [Fact]
    public async Task A_watch_that_is_not_even_answered_is_broken_too()
    {
        var time = new VirtualTime();
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync((context, _) => context.HoldAsync(server!.Closing));
        using var connection = server.Connect(new ConnectionOptions { Time = time });
        await using var watch = Client(connection).WatchAsync(ListScope.All, "7", Ct).GetAsyncEnumerator(Ct);

        var next = watch.MoveNextAsync().AsTask();
        await server.HasAsync(1);
        time.Advance(TimeSpan.FromSeconds(331));

        Assert.Equal(KubeException.TimedOut, (await Assert.ThrowsAsync<KubeException>(() => next)).Reason);
    }

    [Fact]
    public async Task Each_line_gives_the_watch_new_patience()
    {
        var time = new VirtualTime();
        var more = new SemaphoreSlim(0);
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            for (var i = 8; i < 11; i++)
            {
                await context.BeginAsync(Bookmark($"{i}"));
                await more.WaitAsync(context.RequestAborted);
            }
        });
        using var connection = server.Connect(new ConnectionOptions { Time = time });
        await using var watch = Client(connection).WatchAsync(ListScope.All, "7", Ct).GetAsyncEnumerator(Ct);

        for (var i = 8; i < 11; i++)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal($"{i}", watch.Current.ResourceVersion);
            time.Advance(TimeSpan.FromSeconds(300));
            more.Release();
        }

        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task Stopping_ends_a_watch_at_once()
    {
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            await context.BeginAsync("");
            await context.HoldAsync(server!.Closing);
        });
        using var connection = server.Connect();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var watch = Client(connection).WatchAsync(ListScope.All, "7", stop.Token).GetAsyncEnumerator(Ct);

        var next = watch.MoveNextAsync().AsTask();
        await server.HasAsync(1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
