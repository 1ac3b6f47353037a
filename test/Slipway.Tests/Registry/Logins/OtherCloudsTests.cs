using Microsoft.AspNetCore.Http;
using Slipway.Registry;

namespace Slipway.Tests.Registry.Logins;

public sealed class OtherCloudsTests : IAsyncLifetime
{
    private const string GoogleHost = "europe-docker.pkg.dev";
    private const string AzureHost = "acme.azurecr.io";

    private static readonly RegistryLogin Google = new() { Provider = "gcp" };
    private static readonly RegistryLogin Azure = new() { Provider = "acr" };

    private LoginWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await LoginWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private void Answer(params (string Path, string Body)[] answers) =>
        _world.Cloud.Answers = asked => answers.FirstOrDefault(answer => answer.Path == asked.Path) is { Body: { } body } ? (200, body) : null;

    private void WithFederation(string impersonation = "")
    {
        var token = _world.Write("subject", """{"jwt":"projected-jwt"}""");
        _world.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = _world.Write("federation.json", $$"""
            {"type":"external_account","audience":"//iam.googleapis.com/pool","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{{_world.Cloud.Address}}v1/token",
             "credential_source":{"file":"{{token}}","format":{"type":"json","subject_token_field_name":"jwt"} }{{impersonation}} }
            """);
    }

    private void WithAzureIdentity()
    {
        (_world.Variables["AZURE_TENANT_ID"], _world.Variables["AZURE_CLIENT_ID"]) = ("tenant", "client");
        _world.Variables["AZURE_FEDERATED_TOKEN_FILE"] = _world.Write("token", "projected-jwt");
        _world.Variables["AZURE_AUTHORITY_HOST"] = $"{_world.Cloud.Address}";
    }

    [Fact]
    public async Task The_metadata_server_gives_the_pod_s_token()
    {
        var repository = _world.Serve(GoogleHost, "oauth2accesstoken");
        _world.Routes["metadata.google.internal"] = _world.Cloud.Address;
        Answer(("/computeMetadata/v1/instance/service-accounts/default/token", $$"""{"access_token":"{{LoginWorld.Password}}","expires_in":3600}"""));

        await LoginWorld.SeesAsync(_world.NewClient(GoogleHost, Google), repository);

        Assert.Equal(("metadata.google.internal", "Google"), (_world.Cloud.Requests.Single().Host, _world.Cloud.Requests.Single().Header("Metadata-Flavor")));
    }

    [Fact]
    public async Task A_cluster_elsewhere_trades_its_own_token_and_acts_as_a_service_account()
    {
        var repository = _world.Serve(GoogleHost, "oauth2accesstoken");
        WithFederation($$""","service_account_impersonation_url":"{{_world.Cloud.Address}}v1/impersonate" """);
        Answer(("/v1/token", """{"access_token":"federated","expires_in":3600}"""), ("/v1/impersonate", $$"""{"accessToken":"{{LoginWorld.Password}}","expireTime":"2026-01-01T13:00:00Z"}"""));

        await LoginWorld.SeesAsync(_world.NewClient(GoogleHost, Google), repository);

        var (exchange, impersonate) = (_world.Cloud.Requests.First(), _world.Cloud.Requests.Last());
        Assert.Equal(
            ("urn:ietf:params:oauth:grant-type:token-exchange", "//iam.googleapis.com/pool", "projected-jwt", "urn:ietf:params:oauth:token-type:jwt"),
            (exchange.Form["grant_type"], exchange.Form["audience"], exchange.Form["subject_token"], exchange.Form["subject_token_type"]));
        Assert.Equal("Bearer federated", impersonate.Header("Authorization"));
        Assert.Contains("cloud-platform", impersonate.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_service_account_the_federated_token_is_the_login()
    {
        var repository = _world.Serve(GoogleHost, "oauth2accesstoken");
        WithFederation();
        Answer(("/v1/token", $$"""{"access_token":"{{LoginWorld.Password}}","expires_in":3600}"""));

        await LoginWorld.SeesAsync(_world.NewClient(GoogleHost, Google), repository);

        Assert.Equal("POST /v1/token", _world.Cloud.Drain());
    }

    [Fact]
    public async Task A_file_of_google_s_that_is_not_read_here_is_told_with_the_way_out()
    {
        var repository = _world.Serve(GoogleHost, "oauth2accesstoken");
        _world.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = _world.Write("key.json", """{"type":"service_account","private_key":"hush"}""");

        Assert.Contains("write it into a file as passwordFile, with the user name _json_key", await _world.RefusedAsync(_world.NewClient(GoogleHost, Google), repository), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_projected_token_becomes_a_token_of_entra_and_that_a_refresh_token_of_the_registry()
    {
        var repository = _world.Serve(AzureHost, AcrLogin.Username);
        _world.Routes[AzureHost] = _world.Cloud.Address;
        WithAzureIdentity();
        _world.Cloud.Answers = asked => asked.Path switch
        {
            "/tenant/oauth2/v2.0/token" => (200, """{"access_token":"entra"}"""),
            "/oauth2/exchange" => (200, $$"""{"refresh_token":"{{LoginWorld.Password}}"}"""),
            _ => (200, """{"name":"acme/shop","tags":["1.0.0"]}"""),
        };

        await LoginWorld.SeesAsync(_world.NewClient(AzureHost, Azure), repository);

        var entra = _world.Cloud.Requests.Single(asked => asked.Path == "/tenant/oauth2/v2.0/token");
        Assert.Equal(("client_credentials", "client", "projected-jwt", "https://containerregistry.azure.net/.default"), (entra.Form["grant_type"], entra.Form["client_id"], entra.Form["client_assertion"], entra.Form["scope"]));
        var exchange = _world.Cloud.Requests.Single(asked => asked.Path == "/oauth2/exchange");
        Assert.Equal((AzureHost, "access_token", AzureHost, "entra"), (exchange.Host, exchange.Form["grant_type"], exchange.Form["service"], exchange.Form["access_token"]));
    }

    [Fact]
    public async Task The_refresh_token_is_traded_at_the_registry_s_own_token_service()
    {
        var repository = _world.Serve(AzureHost, AcrLogin.Username);
        WithAzureIdentity();
        Answer(("/tenant/oauth2/v2.0/token", """{"access_token":"entra"}"""));
        _world.Registry.Challenge = $"Bearer realm=\"https://{AzureHost}/oauth2/token\",service=\"{AzureHost}\"";
        _world.Registry.Accepts = header => header == "Bearer acr-token";
        _world.Registry.Misbehaves = async http =>
        {
            var answer = http.Request.Path.Value switch { "/oauth2/exchange" => """{"refresh_token":"refresh"}""", "/oauth2/token" => """{"access_token":"acr-token"}""", _ => null };
            if (answer is not null)
            {
                await http.Response.WriteAsync(answer);
            }

            return answer is not null;
        };

        await LoginWorld.SeesAsync(_world.NewClient(AzureHost, Azure), repository);

        var traded = _world.Registry.Requests.Single(request => request.Target == "/oauth2/token").Everything;
        Assert.Contains("grant_type=refresh_token", traded, StringComparison.Ordinal);
        Assert.Contains("refresh_token=refresh", traded, StringComparison.Ordinal);
        Assert.Contains("scope=repository%3Aacme%2Fshop%3Apull", traded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_s_managed_identity_serves_where_no_token_is_projected()
    {
        var repository = _world.Serve(AzureHost, AcrLogin.Username);
        _world.Routes[AzureHost] = _world.Routes["169.254.169.254"] = _world.Cloud.Address;
        _world.Variables["AZURE_CLIENT_ID"] = "client";
        Answer(("/metadata/identity/oauth2/token", """{"access_token":"entra"}"""), ("/oauth2/exchange", """{"refresh_token":"r"}"""), ("/v2/acme/shop/tags/list", """{"tags":["1.0.0"]}"""));

        await LoginWorld.SeesAsync(_world.NewClient(AzureHost, Azure), repository);

        var asked = _world.Cloud.Requests.First(request => request.Path.StartsWith("/metadata", StringComparison.Ordinal));
        Assert.Equal("true", asked.Header("Metadata"));
        Assert.Contains("client_id=client", asked.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_identity_of_azure_s_is_told_with_the_way_out()
    {
        var repository = _world.Serve(AzureHost, AcrLogin.Username);
        _world.Variables["AZURE_FEDERATED_TOKEN_FILE"] = "/token";

        Assert.Contains("label the pod azure.workload.identity/use", await _world.RefusedAsync(_world.NewClient(AzureHost, Azure), repository), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ecr")]
    [InlineData("gcp")]
    [InlineData("acr")]
    public async Task A_host_that_is_not_the_cloud_s_is_sent_no_token_of_it(string provider)
    {
        var repository = _world.Serve("registry.corp", "anybody");
        WithAzureIdentity();
        WithFederation();

        Assert.Contains($"registry.corp is no registry of the provider {provider}", await _world.RefusedAsync(_world.NewClient("*.corp", new RegistryLogin { Provider = provider }), repository), StringComparison.Ordinal);
        Assert.Empty(_world.Cloud.Requests);
    }
}
