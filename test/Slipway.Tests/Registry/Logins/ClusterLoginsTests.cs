using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry.Logins;

/// <summary>Who may use the controller's own login, when, and where it goes.</summary>
public sealed class ClusterLoginsTests : IAsyncLifetime
{
    private const string Host = "registry.corp";

    private LoginWorld _world = null!;
    private RepositoryName _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await LoginWorld.StartAsync();
        _repository = _world.Serve(Host, "bob");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private RegistryLogin Files(string username = "bob", string password = LoginWorld.Password) =>
        new() { UsernameFile = _world.Write("username", username), PasswordFile = _world.Write("password", password) };

    [Theory]
    [InlineData("registry.corp", "acme/shop", "shop", true)]
    [InlineData("registry.corp", "acme", "shop", true)]
    [InlineData("registry.corp", "acmeother/shop", "shop", false)]
    [InlineData("registry.corp", "acme/shop", "tenant", false)]
    [InlineData("other.corp", "acme/shop", "shop", false)]
    [InlineData("registry.corp:5000", "acme/shop", "shop", false)]
    public void The_configuration_says_for_which_repositories_and_namespaces(string host, string path, string ns, bool allowed)
    {
        var client = _world.NewClient(Host, Files() with { Repositories = ["acme"], Namespaces = ["shop", "staging"] });

        Assert.Equal(allowed, client.Logins.MayServe(new RepositoryName(host, path), ns));
    }

    [Fact]
    public void Without_a_configuration_nobody_uses_the_controller_s_identity()
    {
        _world.Variables["AWS_ROLE_ARN"] = "arn";
        _world.Variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
        var client = _world.NewClient();

        Assert.False(client.Logins.MayServe(new RepositoryName("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "a"), "shop"));
        Assert.False(client.Logins.MayServe(new RepositoryName("europe-docker.pkg.dev", "a"), "shop"));
        Assert.False(client.Logins.MayServe(new RepositoryName("a.azurecr.io", "a"), "shop"));
    }

    [Fact]
    public void An_entry_decides_alone_for_its_host()
    {
        var docker = new LoginOptions { DockerConfigFile = _world.Write("config.json", "{}") };
        var client = _world.NewClient(
            docker,
            new RegistryConfiguration { Host = "none.corp", Login = new RegistryLogin { Provider = "none" } },
            new RegistryConfiguration { Host = Host, Login = Files() with { Namespaces = ["shop"] } },
            new RegistryConfiguration { Host = "plain.corp" });

        Assert.False(client.Logins.MayServe(new RepositoryName("none.corp", "a"), "shop"));
        Assert.False(client.Logins.MayServe(_repository, "tenant"));
        Assert.True(client.Logins.MayServe(new RepositoryName("plain.corp", "a"), "tenant"));
        Assert.True(client.Logins.MayServe(new RepositoryName("ghcr.io", "a"), "tenant"));
    }

    [Fact]
    public async Task Pull_secrets_come_first_and_the_controller_s_login_is_not_even_drawn()
    {
        var client = _world.NewClient("*.corp", new RegistryLogin { Provider = "ecr" });

        await LoginWorld.SeesAsync(client, _repository, new RegistryCredential("bob", LoginWorld.Password));

        Assert.Empty(_world.Cloud.Requests);
    }

    [Fact]
    public async Task A_pull_secret_that_is_refused_is_followed_by_the_controller_s_login()
    {
        var client = _world.NewClient(Host, Files());

        await LoginWorld.SeesAsync(client, _repository, new RegistryCredential("bob", "old"));

        // The one that worked is tried first from then on, within one session.
        Assert.Equal(3, _world.Registry.Requests.Count);
    }

    [Fact]
    public async Task A_refused_login_of_the_controller_s_says_whose_it_is()
    {
        var problem = RegistryClientTests.Problem(await LoginWorld.ListAsync(_world.NewClient(Host, Files(password: "hush")), _repository));

        Assert.Contains("registry.corp does not accept the controller's own login; correct what the controller's configuration says", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_the_registry_stops_taking_is_drawn_anew_but_not_at_once()
    {
        await _world.WriteProgramAsync("docker-credential-mine", $$"""echo run >> {{_world.Folder}}/calls; echo "{\"Username\":\"bob\",\"Secret\":\"$(cat {{_world.Folder}}/now)\"}" """);
        _world.Write("now", "old");
        var client = _world.NewClient(Host, new RegistryLogin { Helper = "mine" });

        Assert.Equal(RegistryProblemKind.Unauthorized, RegistryClientTests.Problem(await LoginWorld.ListAsync(client, _repository)).Kind);
        _world.Write("now", LoginWorld.Password);
        Assert.Equal(RegistryProblemKind.Unauthorized, RegistryClientTests.Problem(await LoginWorld.ListAsync(client, _repository)).Kind);
        Assert.Single(File.ReadAllLines(Path.Combine(_world.Folder, "calls")));

        _world.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(RegistryProblemKind.Unauthorized, RegistryClientTests.Problem(await LoginWorld.ListAsync(client, _repository)).Kind);
        await LoginWorld.SeesAsync(client, _repository);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var client = _world.NewClient(Host, new RegistryLogin { UsernameFile = "/nowhere/user", PasswordFile = "/nowhere/password" });

        Assert.Contains("own login failed: /nowhere/user does not exist", await _world.RefusedAsync(client, _repository), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_to_its_host_and_to_no_other()
    {
        var elsewhere = await TestRegistry.StartAsync();
        elsewhere.Challenge = "Basic realm=\"give it to me\"";
        _world.Routes["other.corp"] = elsewhere.Address;
        var client = _world.NewClient(Host, Files());

        await LoginWorld.SeesAsync(client, _repository);
        _world.Registry.Misbehaves = http => Task.FromResult(HostileWorld.Redirects(http, "tags/list", "https://other.corp/v2/acme/shop/tags/list"));
        RegistryClientTests.Problem(await LoginWorld.ListAsync(client, _repository));
        RegistryClientTests.Problem(await LoginWorld.ListAsync(client, new RepositoryName("other.corp", "acme/shop")));

        Assert.True(elsewhere.Requests.Count >= 2);
        Assert.All(elsewhere.Requests, request => Assert.Null(request.Authorization));
        await elsewhere.DisposeAsync();
    }

    [Fact]
    public void The_login_is_part_of_what_tells_feeds_apart_only_by_being_there()
    {
        RegistryCredential secret = new("bob", "x");

        Assert.NotEqual(new CredentialChain([secret]), new CredentialChain([secret], clusterLogin: true));
        Assert.Equal(new CredentialChain([], clusterLogin: true), new CredentialChain([], clusterLogin: true));
        Assert.NotEqual(new CredentialChain([]), new CredentialChain([], mirrors: [new(_repository, CredentialChain.Anonymous)]));
    }
}
