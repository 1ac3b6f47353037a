using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Tests.Queue;
using static Slipway.Tests.Kube.Answers;

namespace Slipway.Tests.Kube;

public sealed class InformerTests
{
    private static readonly ObjectKey A = new("prod", "a");

    private readonly VirtualTime _time = new();
    private readonly ConcurrentQueue<string> _changes = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private delegate Task Answer(HttpContext context, SeenRequest request, CancellationToken closing);

    /// <summary>Runs an informer against a server that answers lists and watches as told, in turn; the last answer of each is repeated.</summary>
    private async Task RunAsync(Answer[] lists, Answer[] watches, Func<Informer<Thing>, ScriptedServer, Task> check)
    {
        var (listed, watched) = (-1, -1);
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync((context, request) =>
        {
            var answer = request.IsWatch
                ? watches[Math.Min(Interlocked.Increment(ref watched), watches.Length - 1)]
                : lists[Math.Min(Interlocked.Increment(ref listed), lists.Length - 1)];
            return answer(context, request, server!.Closing);
        });
        using var connection = server.Connect(new ConnectionOptions { Time = _time });
        var informer = new Informer<Thing>(Client(connection), ListScope.All, () => 0, NullLogger.Instance, new Dictionary<string, Func<Thing, IEnumerable<string>>> { ["color"] = thing => [thing.Color] });
        informer.OnChange(change => _changes.Enqueue($"{change.Key.Name}:{change.Old?.Color ?? "-"}>{change.New?.Color ?? "-"}"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = informer.RunAsync(stop.Token);

        await check(informer, server);

        await stop.CancelAsync();
        await run;
    }

    private static Answer Gives(string json) => (context, _, _) => context.JsonAsync(json);

    private static Answer Fails(int code, string reason) => (context, _, _) => context.FailAsync(code, reason);

    private static Answer Stays(params string[] lines) => async (context, _, closing) =>
    {
        await context.BeginAsync(string.Concat(lines));
        await context.HoldAsync(closing);
    };

    private Task ChangesAsync(int count) => Eventually.TrueAsync(() => _changes.Count >= count, $"{count} changes, only {string.Join(' ', _changes)}");

    [Fact]
    public async Task It_lists_then_watches_from_where_the_list_ended() =>
        await RunAsync([Gives(List("50", null, ThingJson("a", "1")))], [Stays(Line("MODIFIED", ThingJson("a", "51", "blue")))], async (informer, server) =>
        {
            await informer.WaitForSyncAsync(Ct);
            await ChangesAsync(2);

            Assert.True(informer.HasSynced);
            Assert.Equal(["a:->red", "a:red>blue"], _changes);
            Assert.Equal(new Thing("a", "blue"), informer.Get(A));
            Assert.Equal("51", informer.Find(A)!.ResourceVersion);
            Assert.Single(informer.List());
            Assert.Single(informer.List("prod"));
            Assert.Empty(informer.List("test"));
            Assert.Single(informer.ByIndex("color", "blue"));
            Assert.Equal("50", server.Requests.Last().Query["resourceVersion"]);
            Assert.Null(informer.Problem);
        });

    [Fact]
    public async Task It_is_not_synced_before_the_last_page() =>
        await RunAsync([Gives(List("50", "c1", ThingJson("a", "1"))), Fails(500, "InternalError")], [Stays()], async (informer, server) =>
        {
            await server.HasAsync(2);
            await Eventually.TrueAsync(() => informer.Problem is not null, "a problem");

            Assert.False(informer.HasSynced);
            Assert.Empty(informer.List());
            Assert.Contains("cannot list things: 500", informer.Problem);
        });

    [Fact]
    public async Task A_watch_that_ends_in_time_resumes_at_once_from_the_last_bookmark()
    {
        Answer endsInTime = async (context, _, _) =>
        {
            await context.BeginAsync(Bookmark("77"));
            await Eventually.TrueAsync(() => _time.Elapsed > TimeSpan.FromSeconds(6), "time to pass");
        };

        await RunAsync([Gives(List("50", null))], [endsInTime, Stays()], async (_, server) =>
        {
            await server.HasAsync(2);
            await Eventually.TrueAsync(() => _time.Armed > 0, "a watch");
            _time.Advance(TimeSpan.FromSeconds(7));
            await server.HasAsync(3);

            Assert.Equal("77", server.Requests.Last().Query["resourceVersion"]);
        });
    }

    [Fact]
    public async Task A_watch_that_keeps_ending_early_is_paused() =>
        await RunAsync([Gives(List("50", null))], [Gives("")], async (_, server) =>
        {
            await server.HasAsync(2);
            await Eventually.TrueAsync(() => _time.Armed > 0, "a pause");
            Assert.Equal(2, server.Requests.Count);

            await _time.RunUntilAsync(() => server.Requests.Count == 3);
            Assert.True(_time.Elapsed >= TimeSpan.FromMilliseconds(400));
        });

    [Fact]
    public async Task A_dropped_watch_resumes_from_the_last_event()
    {
        Answer drops = async (context, _, _) =>
        {
            await context.BeginAsync(Line("ADDED", ThingJson("a", "60")));
            await ChangesAsync(1);
            context.Abort();
        };

        await RunAsync([Gives(List("50", null))], [drops, Stays(Line("MODIFIED", ThingJson("a", "61", "blue")))], async (informer, server) =>
        {
            await _time.RunUntilAsync(() => _changes.Count == 2);

            Assert.Equal("60", server.Requests.Last().Query["resourceVersion"]);
            Assert.Equal("blue", informer.Get(A)!.Color);
            Assert.Single(server.Requests, request => !request.IsWatch);
        });
    }

    [Fact]
    public async Task An_expired_watch_leads_to_a_new_list_that_tells_of_deletions() =>
        await RunAsync(
            [Gives(List("50", null, ThingJson("a", "1"), ThingJson("b", "2"))), Gives(List("90", null, ThingJson("b", "2"), ThingJson("c", "80")))],
            [Gives(Line("ERROR", Status(410, "Expired", "too old"))), Stays()],
            async (informer, server) =>
            {
                await ChangesAsync(4);

                Assert.Equal(["a:->red", "b:->red", "c:->red", "a:red>-"], _changes);
                Assert.Null(informer.Get(A));
                await server.HasAsync(4);
                Assert.Equal("90", server.Requests.Last().Query["resourceVersion"]);
            });

    [Fact]
    public async Task A_server_that_was_restored_from_a_backup_is_listed_anew_and_what_it_never_knew_is_gone() =>
        await RunAsync(
            [Gives(List("50", null, ThingJson("a", "41", "blue"), ThingJson("b", "50"))), Gives(List("22", null, ThingJson("a", "21", "red")))],
            [Stays(Line("BOOKMARK", ThingJson("", "20"))), Stays()],
            async (informer, server) =>
            {
                await ChangesAsync(4);

                Assert.Equal(["a:->blue", "b:->red", "a:blue>red", "b:red>-"], _changes);
                Assert.Equal("21", informer.Find(A)!.ResourceVersion);
                await Eventually.TrueAsync(() => server.Requests.Last() is { IsWatch: true } watch && watch.Query["resourceVersion"] == "22", "it watches from there");
            });

    [Fact]
    public async Task A_server_that_says_410_to_its_own_version_is_not_stormed() =>
        await RunAsync([Gives(List("50", null))], [Fails(410, "Expired")], async (_, server) =>
        {
            await server.HasAsync(4);
            await Eventually.TrueAsync(() => _time.Armed > 0, "a pause");

            Assert.Equal([false, true, false, true], server.Requests.Select(request => request.IsWatch));
            await _time.RunUntilAsync(() => server.Requests.Count >= 6);
        });

    [Fact]
    public async Task An_expired_page_starts_over_in_one_page() =>
        await RunAsync([Gives(List("50", "c1", ThingJson("a", "1"))), Fails(410, "Expired"), Gives(List("60", null, ThingJson("b", "2")))], [Stays()], async (informer, server) =>
        {
            await informer.WaitForSyncAsync(Ct);

            Assert.Equal(["b:->red"], _changes);
            Assert.Equal(["500", "500", null], server.Requests.Take(3).Select(request => request.Query.GetValueOrDefault("limit")));
        });

    [Fact]
    public async Task Retry_After_is_honoured()
    {
        Answer busy = (context, _, _) =>
        {
            context.Response.Headers.RetryAfter = "20";
            return context.FailAsync(429, "TooManyRequests");
        };

        await RunAsync([busy, Gives(List("50", null))], [Stays()], async (informer, server) =>
        {
            await Eventually.TrueAsync(() => _time.Armed > 0, "a pause");
            await _time.RunUntilAsync(() => informer.HasSynced, TimeSpan.FromMilliseconds(500));

            Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
        });
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    [InlineData(500, "InternalError")]
    public async Task What_keeps_it_from_following_is_told_and_ends_when_it_ends(int code, string reason) =>
        await RunAsync([Fails(code, reason), Fails(code, reason), Gives(List("50", null, ThingJson("a", "1")))], [Stays()], async (informer, _) =>
        {
            await Eventually.TrueAsync(() => informer.Problem?.Contains(reason, StringComparison.Ordinal) == true, "a problem");
            Assert.False(informer.HasSynced);

            await _time.RunUntilAsync(() => informer.HasSynced);
            Assert.Null(informer.Problem);
        });

    [Fact]
    public async Task An_unreadable_object_is_named_and_the_others_are_followed() =>
        await RunAsync(
            [Gives(List("50", null, ThingJson("a", "1"), ThingJson("bad", "2", color: null)))],
            [Stays(Line("MODIFIED", ThingJson("a", "51", color: null)), Line("ADDED", ThingJson("c", "52")))],
            async (informer, _) =>
            {
                await ChangesAsync(2);

                Assert.Equal(["a:->red", "c:->red"], _changes);
                Assert.Equal(["a", "bad"], informer.Unreadable.Keys.Select(key => key.Name).Order());
                Assert.Equal("red", informer.Get(A)!.Color);
            });

    [Fact]
    public async Task A_watch_broken_again_and_again_ends_in_a_list() =>
        await RunAsync([Gives(List("50", null)), Gives(List("70", null, ThingJson("a", "60")))], [Gives("<html>\n"), Gives("<html>\n"), Gives("<html>\n"), Gives("<html>\n"), Gives("<html>\n"), Gives("<html>\n"), Stays()], async (informer, server) =>
        {
            await _time.RunUntilAsync(() => informer.Get(A) is not null, TimeSpan.FromMilliseconds(500));

            Assert.Equal(2, server.Requests.Count(request => !request.IsWatch));
        });

    [Fact]
    public async Task What_was_written_is_in_the_cache_at_once() =>
        await RunAsync([Gives(List("50", null, ThingJson("a", "1")))], [Stays(Bookmark("51"))], async (informer, _) =>
        {
            await informer.WaitForSyncAsync(Ct);

            informer.Wrote(new ResourceItem<Thing>(A, "u-a", "52", new Thing("a", "mine")));

            Assert.Equal("mine", informer.Get(A)!.Color);
            Assert.Equal("a:red>mine", _changes.Last());
        });

    [Fact]
    public async Task Restarts_are_counted_by_resource()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.FailAsync(500, "InternalError"));
        using var metrics = new Slipway.Telemetry.SlipwayMetrics();
        using var seen = new MetricsProbe(metrics);
        using var connection = server.Connect(new ConnectionOptions { Time = _time, Metrics = metrics });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var run = new Informer<Thing>(Client(connection), ListScope.All, () => 0, NullLogger.Instance).RunAsync(stop.Token);
        await _time.RunUntilAsync(() => seen["slipway_watch_restarts_total{resource=things}"] >= 2);
        await stop.CancelAsync();
        await run;
    }
}
