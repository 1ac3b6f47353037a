using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Dashboard.Live;
using Slipway.Dashboard.Session;
using Slipway.Tests.SandboxWorld;
using Slipway.Views;

namespace Slipway.Tests.Dashboard;

/// <summary>What a page knows of the cluster while the way to the controller is good, bad, and good again.</summary>
public sealed class RowFeedTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedApi _api;
    private readonly HttpClient _http;
    private readonly RowFeed _feed;

    public RowFeedTests()
    {
        _api = new(_time);
        _http = new(_api) { BaseAddress = new("http://controller.test"), Timeout = Timeout.InfiniteTimeSpan };
        _feed = new(new SlipwayClient(_http, new SessionState(), _time), _time);
    }

    [Fact]
    public async Task The_first_page_is_a_screen_and_the_events_are_those_since_it_was_made()
    {
        _feed.Start();
        var first = await _api.NextAsync();
        Assert.Equal("/api/v1/deliveries?limit=60", first.Path);
        first.Say(new DeliveryPage([Rows.Calm(name: "a")]) { Continue = "b&c", Events = "7-1" }, ViewJson.Default.DeliveryPage);

        var second = await _api.NextAsync();
        Assert.Equal("/api/v1/deliveries?limit=500&continue=b%26c", second.Path);
        Assert.Equal((1, false), (_feed.Store.Rows.Count, _feed.IsComplete));
        second.Say(new DeliveryPage([Rows.Calm(name: "b")]) { Events = "7-9" }, ViewJson.Default.DeliveryPage);

        Assert.Equal("/api/v1/events?after=7-1", (await _api.NextAsync()).Path);
        Assert.Equal((2, true), (_feed.Store.Rows.Count, _feed.IsComplete));
    }

    [Fact]
    public async Task An_event_changes_the_row_that_it_is_about_and_after_a_break_the_stream_goes_on_behind_it()
    {
        var stream = await FollowAsync();
        await EventAsync(stream, "7-2", "delivery", JsonSerializer.Serialize(new RowEvent("prod", "a", Rows.Stepping("a")), ViewJson.Default.RowEvent));
        await Until(() => _feed.Store.Find(new("prod", "a"))?.Phase == "Stepping");

        await stream.CompleteAsync();

        var (again, _) = await _api.NextAfterPauseAsync();
        Assert.Equal("/api/v1/events?after=7-2", again.Path);
        Assert.Equal("it has ended the stream of changes", Assert.IsType<LiveState.Away>(_feed.State).Why);
        Assert.Single(_feed.Store.Rows);
    }

    [Fact]
    public async Task A_server_that_no_longer_knows_the_place_has_the_list_made_anew()
    {
        var stream = await FollowAsync();
        await EventAsync(stream, "8-0", "reset", "{}");

        Assert.Equal("/api/v1/deliveries?limit=60", (await _api.NextAsync()).Path);
        Assert.Single(_feed.Store.Rows);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_left_and_one_that_only_breathes_is_kept()
    {
        var stream = await FollowAsync();
        for (var breath = 0; breath < 5; breath++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await stream.WriteAsync(": still here\n\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await EventAsync(stream, $"7-{breath}", "delivery", JsonSerializer.Serialize(new RowEvent("prod", $"n{breath}", Rows.Calm(name: $"n{breath}")), ViewJson.Default.RowEvent));
            await Until(() => _feed.Store.Find(new("prod", $"n{breath}")) is not null);
        }

        Assert.IsType<LiveState.Live>(_feed.State);
        var (_, passed) = await _api.NextAfterPauseAsync();
        Assert.InRange(passed, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60));
        Assert.Equal("it has fallen silent", Assert.IsType<LiveState.Away>(_feed.State).Why);
    }

    [Fact]
    public async Task A_server_that_takes_the_request_for_events_and_says_nothing_is_asked_again()
    {
        _feed.Start();
        (await _api.NextAsync()).Say(new DeliveryPage([Rows.Calm(name: "a")]) { Events = "7-1" }, ViewJson.Default.DeliveryPage);
        var silent = await _api.NextAsync();

        var (again, _) = await _api.NextAfterPauseAsync();

        Assert.True(silent.IsGivenUp);
        Assert.Equal("/api/v1/events?after=7-1", again.Path);
        Assert.Equal("no answer within 20 s", Assert.IsType<LiveState.Away>(_feed.State).Why);
    }

    [Fact]
    public async Task While_the_controller_is_away_the_pauses_grow_up_to_their_limit_and_what_was_known_stays()
    {
        var stream = await FollowAsync();
        await stream.CompleteAsync();
        var pauses = new List<TimeSpan>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var (asked, passed) = await _api.NextAfterPauseAsync();
            pauses.Add(passed);
            asked.Fail(new HttpRequestException("TypeError: Failed to fetch"));
        }

        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses[^1], TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
        Assert.Equal("the connection to it failed", Assert.IsType<LiveState.Away>(_feed.State).Why);
        Assert.Single(_feed.Store.Rows);
    }

    [Fact]
    public async Task Since_when_it_is_away_is_told_from_the_first_failure_on()
    {
        _feed.Start();
        (await _api.NextAsync()).Fail(new HttpRequestException("no"));
        await Until(() => _feed.State is LiveState.Away);
        var since = Assert.IsType<LiveState.Away>(_feed.State).Since;

        (await _api.NextAfterPauseAsync()).Asked.Fail(new HttpRequestException("no"));
        await _api.NextAfterPauseAsync();

        Assert.Equal(since, Assert.IsType<LiveState.Away>(_feed.State).Since);
    }

    [Fact]
    public async Task A_refusal_is_told_with_the_way_out_of_it()
    {
        _feed.Start();
        var problem = new ProblemView("about:blank", "Forbidden", 403, "ada may list Deliveries in no namespace", "Forbidden", "ask for the role slipway-viewer");
        (await _api.NextAsync()).Say(HttpStatusCode.Forbidden, JsonSerializer.Serialize(problem, ViewJson.Default.ProblemView), "application/problem+json");
        await Until(() => _feed.State is LiveState.Refused);

        Assert.Equal("Ada may list Deliveries in no namespace. Ask for the role slipway-viewer.", Assert.IsType<LiveState.Refused>(_feed.State).Why);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>a proxy's page</html>", "something between may have answered")]
    [InlineData(HttpStatusCode.OK, "", "its answer is empty")]
    [InlineData(HttpStatusCode.BadGateway, "<html>bad gateway</html>", "status 502")]
    [InlineData(HttpStatusCode.Forbidden, "<html>a firewall</html>", "status 403")]
    public async Task What_something_between_answers_is_no_decision_of_the_controller(HttpStatusCode status, string body, string told)
    {
        _feed.Start();
        (await _api.NextAsync()).Say(status, body, "text/html");
        await Until(() => _feed.State is LiveState.Away);

        Assert.Contains(told, Assert.IsType<LiveState.Away>(_feed.State).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_asks_at_once()
    {
        _feed.Start();
        (await _api.NextAsync()).Fail(new HttpRequestException("no"));
        await Until(() => _feed.State is LiveState.Away);

        _feed.TryNow();

        Assert.Equal("/api/v1/deliveries?limit=60", (await _api.NextAsync()).Path);
    }

    public void Dispose()
    {
        _feed.Dispose();
        _http.Dispose();
    }

    private async Task<PipeWriter> FollowAsync()
    {
        _feed.Start();
        (await _api.NextAsync()).Say(new DeliveryPage([Rows.Calm(name: "a")]) { Events = "7-1" }, ViewJson.Default.DeliveryPage);
        var stream = (await _api.NextAsync()).Stream();
        await Until(() => _feed.State is LiveState.Live);
        return stream;
    }

    private static async Task EventAsync(PipeWriter stream, string id, string type, string data) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"id: {id}\nevent: {type}\ndata: {data}\n\n"), TestContext.Current.CancellationToken);

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
