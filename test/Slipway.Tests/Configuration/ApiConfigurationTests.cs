using Slipway.Configuration;

namespace Slipway.Tests.Configuration;

public sealed class ApiConfigurationTests
{
    private static ApiConfiguration? Parse(string yaml) => ConfigurationFile.Parse("slipway.yaml", yaml).Api;

    [Fact]
    public void The_section_says_for_whom_tokens_are_and_how_browsers_log_in()
    {
        var api = Parse("""
            api:
              audiences: [slipway, https://kubernetes.default.svc]
              publicAddress: https://slipway.example.com
              sessionKeyFile: /etc/slipway/session/keys
              login:
                issuer: https://issuer.example.com/realms/acme
                clientId: slipway
                clientSecretFile: /etc/slipway/login/secret
                scopes: [groups, email]
            """)!;

        Assert.Equal(["slipway", "https://kubernetes.default.svc"], api.Audiences!);
        Assert.Equal(("https://slipway.example.com", "/etc/slipway/session/keys"), (api.PublicAddress, api.SessionKeyFile));
        Assert.Equal(("https://issuer.example.com/realms/acme", "slipway", "/etc/slipway/login/secret"), (api.Login!.Issuer, api.Login.ClientId, api.Login.ClientSecretFile));
        Assert.Equal(["groups", "email"], api.Login.Scopes!);
    }

    [Theory]
    [InlineData("api:")]
    [InlineData("api: {}")]
    [InlineData("api: {audiences: []}")]
    [InlineData("api: {audiences: [slipway]}")]
    [InlineData("api: {publicAddress: 'http://localhost:8080', login: {issuer: 'http://127.0.0.1:5556/dex', clientId: slipway}}")]
    public void Nothing_of_it_must_be_there_and_loopback_needs_no_TLS(string yaml) => Assert.Null(ApiConfiguration.Check(Parse(yaml)));

    [Theory]
    [InlineData("api: {audience: slipway}", "api.audience: there is no such field")]
    [InlineData("api: {audiences: slipway}", "api.audiences: this is not the kind of value")]
    [InlineData("api: {audiences: [a, ' ']}", "api.audiences[1]: it is empty")]
    [InlineData("api: {publicAddress: slipway.example.com}", "api.publicAddress: 'slipway.example.com' is no address of browsers")]
    [InlineData("api: {publicAddress: 'http://slipway.example.com'}", "api.publicAddress: ")]
    [InlineData("api: {publicAddress: 'https://a.example/slipway'}", "without a path")]
    [InlineData("api: {publicAddress: 'https://user@a.example'}", "api.publicAddress: ")]
    [InlineData("api: {login: {clientId: a}}", "a field is missing: 'issuer'")]
    [InlineData("api: {login: {issuer: 'https://i.example', clientId: a}}", "api.publicAddress: it is missing")]
    [InlineData("api: {publicAddress: 'https://a.example', login: {issuer: 'http://i.example', clientId: a}}", "api.login.issuer: ")]
    [InlineData("api: {publicAddress: 'https://a.example', login: {issuer: 'https://i.example?x=1', clientId: a}}", "api.login.issuer: ")]
    [InlineData("api: {publicAddress: 'https://a.example', login: {issuer: 'https://i.example', clientId: ''}}", "api.login.clientId: it is empty")]
    [InlineData("api: {publicAddress: 'https://a.example', login: {issuer: 'https://i.example', clientId: a, scopes: ['a b']}}", "api.login.scopes: a scope is a word")]
    [InlineData("api: {publicAddress: 'https://a.example', login: {issuer: 'https://i.example', clientId: a, clientSecret: x}}", "there is no such field")]
    public void What_makes_no_sense_is_refused_with_its_place(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Parse(yaml)).Message, StringComparison.Ordinal);
}
