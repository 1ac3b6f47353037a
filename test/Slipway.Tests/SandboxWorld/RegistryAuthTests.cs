using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryAuthTests
{
    private static readonly BuiltImage Shop = new ImageBuilder().Build();
    private static readonly RegistryAccount Ci = new("ci", "s3cret");
    private static readonly RegistryAccount Reader = new("reader", "pw") { Grants = [new("acme/*", "pull")] };
    private static readonly RegistryLogin CiLogin = new(Ci.User, Ci.Password);

    private static async Task<RegistryProbe> StartBasicAsync()
    {
        var probe = await StartAsync(new SandboxRegistryOptions { Auth = new RegistryAuth.Basic(Ci, Reader) }, CiLogin);
        await probe.PushAsync("acme/shop", Shop, "1.0");
        return probe;
    }

    private static async Task<RegistryProbe> StartBearerAsync(ManualTime? time = null, params RegistryGrant[] everyone)
    {
        var auth = new RegistryAuth.Bearer(Ci, Reader) { Service = "hub", TokenLifetime = TimeSpan.FromMinutes(1), AnonymousGrants = [.. everyone] };
        var probe = await StartAsync(new SandboxRegistryOptions { Auth = auth, Time = time ?? TimeProvider.System }, CiLogin);
        await probe.PushAsync("acme/shop", Shop, "1.0");
        return probe;
    }

    private static async Task<string> TokenAsync(RegistryProbe probe, string query, params (string, string)[] headers) =>
        (await probe.GetAsync($"/token?service=hub{query}", headers)).Json["token"]!.ToString();

    private static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    [Fact]
    public async Task Basic_asks_for_a_name_and_lets_the_right_one_in()
    {
        await using var probe = await StartBasicAsync();

        var nobody = await probe.GetAsync("/v2/");
        var wrong = await probe.GetAsync("/v2/", Basic("ci", "wrong"));
        var right = await probe.GetAsync("/v2/", Basic("ci", "s3cret"));

        Assert.Equal([401, 401, 200], [nobody.Status, wrong.Status, right.Status]);
        Assert.Equal("Basic realm=\"slipway-sandbox\"", nobody["WWW-Authenticate"]);
        Assert.Equal("UNAUTHORIZED", nobody.ErrorCode);
    }

    [Theory]
    [InlineData("HEAD", "/v2/acme/shop/manifests/1.0", 200)]
    [InlineData("GET", "/v2/other/tags/list", 403)]
    [InlineData("DELETE", "/v2/acme/shop/manifests/1.0", 403)]
    [InlineData("POST", "/v2/acme/shop/blobs/uploads/", 403)]
    [InlineData("GET", "/v2/_catalog", 403)]
    public async Task An_account_may_do_what_it_was_granted_and_nothing_else(string method, string path, int status)
    {
        await using var probe = await StartBasicAsync();

        Assert.Equal(status, (await probe.SendAsync(method, path, method == "POST" ? [] : null, Basic("reader", "pw"), AcceptAll)).Status);
    }

    [Theory]
    [InlineData("GET", "/v2/", "")]
    [InlineData("GET", "/v2/acme/shop/tags/list", ",scope=\"repository:acme/shop:pull\"")]
    [InlineData("HEAD", "/v2/acme/shop/manifests/1.0", ",scope=\"repository:acme/shop:pull\"")]
    [InlineData("PUT", "/v2/acme/shop/manifests/1.0", ",scope=\"repository:acme/shop:pull,push\"")]
    [InlineData("POST", "/v2/acme/shop/blobs/uploads/", ",scope=\"repository:acme/shop:pull,push\"")]
    [InlineData("DELETE", "/v2/acme/shop/manifests/1.0", ",scope=\"repository:acme/shop:delete\"")]
    [InlineData("GET", "/v2/_catalog", ",scope=\"registry:catalog:*\"")]
    [InlineData("POST", "/v2/acme/shop/blobs/uploads/?mount=sha256:00&from=base", ",scope=\"repository:acme/shop:pull,push repository:base:pull\"")]
    public async Task A_challenge_names_the_token_endpoint_and_the_scope_that_is_missing(string method, string path, string scope)
    {
        await using var probe = await StartBearerAsync();

        var answer = await probe.SendAsync(method, path, method is "PUT" or "POST" ? [] : null);

        Assert.Equal(401, answer.Status);
        Assert.Equal($"Bearer realm=\"http://{probe.Registry.Address}/token\",service=\"hub\"{scope}", answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task A_token_opens_its_scope_until_it_expires()
    {
        var time = new ManualTime();
        await using var probe = await StartBearerAsync(time);
        var token = await TokenAsync(probe, "&scope=repository:acme/shop:pull", Basic("ci", "s3cret"));

        var fresh = await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll, Bearer(token));
        var elsewhere = await probe.GetAsync("/v2/acme/other/tags/list", Bearer(token));
        var pushing = await probe.SendAsync("POST", "/v2/acme/shop/blobs/uploads/", [], Bearer(token));
        time.Advance(TimeSpan.FromMinutes(1));
        var old = await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll, Bearer(token));

        Assert.Equal([200, 401, 401, 401], [fresh.Status, elsewhere.Status, pushing.Status, old.Status]);
        Assert.EndsWith("error=\"insufficient_scope\"", elsewhere["WWW-Authenticate"]);
        Assert.EndsWith("error=\"invalid_token\"", old["WWW-Authenticate"]);
    }

    [Fact]
    public async Task A_token_says_how_long_it_lives()
    {
        await using var probe = await StartBearerAsync(new ManualTime());

        var answer = await probe.GetAsync("/token?service=hub", Basic("ci", "s3cret"));

        Assert.Equal(("60", "2026-01-01T12:00:00Z"), (answer.Json["expires_in"]!.ToString(), answer.Json["issued_at"]!.ToString()));
        Assert.Equal(answer.Json["token"]!.ToString(), answer.Json["access_token"]!.ToString());
    }

    [Fact]
    public async Task A_token_does_not_hold_what_the_account_was_not_granted()
    {
        await using var probe = await StartBearerAsync();
        var token = await TokenAsync(probe, "&scope=repository:acme/shop:pull,push", Basic("reader", "pw"));

        Assert.Equal(200, (await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll, Bearer(token))).Status);
        Assert.Equal(401, (await probe.SendAsync("POST", "/v2/acme/shop/blobs/uploads/", [], Bearer(token))).Status);
    }

    [Fact]
    public async Task A_token_for_several_scopes_opens_each()
    {
        await using var probe = await StartBearerAsync();
        await probe.PushAsync("base", Shop, "1.0");

        var token = await TokenAsync(probe, "&scope=repository:acme/shop:pull&scope=repository:base:pull", Basic("ci", "s3cret"));

        Assert.Equal(200, (await probe.GetAsync("/v2/acme/shop/tags/list", Bearer(token))).Status);
        Assert.Equal(200, (await probe.GetAsync("/v2/base/tags/list", Bearer(token))).Status);
    }

    [Fact]
    public async Task Nobody_in_particular_gets_a_token_for_what_is_public()
    {
        await using var probe = await StartBearerAsync(null, new RegistryGrant("acme/shop", "pull"));

        var open = await TokenAsync(probe, "&scope=repository:acme/shop:pull");
        var closed = await TokenAsync(probe, "&scope=repository:acme/private:pull");

        Assert.Equal(200, (await probe.GetAsync("/v2/acme/shop/tags/list", Bearer(open))).Status);
        Assert.Equal(401, (await probe.GetAsync("/v2/acme/private/tags/list", Bearer(closed))).Status);
    }

    [Fact]
    public async Task A_wrong_password_gets_no_token_and_not_an_anonymous_one_either()
    {
        await using var probe = await StartBearerAsync(null, new RegistryGrant("*", "pull"));

        Assert.Equal(401, (await probe.GetAsync("/token?service=hub&scope=repository:acme/shop:pull", Basic("ci", "wrong"))).Status);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("e30.e30")]
    [InlineData("not base64!.e30")]
    [InlineData("")]
    public async Task A_token_that_the_registry_did_not_write_opens_nothing(string token)
    {
        await using var probe = await StartBearerAsync();

        Assert.Equal(401, (await probe.GetAsync("/v2/", Bearer(token))).Status);
    }

    [Fact]
    public async Task A_token_for_another_service_is_not_to_be_had_here()
    {
        await using var probe = await StartBearerAsync();

        Assert.Equal(400, (await probe.GetAsync("/token?service=other", Basic("ci", "s3cret"))).Status);
    }

    [Fact]
    public async Task The_token_endpoint_is_there_for_bearer_only()
    {
        await using var probe = await StartBasicAsync();

        Assert.Equal(404, (await probe.GetAsync("/token", Basic("ci", "s3cret"))).Status);
    }
}
