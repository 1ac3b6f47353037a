using System.Globalization;
using Slipway.Checks;
using Slipway.CheckSources;

namespace Slipway.Tests.CheckSources;

/// <summary>Payloads as the documentation of Prometheus' HTTP API has them.</summary>
public sealed class PrometheusSourceTests
{
    private const string Query = "sum(rate(http_errors_total{pod=~\"{{ candidate.pods }}\"}[1m]))";

    [Fact]
    public async Task A_value_is_judged_and_shown()
    {
        await using var world = await MeasuringWorld.AnsweringAsync(Vector("0.002"));

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(world.Address, Query), "result < 0.01"));

        Assert.Equal((MeasuredAs.Pass, "0.002"), (measured.Result, measured.Value));
        var asked = Assert.Single(world.Server.Requests);
        Assert.Equal("/api/v1/query", asked.Path);
        Assert.Equal("sum(rate(http_errors_total{pod=~\"shop-canary-[a-z0-9]{1,10}-[a-z0-9]{5}\"}[1m]))", asked.Query["query"]);
    }

    [Theory]
    [InlineData("NaN", MeasuredAs.Inconclusive)]
    [InlineData("+Inf", MeasuredAs.Fail)]
    [InlineData("0.5", MeasuredAs.Fail)]
    public async Task What_is_not_known_to_be_good_is_no_pass(string value, MeasuredAs expected)
    {
        await using var world = await MeasuringWorld.AnsweringAsync(Vector(value));

        Assert.Equal(expected, (await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(world.Address, Query), "result < 0.01"))).Result);
    }

    [Theory]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[]}}""", MeasuredAs.NoData, "no values found")]
    [InlineData(200, """{"status":"success","data":{"resultType":"matrix","result":[]}}""", MeasuredAs.Inconclusive, "matrix")]
    [InlineData(200, """{"status":"success","warnings":["one store is down"],"data":{"resultType":"vector","result":[]}}""", MeasuredAs.Inconclusive, "one store is down")]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"1:5: parse error"}""", MeasuredAs.Error, "1:5: parse error")]
    [InlineData(422, """{"status":"error","errorType":"execution","error":"many-to-many matching not allowed"}""", MeasuredAs.Error, "many-to-many")]
    [InlineData(503, """{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}""", MeasuredAs.Error, "query timed out")]
    [InlineData(401, "no", MeasuredAs.Error, "answers 401")]
    [InlineData(500, "<html>oops</html>", MeasuredAs.Error, "answers 500")]
    [InlineData(503, "<html>oops</html>", MeasuredAs.Error, "answers 503: <html>oops</html>")]
    [InlineData(200, "<html>log in</html>", MeasuredAs.Error, "does not promise")]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector"}}""", MeasuredAs.Error, "does not promise")]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"value":[9999999999]}]}}""", MeasuredAs.Error, "does not promise")]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"value":["x","y"]}]}}""", MeasuredAs.Error, "does not promise")]
    public async Task Whatever_it_answers_instead_is_a_measurement_with_the_reason(int status, string body, MeasuredAs expected, string why)
    {
        await using var world = await MeasuringWorld.AnsweringAsync(body, status);

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(world.Address, Query), "true"));

        Assert.Equal(expected, measured.Result);
        Assert.Contains(why, measured.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_there_does_not_answer_in_time_or_does_not_stop_is_an_error()
    {
        await using var world = await MeasuringWorld.StartAsync(async (context, seen) =>
        {
            if (seen.Query["query"] == "slow")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            await MeasuringWorld.AnswerAsync(context, new string(' ', 5 << 20));
        });
        CheckSource.Prometheus Source(string query, string address) => new(address, query) { Timeout = TimeSpan.FromMilliseconds(query == "slow" ? 300 : 20_000) };

        var slow = await world.MeasureAsync(MeasuringWorld.Wish(Source("slow", world.Address), "true"));
        var endless = await world.MeasureAsync(MeasuringWorld.Wish(Source("endless", world.Address), "true"));
        var gone = await world.MeasureAsync(MeasuringWorld.Wish(Source("gone", "http://127.0.0.1:1"), "true"), new CheckConfiguration { AllowedHosts = ["127.0.0.1"] });

        Assert.Equal((MeasuredAs.Error, $"{world.Server.Address.Authority}: no answer within 0.3 s"), (slow.Result, slow.Message));
        Assert.Equal((MeasuredAs.Error, $"{world.Server.Address.Authority}: the answer is longer than 4096 KiB"), (endless.Result, endless.Message));
        Assert.Equal((MeasuredAs.Error, "127.0.0.1:1: the connection is refused"), (gone.Result, gone.Message));
    }

    [Fact]
    public async Task Both_sides_are_asked_the_same_and_compared()
    {
        await using var world = await MeasuringWorld.StartAsync((context, seen) =>
            MeasuringWorld.AnswerAsync(context, Vector(seen.Query["query"].Contains("canary", StringComparison.Ordinal) ? "0.5" : "0.1")));
        var plan = new CheckPlan { Name = "errors", Compare = new() { MaxRatio = 2 } };

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(world.Address, "sum(x{pod=~\"{{ side.pods }}\"})"), plan: plan));

        Assert.Equal((MeasuredAs.Fail, "0.5 (stable 0.1)"), (measured.Result, measured.Value));
        Assert.Equal(2, world.Server.Requests.Count);
    }

    [Fact]
    public async Task Where_nothing_runs_the_version_before_there_is_nothing_to_compare_with()
    {
        await using var world = await MeasuringWorld.AnsweringAsync(Vector("0.5"));
        var wish = MeasuringWorld.Wish(new CheckSource.Prometheus(world.Address, "sum(x{pod=~\"{{ side.pods }}\"})"), plan: new CheckPlan { Name = "errors", Compare = new() { MaxRatio = 2 } });

        var measured = await world.MeasureAsync(wish with { Context = wish.Context with { Side = null } });

        Assert.Equal(MeasuredAs.NoData, measured.Result);
        Assert.Contains("nothing runs it beside the new one", measured.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distributions_are_compared_by_samples_of_the_step_alone()
    {
        await using var world = await MeasuringWorld.StartAsync((context, seen) =>
            MeasuringWorld.AnswerAsync(context, Matrix(seen.Query["query"].Contains("canary", StringComparison.Ordinal) ? 200 : 100)));
        var plan = new CheckPlan { Name = "latency", Compare = new() { MannWhitney = new() { MinSamples = 10 } } };
        var source = new CheckSource.Prometheus(world.Address, "x{pod=~\"{{ side.pods }}\"}") { Window = TimeSpan.FromMinutes(10), Step = TimeSpan.FromSeconds(5) };
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-2);
        var wish = MeasuringWorld.Wish(source, plan: plan);

        var measured = await world.MeasureAsync(wish with { Context = wish.Context with { Since = since } });

        Assert.Equal(MeasuredAs.Fail, measured.Result);
        Assert.Contains("higher than those of the stable version", measured.Message, StringComparison.Ordinal);
        Assert.All(world.Server.Requests, asked =>
        {
            Assert.Equal(("/api/v1/query_range", "5s"), (asked.Path, asked.Query["step"]));
            Assert.Equal(since.ToUnixTimeMilliseconds() / 1000.0, double.Parse(asked.Query["start"], CultureInfo.InvariantCulture), 2);
        });
    }

    [Fact]
    public async Task Without_an_address_the_operators_own_is_asked_with_its_token_and_no_other_is_sent_it()
    {
        await using var world = await MeasuringWorld.AnsweringAsync(Vector("1"));
        await using var other = await MeasuringWorld.AnsweringAsync(Vector("1"));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "s3cret\n", TestContext.Current.CancellationToken);
        var configuration = new CheckConfiguration { Prometheus = new() { Address = world.Address + "/prom/", BearerTokenFile = file }, AllowedHosts = [other.Server.Address.Authority] };

        var own = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(null, "up"), "result == 1"), configuration);
        var named = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(other.Address, "up"), "result == 1"), configuration);

        File.Delete(file);
        Assert.Equal((MeasuredAs.Pass, MeasuredAs.Pass), (own.Result, named.Result));
        Assert.Equal(("/prom/api/v1/query", "Bearer s3cret"), (world.Server.Requests.Single().Path, world.Server.Requests.Single().Headers["Authorization"]));
        Assert.DoesNotContain("Authorization", other.Server.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task Without_any_address_the_way_out_is_told()
    {
        await using var world = await MeasuringWorld.AnsweringAsync("{}");

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(null, "up"), "true"));

        Assert.Equal((MeasuredAs.Error, "no Prometheus is named: give prometheus.address, or checks.prometheus.address in the controller's configuration"), (measured.Result, measured.Message));
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed_and_on_the_same_host_it_is()
    {
        await using var other = await MeasuringWorld.AnsweringAsync(Vector("1"));
        await using var world = await MeasuringWorld.StartAsync((context, seen) =>
        {
            context.Response.Redirect(seen.Query["query"] == "away" ? $"{other.Address}/x" : seen.Query["query"] == "round" ? context.Request.Path + context.Request.QueryString : "/api/v1/query?query=there");
            return seen.Query["query"] == "there" ? MeasuringWorld.AnswerAsync(context, Vector("1")) : Task.CompletedTask;
        });
        var configuration = new CheckConfiguration { AllowedHosts = [world.Server.Address.Authority, other.Server.Address.Authority] };
        Task<Measurement> Ask(string query) => world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Prometheus(world.Address, query), "result == 1"), configuration);

        Assert.Equal(MeasuredAs.Pass, (await Ask("here")).Result);
        Assert.Contains($"redirects to {other.Server.Address.Authority}", (await Ask("away")).Message, StringComparison.Ordinal);
        Assert.Contains("redirects more than 3 times", (await Ask("round")).Message, StringComparison.Ordinal);
        Assert.Empty(other.Server.Requests);
    }

    private static string Now => (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);

    private static string Vector(string value) => $$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[{{Now}},"{{value}}"]}]} }""";

    private static string Matrix(int from) => $$"""
        {"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[{{string.Join(',', Enumerable.Range(0, 20).Select(n => $"[{n},\"{from + (n * 7 % 10)}\"]"))}}]}]} }
        """;
}
