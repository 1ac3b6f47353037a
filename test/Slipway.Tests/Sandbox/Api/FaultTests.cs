using System.Text.Json.Nodes;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

public sealed class FaultTests
{
    private const string A = SandboxFixture.ConfigMaps + "/a";

    [Fact]
    public async Task A_conflict_by_plan_writes_nothing()
    {
        await using var sandbox = await StartWithAsync(new() { Conflict = 1 });

        var (code, body) = await sandbox.PatchAsync(A, """{"data":{"a":"2"}}""");

        Assert.Equal((409, "Conflict"), (code, body.Text("reason")));
        Assert.Equal("1", sandbox.Server.Store.Find(Known.ConfigMaps, "default", "a")!.Text("data", "a"));
    }

    [Fact]
    public async Task Too_many_requests_come_with_a_time_to_wait()
    {
        await using var sandbox = await StartWithAsync(new() { TooManyRequests = 1 });

        using var response = await sandbox.Http.GetAsync(A, TestContext.Current.CancellationToken);

        Assert.Equal((429, TimeSpan.FromSeconds(1)), ((int)response.StatusCode, response.Headers.RetryAfter?.Delta));
    }

    [Fact]
    public async Task An_error_before_does_nothing()
    {
        await using var sandbox = await StartWithAsync(new() { ErrorBefore = 1 });

        var (code, body) = await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("b"));

        Assert.InRange(code, 500, 503);
        Assert.Equal("Status", body.Kind());
        Assert.Null(sandbox.Server.Store.Find(Known.ConfigMaps, "default", "b"));
    }

    [Fact]
    public async Task An_error_after_has_done_the_write()
    {
        await using var sandbox = await StartWithAsync(new() { ErrorAfter = 1 });
        var outcomes = new HashSet<string>();

        for (var i = 0; i < 20; i++)
        {
            try
            {
                var (code, _) = await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap($"b-{i}"));
                outcomes.Add($"{code}");
            }
            catch (HttpRequestException)
            {
                outcomes.Add("closed");
            }
            Assert.NotNull(sandbox.Server.Store.Find(Known.ConfigMaps, "default", $"b-{i}"));
        }

        Assert.Equal(["504", "closed"], outcomes.Order());
    }

    [Fact]
    public async Task Reads_are_not_told_errors_after() =>
        Assert.Equal(200, (await (await StartWithAsync(new() { ErrorAfter = 1 })).GetAsync(A)).Code);

    [Fact]
    public async Task A_watch_is_told_that_it_expired()
    {
        await using var sandbox = await StartWithAsync(new() { WatchExpired = 1 });

        var events = await WatchAfterOneChangeAsync(sandbox);

        Assert.Equal(("ERROR", 410), (Assert.Single(events).Text("type"), events[0].Number("object", "code")));
    }

    [Fact]
    public async Task A_watch_is_cut_off()
    {
        await using var sandbox = await StartWithAsync(new() { WatchClosed = 1 });

        Assert.Equal("BROKEN", Assert.Single(await WatchAfterOneChangeAsync(sandbox)).Text("type"));
    }

    [Fact]
    public async Task A_silent_watch_says_nothing_until_its_time_is_over()
    {
        await using var sandbox = await StartWithAsync(new() { WatchSilent = 1 });

        Assert.Empty(await WatchAfterOneChangeAsync(sandbox));
    }

    [Fact]
    public async Task An_event_comes_twice()
    {
        await using var sandbox = await StartWithAsync(new() { EventDuplicated = 1 });

        Assert.Equal(["MODIFIED", "MODIFIED"], (await WatchAfterOneChangeAsync(sandbox)).Select(seen => seen.Text("type")));
    }

    [Fact]
    public async Task An_event_is_lost()
    {
        await using var sandbox = await StartWithAsync(new() { EventDropped = 1 });

        Assert.Empty(await WatchAfterOneChangeAsync(sandbox));
    }

    [Fact]
    public async Task A_late_event_comes_still()
    {
        await using var sandbox = await StartWithAsync(new() { EventDelayed = 1, Delay = TimeSpan.FromMilliseconds(20) });

        Assert.Equal("MODIFIED", Assert.Single(await WatchAfterOneChangeAsync(sandbox)).Text("type"));
    }

    [Fact]
    public async Task Trouble_hits_only_the_requests_that_the_plan_picks()
    {
        await using var sandbox = await StartWithAsync(new() { ErrorBefore = 1, Only = request => request.Resource == "secrets" });

        Assert.Equal(200, (await sandbox.GetAsync(A)).Code);
        Assert.InRange((await sandbox.GetAsync("/api/v1/namespaces/default/secrets")).Code, 500, 503);
    }

    [Fact]
    public void The_same_seed_makes_the_same_trouble_and_another_seed_other()
    {
        static string Rolls(int seed)
        {
            var dice = new FaultDice(new() { Seed = seed });
            return string.Join(' ', Enumerable.Range(0, 50).Select(_ => dice.Roll("get pods") < 0.5 ? 1 : 0));
        }

        Assert.Equal(Rolls(1), Rolls(1));
        Assert.NotEqual(Rolls(1), Rolls(2));
    }

    [Fact]
    public void What_happens_to_one_request_does_not_depend_on_others()
    {
        var (alone, crowded) = (new FaultDice(new()), new FaultDice(new()));

        Assert.All(Enumerable.Range(0, 20), i =>
        {
            crowded.Roll($"other {i}");
            Assert.Equal(alone.Roll("mine"), crowded.Roll("mine"));
        });
    }

    [Fact]
    public void Rolls_are_spread_evenly()
    {
        var dice = new FaultDice(new());

        var hits = Enumerable.Range(0, 10_000).Count(i => dice.Roll($"subject {i % 100}") < 0.1);

        Assert.InRange(hits, 850, 1150);
    }

    private static async Task<SandboxFixture> StartWithAsync(FaultPlan plan)
    {
        var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("a"));
        sandbox.Server.Faults = plan;
        return sandbox;
    }

    private static async Task<List<JsonObject>> WatchAfterOneChangeAsync(SandboxFixture sandbox)
    {
        var from = sandbox.Server.Store.Version;
        sandbox.Server.Store.Update(new(Known.ConfigMaps, "default", "a"), value =>
        {
            value.Ensure("data")["a"] = "2";
            return value;
        });
        return await sandbox.WatchAsync($"{SandboxFixture.ConfigMaps}?watch=1&timeoutSeconds=1&resourceVersion={from}");
    }
}
