using Slipway.Registry;
using Slipway.Tests.Registry.Logins;

namespace Slipway.Tests.Registry;

/// <summary>A token service of its own beside a registry, both on loopback, as people try it out.</summary>
public sealed class TokenServerTests
{
    [Fact]
    public async Task Another_port_of_loopback_gets_a_login_only_where_it_is_named()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var tokens = await StandIn.StartAsync();
        registry.Push("1.0.0", "one");
        registry.Challenge = $"Bearer realm=\"{tokens.Address}auth\",service=\"registry\",scope=\"repository:acme/shop:pull,push\"";
        registry.Accepts = header => header == "Bearer good";
        tokens.Answers = asked => asked.Header("Authorization") == TestRegistry.BasicHeader("bob:x") ? (200, """{"token":"good","expires_in":300}""") : (401, "");
        var bob = new RegistryAccess(registry.Repository(), new RegistryCredential("bob", "x"));
        using var stranger = new RegistryClient(new RegistryOptions(), TimeProvider.System, () => 0.5);
        using var named = new RegistryClient(
            new RegistryOptions { Registries = [new RegistryConfiguration { Host = registry.Host, TokenServer = tokens.Address.GetLeftPart(UriPartial.Authority) }] }, TimeProvider.System, () => 0.5);

        var refused = RegistryClientTests.Problem(await stranger.ListTagsAsync(bob, null, TestContext.Current.CancellationToken));
        Assert.Contains("name it as tokenServer of this registry in the controller's configuration", refused.Message, StringComparison.Ordinal);
        Assert.Empty(tokens.Requests);

        Assert.Equal(["1.0.0"], RegistryClientTests.Ok(await named.ListTagsAsync(bob, null, TestContext.Current.CancellationToken)).Tags);
        Assert.Equal("?service=registry&scope=repository%3Aacme%2Fshop%3Apull", Assert.Single(tokens.Requests).Query);
    }
}
