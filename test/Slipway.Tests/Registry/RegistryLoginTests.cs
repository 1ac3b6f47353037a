using Slipway.Registry;
using Slipway.Tests.Queue;
using static Slipway.Tests.Registry.HostileWorld;
using static Slipway.Tests.Registry.RegistryClientTests;

namespace Slipway.Tests.Registry;

/// <summary>What a hostile registry gets out of us by challenges and redirects: few requests, and no credential.</summary>
public sealed class RegistryLoginTests : IAsyncLifetime
{
    private HostileWorld World { get; set; } = null!;

    private TestRegistry Registry => World.Registry;

    private TestRegistry Elsewhere => World.Elsewhere;

    private RegistryClient Client => World.Client;

    private VirtualTime Time => World.Time;

    private RegistryAccess Bob => World.Bob;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => World = await HostileWorld.StartAsync();

    public async ValueTask DisposeAsync() => await World.DisposeAsync();

    [Fact]
    public async Task A_401_without_end_is_tried_twice_and_no_more()
    {
        Registry.WithTokens().Accepts = _ => false;

        var problem = await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.Contains("renew the secret", problem.Message, StringComparison.Ordinal);
        Assert.Equal("GET list, GET token, GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_401_of_basic_without_end_sends_the_password_once()
    {
        Registry.Challenge = "Basic realm=\"x\"";
        Registry.Accepts = _ => false;

        await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.Equal([null, TestRegistry.BasicHeader($"bob:{Password}")], Registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_challenge_that_changes_with_every_answer_is_no_loop()
    {
        var count = 0;
        Registry.WithTokens();
        var tokens = Registry.Misbehaves;
        Registry.Misbehaves = async http =>
        {
            Registry.Challenge = $"Bearer realm=\"{new Uri(Registry.Address, $"/token?{++count}")}\"";
            return await tokens(http);
        };
        Registry.Accepts = _ => false;

        await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.InRange(Registry.Requests.Count, 3, 5);
    }

    [Fact]
    public async Task Without_a_credential_the_message_says_where_to_put_one()
    {
        Registry.Challenge = "Basic realm=\"x\"";
        Registry.Accepts = _ => false;

        var problem = Problem(await Client.ListTagsAsync(Bob with { Credential = null }, null, Stop));

        Assert.Equal(RegistryProblemKind.Unauthorized, problem.Kind);
        Assert.Contains($"add a pull secret for {Registry.Host} to spec.source.pullSecrets", problem.Message, StringComparison.Ordinal);
        Assert.Contains("acme/shop", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://evil.example.com/token")]
    [InlineData("http://10.0.0.1/token")]
    [InlineData("http://169.254.169.254/token")]
    [InlineData("ftp://127.0.0.1/token")]
    public async Task A_realm_on_a_host_that_the_rule_forbids_gets_no_credentials(string realm)
    {
        Registry.WithTokens(realm: realm);

        var problem = await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.Contains("credentials are not sent there", problem.Message, StringComparison.Ordinal);
        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_registry_that_was_named_as_plain_http_cannot_send_us_to_our_own_loopback()
    {
        using var client = new RegistryClient(
            new RegistryOptions { PlainHttp = ["registry.corp:5000"] }, Time, () => 0.5, handler: new Renamed("registry.corp", Registry.Address));
        Registry.WithTokens(realm: $"{World.ElsewhereAddress}/token");

        var problem = Problem(await client.ListTagsAsync(Bob with { Repository = new("registry.corp:5000", "acme/shop") }, null, Stop));

        Assert.Equal(RegistryProblemKind.Unauthorized, problem.Kind);
        Assert.Empty(Elsewhere.Requests);
        NoCredentialIn(Registry);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_followed_without_the_credential()
    {
        var config = await World.ConfigAsync();
        Registry.Drain();
        Registry.WithTokens();
        var tokens = Registry.Misbehaves;
        Registry.Misbehaves = async http => await tokens(http) || Redirects(http, "/blobs/", $"{World.ElsewhereAddress}{http.Request.Path}");

        Ok(await Client.GetBlobAsync(Bob, config, Stop));

        Assert.Equal(1, Elsewhere.Count("GET", "/blobs/"));
        NoCredentialIn(Elsewhere);
    }

    [Fact]
    public async Task A_redirect_that_comes_back_does_not_bring_the_credential_back()
    {
        Registry.Challenge = "Basic realm=\"x\"";
        Registry.Accepts = header => header is not null;
        Registry.Misbehaves = http => Task.FromResult(http.Request.Headers.Authorization.Count > 0 && Redirects(http, "/tags/", $"{World.ElsewhereAddress}/there"));
        Elsewhere.Misbehaves = http => Task.FromResult(Redirects(http, "/there", $"{Registry.Address}back"));

        await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.Null(Registry.Requests.Last().Authorization);
        Assert.EndsWith("/back", Registry.Requests.Last().Target, StringComparison.Ordinal);
        NoCredentialIn(Elsewhere);
    }

    [Fact]
    public async Task A_stranger_s_401_after_a_redirect_is_not_answered()
    {
        Elsewhere.Challenge = "Basic realm=\"give it to me\"";
        Elsewhere.Accepts = _ => false;
        Registry.Misbehaves = http => Task.FromResult(Redirects(http, "/tags/", $"{World.ElsewhereAddress}{http.Request.Path}"));

        await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.Single(Elsewhere.Requests);
        NoCredentialIn(Elsewhere);
    }

    [Theory]
    [InlineData("http://10.0.0.1/x")]
    [InlineData("http://evil.example.com/x")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task A_redirect_against_the_rule_is_not_followed(string location)
    {
        Registry.Misbehaves = http => Task.FromResult(Redirects(http, "/tags/", location));

        var problem = await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);

        Assert.Contains("is not followed", problem.Message, StringComparison.Ordinal);
        Assert.Single(Registry.Requests);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end_after_five()
    {
        Registry.Misbehaves = http => Task.FromResult(Redirects(http, "", "/v2/acme/shop/tags/list?again"));

        await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);

        Assert.Equal(6, Registry.Requests.Count);
    }

    [Fact]
    public async Task A_token_service_that_redirects_is_not_followed()
    {
        Registry.WithTokens();
        Registry.Misbehaves = http => Task.FromResult(Redirects(http, "/token", $"{World.ElsewhereAddress}/token"));

        await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);

        Assert.Empty(Elsewhere.Requests);
    }

    [Fact]
    public async Task A_token_service_that_refuses_the_password_is_asked_once()
    {
        Registry.WithTokens(basic: "someone:else");

        await World.RefusedAsync(RegistryProblemKind.Unauthorized);

        Assert.Equal("GET list, GET token", Registry.Drain());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("garbage")]
    [InlineData("""{"token":"a\nb"}""")]
    public async Task A_token_service_without_a_token_is_an_invalid_answer(string body)
    {
        Registry.WithTokens();
        Registry.Misbehaves = http => AnswersAsync(http, "/token", 200, body);

        await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);
    }
}
