using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Checks;
using Slipway.CheckSources;
using Slipway.Kube;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.CheckSources;

public sealed class WebAndHttpSourceTests
{
    [Theory]
    [InlineData("""{"data":{"ok":true}}""", "$.data.ok", null, MeasuredAs.Pass)]
    [InlineData("""{"data":{"ok":false}}""", "$.data.ok", null, MeasuredAs.Fail)]
    [InlineData("""{"data":{}}""", "$.data.ok", null, MeasuredAs.NoData)]
    [InlineData("""{"data":{"rate":0.2}}""", null, "result.data.rate < 0.5", MeasuredAs.Pass)]
    [InlineData("""{"data":{}}""", null, "result.data.rate < 0.5", MeasuredAs.Inconclusive)]
    [InlineData("""[{"n":1},{"n":3}]""", "$[*].n", "all(result, # < 3)", MeasuredAs.Fail)]
    [InlineData("5", null, "result == 5", MeasuredAs.Pass)]
    public async Task JSON_is_judged_by_its_part(string body, string? path, string? pass, MeasuredAs expected)
    {
        await using var world = await MeasuringWorld.AnsweringAsync(body);

        Assert.Equal(expected, (await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Web($"{world.Address}/slo", JsonPath: path), pass))).Result);
    }

    [Theory]
    [InlineData(404, "{}", "answers 404")]
    [InlineData(200, "<html>", "what is no JSON")]
    public async Task What_is_no_JSON_is_an_error(int status, string body, string why)
    {
        await using var world = await MeasuringWorld.AnsweringAsync(body, status);

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Web(world.Address), "true"));

        Assert.Equal(MeasuredAs.Error, measured.Result);
        Assert.Contains(why, measured.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_body_and_headers_have_their_values()
    {
        await using var world = await MeasuringWorld.AnsweringAsync("true");
        var source = new CheckSource.Web($"{world.Address}/x/{{{{ version }}}}", "POST", """{"d":"{{ digest }}"}""") { Headers = [new("X-Version", "v{{ version }}")] };

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(source));

        var asked = Assert.Single(world.Server.Requests);
        Assert.Equal(MeasuredAs.Pass, measured.Result);
        Assert.Equal(("POST", "/x/1.2", """{"d":"sha256:aa"}""", "v1.2"), (asked.Method, asked.Path, asked.Body, asked.Headers["X-Version"]));
        Assert.StartsWith("application/json", asked.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_and_logins_come_from_Secrets_of_the_Deliverys_namespace()
    {
        await using var world = await MeasuringWorld.AnsweringAsync("true");
        await using var api = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, TestContext.Current.CancellationToken);
        using var cluster = ClusterConnection.To(api.Url, token: api.AdminToken);
        await SecretAsync(cluster, "login", ("token", "t0ken\n"), ("username", "me"), ("password", "pw"), ("lines", "a\nb"));
        Task<Measurement> Ask(CheckHeader[]? headers, CheckAuth? auth) => world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Web(world.Address) { Headers = headers, Auth = auth }), cluster: cluster);

        var bearer = await Ask([new("X-Key", SecretKeyRef: new("login", "token"))], new(Bearer: new("login", "token")));
        var basic = await Ask(null, new(Basic: new("login")));
        var noSecret = await Ask(null, new(Bearer: new("nobody", "token")));
        var noEntry = await Ask([new("X-Key", SecretKeyRef: new("login", "nothing"))], null);
        var lines = await Ask([new("X-Key", SecretKeyRef: new("login", "lines"))], null);

        var asked = world.Server.Requests.ToArray();
        Assert.Equal((MeasuredAs.Pass, MeasuredAs.Pass, 2), (bearer.Result, basic.Result, asked.Length));
        Assert.Equal(("t0ken", "Bearer t0ken"), (asked[0].Headers["X-Key"], asked[0].Headers["Authorization"]));
        Assert.Equal($"Basic {Convert.ToBase64String("me:pw"u8)}", asked[1].Headers["Authorization"]);
        Assert.Equal("auth: there is no Secret default/nobody; create it, or name the right one", noSecret.Message);
        Assert.Equal("header X-Key: the Secret default/login has no entry nothing; name one that it has", noEntry.Message);
        Assert.Contains("has several lines", lines.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, null, MeasuredAs.Pass, "200", null)]
    [InlineData(302, null, MeasuredAs.Pass, "302", null)]
    [InlineData(404, null, MeasuredAs.Fail, "404", "answers 404")]
    [InlineData(404, 404, MeasuredAs.Pass, "404", null)]
    [InlineData(200, 204, MeasuredAs.Fail, "200", "answers 200")]
    [InlineData(503, null, MeasuredAs.Fail, "503", "answers 503")]
    public async Task A_request_is_good_by_its_status(int status, int? expect, MeasuredAs expected, string value, string? why)
    {
        await using var world = await MeasuringWorld.AnsweringAsync("", status);

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Http($"{world.Address}/healthz") { Expect = expect is { } code ? [code] : null }));

        Assert.Equal((expected, value), (measured.Result, measured.Value));
        Assert.Equal(why is null ? null : $"{world.Server.Address.Authority} {why}", measured.Message);
    }

    [Fact]
    public async Task Nobody_there_is_bad_and_an_address_that_may_not_be_asked_is_an_error()
    {
        await using var world = await MeasuringWorld.AnsweringAsync("");

        var refused = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Http("http://127.0.0.1:1/")), new CheckConfiguration { AllowedHosts = ["127.0.0.1:1"] });
        var forbidden = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Http("http://127.0.0.1:1/")));

        Assert.Equal((MeasuredAs.Fail, "127.0.0.1:1: the connection is refused"), (refused.Result, refused.Message));
        Assert.Equal(MeasuredAs.Error, forbidden.Result);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://metadata.google.internal/")]
    public async Task A_tenant_cannot_send_the_controller_to_itself_or_to_a_metadata_service(string address)
    {
        await using var world = await MeasuringWorld.AnsweringAsync("true");
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, world.Server.Address.Port);

        foreach (var source in new CheckSource[] { new CheckSource.Web(url), new CheckSource.Prometheus(url, "up"), new CheckSource.Http(url) })
        {
            var measured = await world.MeasureAsync(MeasuringWorld.Wish(source, source is CheckSource.Prometheus ? "true" : null), new CheckConfiguration());

            Assert.Equal(MeasuredAs.Error, measured.Result);
            Assert.Contains("is not asked", measured.Message, StringComparison.Ordinal);
        }

        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task Each_pod_of_the_new_version_is_asked_and_where_none_runs_there_is_no_data()
    {
        await using var world = await MeasuringWorld.AnsweringAsync("");
        await using var api = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, TestContext.Current.CancellationToken);
        using var cluster = ClusterConnection.To(api.Url, token: api.AdminToken);

        var measured = await world.MeasureAsync(MeasuringWorld.Wish(new CheckSource.Http(null, 8080, "/healthz")), cluster: cluster);

        Assert.Equal((MeasuredAs.NoData, "no pod of the new version runs"), (measured.Result, measured.Message));
    }

    private static Task<ResourceItem<JsonObject>> SecretAsync(ClusterConnection cluster, string name, params (string Key, string Value)[] entries) =>
        new ResourceClient<JsonObject>(cluster, ResourceTypes.Secrets, json => JsonNode.Parse(json.GetRawText())!.AsObject()).CreateAsync(
            "default",
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = name },
                ["data"] = new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.Value))))),
            },
            TestContext.Current.CancellationToken);
}
