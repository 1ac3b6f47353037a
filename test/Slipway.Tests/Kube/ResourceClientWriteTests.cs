using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using static Slipway.Tests.Kube.Answers;

namespace Slipway.Tests.Kube;

public sealed class ResourceClientWriteTests
{
    private static readonly ObjectKey Shop = new("prod", "shop");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<(SeenRequest Request, TResult Result)> DoAsync<TResult>(Func<ClusterConnection, Task<TResult>> act, string? answer = null)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(answer ?? ThingJson("shop", "42")));
        using var connection = server.Connect();
        var result = await act(connection);
        return (Assert.Single(server.Requests), result);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static void AssertJson(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);

    [Fact]
    public async Task Create_posts_to_the_collection()
    {
        var (request, item) = await DoAsync(connection => Client(connection).CreateAsync("prod", Json("""{"metadata":{"name":"shop"}}"""), Ct));

        Assert.Equal(("POST", "/apis/example.dev/v1/namespaces/prod/things", "slipway"), (request.Method, request.Path, request.Query["fieldManager"]));
        AssertJson("""{"metadata":{"name":"shop"}}""", request.Body);
        Assert.Equal("42", item.ResourceVersion);
    }

    [Fact]
    public async Task Whole_objects_are_written_in_their_own_wire_form()
    {
        var delivery = new Delivery { Metadata = new ObjectMeta { Name = "shop", Namespace = "prod", ResourceVersion = "41" }, Spec = new DeliverySpec { Suspend = true } };
        var answer = """{"apiVersion":"slipway.dev/v1alpha1","kind":"Delivery","metadata":{"name":"shop","namespace":"prod","resourceVersion":"42"}}""";

        var (create, _) = await DoAsync(connection => new ResourceClient<Delivery>(connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery).CreateAsync("prod", delivery, Ct), answer);
        var (replace, _) = await DoAsync(connection => new ResourceClient<Delivery>(connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery).ReplaceAsync(Shop, delivery, Ct), answer);
        var (status, item) = await DoAsync(connection => new ResourceClient<Delivery>(connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery).ReplaceStatusAsync(Shop, delivery, Ct), answer);

        Assert.Equal(JsonSerializer.Serialize(delivery, ApiJson.Default.Delivery), create.Body);
        Assert.Equal(("PUT", "/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries/shop"), (replace.Method, replace.Path));
        Assert.Equal(("PUT", "/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries/shop/status"), (status.Method, status.Path));
        Assert.Contains("\"resourceVersion\":\"41\"", status.Body);
        Assert.Equal("42", item.Value.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_projection_cannot_be_written_as_a_whole()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync("{}"));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Client(connection).ReplaceAsync(Shop, new Thing("shop", "red"), Ct));

        Assert.Contains("only fields", error.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Apply_names_the_object_the_manager_and_the_fence()
    {
        var fields = Json("""{"spec":{"color":"blue"}}""");

        var (request, _) = await DoAsync(connection => Client(connection).ApplyAsync(Shop, fields, resourceVersion: "41", Ct));

        Assert.Equal(("PATCH", "application/apply-patch+yaml"), (request.Method, request.ContentType));
        Assert.Equal(("slipway", "true"), (request.Query["fieldManager"], request.Query["force"]));
        AssertJson("""{"apiVersion":"example.dev/v1","kind":"Thing","metadata":{"name":"shop","namespace":"prod","resourceVersion":"41"},"spec":{"color":"blue"}}""", request.Body);
        Assert.Null(fields["metadata"]);
    }

    [Fact]
    public async Task Apply_without_a_fence_carries_no_version_and_keeps_given_metadata()
    {
        var fields = Json("""{"metadata":{"annotations":{"a":"b"}}}""");

        var (request, _) = await DoAsync(connection => Client(connection).ApplyAsync(Shop, fields, null, Ct, force: false, subresource: "status", manager: "slipway-status"));

        Assert.EndsWith("/things/shop/status", request.Path, StringComparison.Ordinal);
        Assert.Equal(("slipway-status", "false"), (request.Query["fieldManager"], request.Query["force"]));
        AssertJson("""{"apiVersion":"example.dev/v1","kind":"Thing","metadata":{"annotations":{"a":"b"},"name":"shop","namespace":"prod"}}""", request.Body);
    }

    [Fact]
    public async Task Patches_say_their_kind()
    {
        var (merge, _) = await DoAsync(connection => Client(connection).MergePatchAsync(Shop, Json("""{"spec":{"color":null}}"""), Ct));
        var (json, _) = await DoAsync(connection => Client(connection).JsonPatchAsync(Shop, JsonNode.Parse("""[{"op":"test","path":"/metadata/resourceVersion","value":"41"}]""")!.AsArray(), Ct, "status"));

        Assert.Equal(("PATCH", "application/merge-patch+json", """{"spec":{"color":null}}"""), (merge.Method, merge.ContentType, merge.Body));
        Assert.Equal(("PATCH", "application/json-patch+json"), (json.Method, json.ContentType));
        Assert.EndsWith("/shop/status", json.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_carries_its_preconditions()
    {
        var (request, done) = await DoAsync(connection => Client(connection).DeleteAsync(Shop, new DeleteTerms("u1", "41", "Background"), Ct), Status(200, "", "ok"));

        Assert.True(done);
        Assert.Equal("DELETE", request.Method);
        AssertJson("""{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"uid":"u1","resourceVersion":"41"}}""", request.Body);
    }

    [Fact]
    public async Task Delete_without_terms_has_no_preconditions()
    {
        var (request, _) = await DoAsync(connection => Client(connection).DeleteAsync(Shop, new DeleteTerms(), Ct), "{}");

        Assert.DoesNotContain("preconditions", request.Body);
    }

    [Theory]
    [InlineData(404, "NotFound", false)]
    [InlineData(409, "Conflict", null)]
    [InlineData(403, "Forbidden", null)]
    public async Task Delete_of_what_is_gone_is_done_already(int code, string reason, bool? expected)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.FailAsync(code, reason));
        using var connection = server.Connect();
        Task<bool> Delete() => Client(connection).DeleteAsync(Shop, new DeleteTerms("u1"), Ct);

        if (expected is { } answer)
        {
            Assert.Equal(answer, await Delete());
        }
        else
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<KubeException>(Delete)).Code);
        }
    }

    [Theory]
    [InlineData(409, "AlreadyExists", true, false)]
    [InlineData(409, "Conflict", false, true)]
    [InlineData(409, "", false, true)]
    [InlineData(403, "Forbidden", false, false)]
    [InlineData(422, "Invalid", false, false)]
    public async Task The_two_kinds_of_409_are_told_apart(int code, string reason, bool exists, bool conflict)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.FailAsync(code, reason));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).CreateAsync("prod", Json("""{"metadata":{"name":"shop"}}"""), Ct));

        Assert.Equal((exists, conflict, false), (error.IsAlreadyExists, error.IsConflict, error.IsTransient));
        Assert.Contains("create Thing prod/shop", error.Message);
    }

    [Fact]
    public async Task An_answer_to_a_write_that_cannot_be_read_says_so()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(ThingJson("shop", "42", color: null)));
        using var connection = server.Connect();

        var error = await Assert.ThrowsAsync<KubeException>(() => Client(connection).MergePatchAsync(Shop, [], Ct));

        Assert.Equal(KubeException.Unreadable, error.Reason);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Every_handler_sees_every_request_outermost_first()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(ThingJson("shop", "42")));
        List<string> seen = [];
        using var connection = server.Connect(new ConnectionOptions { Handlers = [new Note("outer", seen), new Note("inner", seen)] });

        await Client(connection).GetAsync(Shop, Ct);

        Assert.Equal(["outer GET", "inner GET"], seen);
    }

    private sealed class Note(string name, List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add($"{name} {request.Method}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
