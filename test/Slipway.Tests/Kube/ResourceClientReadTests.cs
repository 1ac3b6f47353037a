using System.Text;
using Slipway.Kube;
using Slipway.Tests.Queue;
using static Slipway.Tests.Kube.Answers;

namespace Slipway.Tests.Kube;

public sealed class ResourceClientReadTests
{
    private static readonly ObjectKey Shop = new("prod", "shop");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_projects_and_keeps_key_uid_and_version()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(ThingJson("shop", "41")));
        using var connection = server.Connect();

        var item = await Client(connection).GetAsync(Shop, Ct);

        Assert.Equal(new ResourceItem<Thing>(Shop, "u-shop", "41", new Thing("shop", "red")), item);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/apis/example.dev/v1/namespaces/prod/things/shop", request.Path);
        Assert.Equal("slipway/test", request.Headers["User-Agent"]);
        Assert.Equal("application/json", request.Headers["Accept"]);
    }

    [Fact]
    public async Task Get_of_what_is_not_there_is_null()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.FailAsync(404, "NotFound"));
        using var connection = server.Connect();

        Assert.Null(await Client(connection).GetAsync(Shop, Ct));
    }

    [Fact]
    public async Task An_error_tells_code_reason_causes_and_when_to_come_back()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return context.JsonAsync(Status(429, "TooManyRequests", "slow down", """{"causes":[{"field":"spec.x","reason":"FieldValueInvalid","message":"bad"}],"retryAfterSeconds":1}"""), 429);
        });
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Equal((429, "TooManyRequests", TimeSpan.FromSeconds(7)), (error.Code, error.Reason, error.RetryAfter));
        Assert.Equal(new KubeCause("spec.x", "FieldValueInvalid", "bad"), Assert.Single(error.Causes));
        Assert.Equal("cannot get Thing prod/shop: 429 TooManyRequests: slow down", error.Message);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Where_the_header_is_missing_the_status_says_when_to_come_back()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(Status(503, "ServiceUnavailable", "starting", """{"retryAfterSeconds":3}"""), 503));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
    }

    [Theory]
    [InlineData("<html><h1>502 Bad Gateway</h1></html>", "text/html")]
    [InlineData("", "text/plain")]
    [InlineData("{\"kind\":\"Stat", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("""{"message":5,"details":[1],"reason":{}}""", "application/json")]
    public async Task An_error_that_is_not_a_Status_is_told_by_its_code(string body, string type)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(body, 502, type));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Equal(502, error.Code);
        Assert.StartsWith("cannot get Thing prod/shop: 502", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_error_page_is_cut()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(new string('x', 300_000), 500, "text/html"));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.InRange(error.Message.Length, 100, 1200);
    }

    [Theory]
    [InlineData("<html>login</html>", "text/html")]
    [InlineData("", "application/json")]
    [InlineData("{\"metadata\":{\"name\":", "application/json")]
    public async Task A_good_code_with_a_bad_body_is_an_error_and_no_crash(string body, string type)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(body, 200, type));
        using var connection = server.Connect();

        Assert.Equal(KubeException.Garbled, (await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct))).Reason);
        Assert.Equal(KubeException.Garbled, (await Assert.ThrowsAsync<KubeException>(() => Client(connection).ListAsync(ListScope.All, Ct))).Reason);
    }

    [Fact]
    public async Task A_list_without_a_version_is_no_list()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync("""{"items":[]}"""));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).ListAsync(ListScope.All, Ct));

        Assert.Contains("not a list", error.Message);
    }

    [Fact]
    public async Task A_body_beyond_its_bound_is_refused_before_it_is_held()
    {
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            await context.BeginAsync("\"");
            var megabyte = Encoding.ASCII.GetBytes(new string('x', 1 << 20));
            for (var i = 0; i < 40 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(megabyte);
            }
        });
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Contains("longer than 16 MiB", error.Message);
    }

    [Fact]
    public async Task A_body_that_is_cut_is_unreachable_not_a_crash()
    {
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            await context.BeginAsync("{\"metadata\":");
            context.Abort();
        });
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Equal((0, KubeException.Unreachable), (error.Code, error.Reason));
    }

    [Fact]
    public async Task Where_nobody_listens_the_message_says_who_was_asked_and_why()
    {
        var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync("{}"));
        using var connection = server.Connect();
        await server.DisposeAsync();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Equal(KubeException.Unreachable, error.Reason);
        Assert.Contains(server.Address.AbsoluteUri, error.Message);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_call_that_is_not_answered_ends_after_its_time()
    {
        var time = new VirtualTime();
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync((context, _) => context.HoldAsync(server!.Closing));
        using var connection = server.Connect(new ConnectionOptions { Time = time });

        var get = Client(connection).GetAsync(Shop, Ct);
        await server.HasAsync(1);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(get.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<KubeException>(() => get);
        Assert.Equal(KubeException.TimedOut, error.Reason);
        Assert.Contains("within 30 s", error.Message);
    }

    [Fact]
    public async Task Stopping_is_a_cancellation_and_no_failure()
    {
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync((context, _) => context.HoldAsync(server!.Closing));
        using var connection = server.Connect();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var get = Client(connection).GetAsync(Shop, stop.Token);
        await server.HasAsync(1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await ScriptedServer.StartAsync((context, _) => context.JsonAsync("{}"));
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.Redirect(other.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        using var connection = ClusterConnection.To(server.Address, token: "s3cret");

        Assert.Equal(302, (await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct))).Code);
        Assert.Empty(other.Requests);
        Assert.Equal("Bearer s3cret", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Lists_come_in_pages_of_500_with_their_selectors()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => context.JsonAsync(request.Query.GetValueOrDefault("continue") switch
        {
            null => List("50", "c1", ThingJson("a", "1")),
            "c1" => List("50", "c2", ThingJson("b", "2")),
            _ => List("50", "", ThingJson("c", "3")),
        }));
        using var connection = server.Connect();

        var list = await Client(connection).ListAsync(new ListScope("prod", "app in (a,b)", "metadata.name=x"), Ct);

        Assert.Equal(["a", "b", "c"], list.Items.Select(item => item.Key.Name));
        Assert.Equal("50", list.ResourceVersion);
        Assert.Equal([null, "c1", "c2"], server.Requests.Select(request => request.Query.GetValueOrDefault("continue")));
        Assert.All(server.Requests, request =>
        {
            Assert.Equal(("500", "app in (a,b)", "metadata.name=x"), (request.Query["limit"], request.Query["labelSelector"], request.Query["fieldSelector"]));
            Assert.DoesNotContain("resourceVersion", request.Query.Keys);
            Assert.Equal("/apis/example.dev/v1/namespaces/prod/things", request.Path);
        });
    }

    [Fact]
    public async Task A_token_that_expires_between_pages_starts_the_list_over_in_one_page()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => request.Query switch
        {
            _ when request.Query.ContainsKey("continue") => context.FailAsync(410, "Expired"),
            _ when request.Query.ContainsKey("limit") => context.JsonAsync(List("50", "c1", ThingJson("a", "1"))),
            _ => context.JsonAsync(List("60", null, ThingJson("a", "1"), ThingJson("b", "2"))),
        });
        using var connection = server.Connect();

        var list = await Client(connection).ListAsync(ListScope.All, Ct);

        Assert.Equal(["a", "b"], list.Items.Select(item => item.Key.Name));
        Assert.Equal("60", list.ResourceVersion);
    }

    [Fact]
    public async Task One_object_that_cannot_be_read_does_not_hide_the_others()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(List("50", null, ThingJson("a", "1"), ThingJson("b", "2", color: null), "7", ThingJson("c", "3"))));
        using var connection = server.Connect();

        var list = await Client(connection).ListAsync(ListScope.All, Ct);

        Assert.Equal(["a", "c"], list.Items.Select(item => item.Key.Name));
        Assert.Equal([new ObjectKey("prod", "b"), new ObjectKey("", "")], list.Unreadable.Select(item => item.Key));
        Assert.Contains("Thing prod/b cannot be read", list.Unreadable[0].Why);
    }

    [Fact]
    public async Task Absent_null_and_empty_items_are_alike()
    {
        foreach (var items in new[] { "", ",\"items\":null", ",\"items\":[]" })
        {
            await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync("{\"metadata\":{\"resourceVersion\":\"5\"}" + items + "}"));
            using var connection = server.Connect();

            Assert.Empty((await Client(connection).ListAsync(ListScope.All, Ct)).Items);
        }
    }

    [Fact]
    public async Task Requests_are_counted_by_verb_and_class_of_code()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => request.Path.EndsWith("shop", StringComparison.Ordinal) ? context.FailAsync(500, "InternalError") : context.JsonAsync(List("5", null)));
        using var metrics = new Slipway.Telemetry.SlipwayMetrics();
        using var seen = new MetricsProbe(metrics);
        using var connection = server.Connect(new ConnectionOptions { Metrics = metrics });

        await Client(connection).ListAsync(ListScope.All, Ct);
        await Assert.ThrowsAsync<KubeException>(() => Client(connection).GetAsync(Shop, Ct));

        Assert.Equal(1, seen["slipway_kube_requests_total{code_class=2xx,verb=list}"]);
        Assert.Equal(1, seen["slipway_kube_requests_total{code_class=5xx,verb=get}"]);
        Assert.Equal(1, seen["slipway_kube_request_failures_total{verb=get}"]);
        Assert.Equal(0, seen["slipway_kube_request_failures_total{verb=list}"]);
    }
}
