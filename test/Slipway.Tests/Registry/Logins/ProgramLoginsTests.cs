using System.Text.Json;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry.Logins;

/// <summary>Programs that give logins: docker's credential helpers, and the kubelet's exec plugins.</summary>
public sealed class ProgramLoginsTests : IAsyncLifetime
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

    private static string Answering(string username = "bob", string password = LoginWorld.Password) => $$"""echo '{"ServerURL":"x","Username":"{{username}}","Secret":"{{password}}"}'""";

    private LoginOptions Docker(string config) => new() { DockerConfigFile = _world.Write("config.json", config) };

    private string Calls => File.Exists(Path.Combine(_world.Folder, "calls")) ? File.ReadAllText(Path.Combine(_world.Folder, "calls")) : "";

    private LoginOptions Plugin(string cacheKey = "Registry", string match = "*.corp", string args = "", string version = "credentialprovider.kubelet.k8s.io/v1")
    {
        using var config = JsonDocument.Parse($$"""
            {"apiVersion":"kubelet.config.k8s.io/v1","kind":"CredentialProviderConfig","providers":[
              {"name":"plugin","matchImages":["{{match}}"],"defaultCacheDuration":"1h","apiVersion":"{{version}}","args":["{{cacheKey}}","{{args}}"],"env":[{"name":"EXTRA","value":"from-config"}]}]}
            """);
        var plugins = CredentialPlugin.ReadConfig(config.RootElement, out var problem);
        Assert.Empty(problem);
        return new LoginOptions { Plugins = plugins, PluginDirectory = _world.Folder };
    }

    private Task<string> WritePluginAsync() => _world.WriteProgramAsync("plugin", $$"""
        read -r request
        echo "$request $1 $EXTRA ${SLIPWAY_WEBHOOK_TOKEN:-nothing}" >> {{_world.Folder}}/calls
        echo '{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderResponse","cacheKeyType":"'$1'","auth":{"*.corp":{"username":"bob","password":"{{LoginWorld.Password}}"} } }'
        """);

    [Fact]
    public async Task A_helper_is_asked_for_the_host_that_it_is_configured_for()
    {
        await _world.WriteProgramAsync("docker-credential-mine", $$"""read -r server; echo "$1 $server" >> {{_world.Folder}}/calls; {{Answering()}}""");

        await LoginWorld.SeesAsync(_world.NewClient(Docker($$"""{"credHelpers":{"https://{{Host}}/v2/":"mine"},"auths":{"{{Host}}":{} } }""")), _repository);

        Assert.Equal("get registry.corp\n", Calls);
    }

    [Fact]
    public async Task A_store_is_asked_for_every_host_and_what_it_lacks_is_looked_for_in_the_file()
    {
        await _world.WriteProgramAsync("docker-credential-store", "echo credentials not found in native keychain; exit 1");

        await LoginWorld.SeesAsync(_world.NewClient(Docker($$"""{"credsStore":"store","auths":{"{{Host}}":{"auth":"{{LoginWorld.Base64($"bob:{LoginWorld.Password}")}}"} } }""")), _repository);
    }

    [Fact]
    public async Task Docker_hub_has_its_old_name_there()
    {
        await _world.WriteProgramAsync("docker-credential-mine", $$"""read -r server; echo "$server" >> {{_world.Folder}}/calls; {{Answering()}}""");
        _world.Routes["registry-1.docker.io"] = _world.Registry.Address;

        await LoginWorld.SeesAsync(_world.NewClient(Docker("""{"credHelpers":{"https://index.docker.io/v1/":"mine"}}""")), new RepositoryName("docker.io", "acme/shop"));

        Assert.Equal("https://index.docker.io/v1/\n", Calls);
    }

    [Fact]
    public async Task An_entry_of_the_configuration_can_name_a_helper()
    {
        await _world.WriteProgramAsync("docker-credential-mine", $$"""echo once >> {{_world.Folder}}/calls; {{Answering()}}""");
        var client = _world.NewClient(Host, new RegistryLogin { Helper = "mine" });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LoginWorld.SeesAsync(client, _repository)));
        Assert.Equal("once\n", Calls);

        _world.Time.Advance(TimeSpan.FromMinutes(6));
        await LoginWorld.SeesAsync(client, _repository);
        Assert.Equal("once\nonce\n", Calls);
    }

    [Theory]
    [InlineData("echo hush >&2; echo hush; exit 3", "the credential helper docker-credential-mine: it ends with exit code 3")]
    [InlineData("echo hush", "it answers with no Username and Secret")]
    [InlineData("head -c 2000000 /dev/zero", "it answers with more than 1024 KiB")]
    public async Task A_helper_that_fails_is_told_without_its_words(string script, string expected)
    {
        await _world.WriteProgramAsync("docker-credential-mine", script);

        Assert.Contains(expected, await _world.RefusedAsync(_world.NewClient(Host, new RegistryLogin { Helper = "mine" }), _repository), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_that_is_not_there_is_named()
    {
        Assert.Contains("docker-credential-absent is not on the controller's PATH", await _world.RefusedAsync(_world.NewClient(Host, new RegistryLogin { Helper = "absent" }), _repository), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended()
    {
        await _world.WriteProgramAsync("docker-credential-mine", $"echo $$ > {_world.Folder}/pid; exec sleep 600");
        var asked = _world.RefusedAsync(_world.NewClient(Host, new RegistryLogin { Helper = "mine" }), _repository);
        while (!File.Exists(Path.Combine(_world.Folder, "pid")) || File.ReadAllText(Path.Combine(_world.Folder, "pid")).Length == 0)
        {
            await Task.Yield();
        }

        _world.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("gives no answer within 60 s", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_in_files_are_read_anew_when_they_are_rotated()
    {
        var login = new RegistryLogin { UsernameFile = _world.Write("username", "bob\n"), PasswordFile = _world.Write("password", "old") };
        var client = _world.NewClient(Host, login);
        Assert.Equal(RegistryProblemKind.Unauthorized, RegistryClientTests.Problem(await LoginWorld.ListAsync(client, _repository)).Kind);

        _world.Write("password", LoginWorld.Password);

        await LoginWorld.SeesAsync(client, _repository);
    }

    [Fact]
    public async Task A_plugin_is_run_as_the_kubelet_runs_it()
    {
        await WritePluginAsync();

        await LoginWorld.SeesAsync(_world.NewClient(Plugin()), _repository);

        Assert.Equal("""{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest","image":"registry.corp/acme/shop"} Registry from-config nothing""" + "\n", Calls);
    }

    [Theory]
    [InlineData("Registry", 1)]
    [InlineData("Global", 1)]
    [InlineData("Image", 2)]
    public async Task Its_answer_is_kept_for_whom_it_says_and_as_long_as_it_says(string cacheKey, int runs)
    {
        await WritePluginAsync();
        _world.Registry.Push("1.0.0", "other", "acme/other");
        var client = _world.NewClient(Plugin(cacheKey));
        var other = new RepositoryName(Host, "acme/other");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LoginWorld.SeesAsync(client, _repository)));
        await LoginWorld.SeesAsync(client, other);
        Assert.Equal(runs, Calls.Count('\n'));

        _world.Time.Advance(TimeSpan.FromMinutes(61));
        await LoginWorld.SeesAsync(client, _repository);
        Assert.Equal(runs + 1, Calls.Count('\n'));
    }

    [Fact]
    public async Task A_plugin_is_not_run_for_images_that_it_does_not_match()
    {
        await WritePluginAsync();
        var client = _world.NewClient(Plugin(match: "*.example"));

        Assert.False(client.Logins.MayServe(_repository, "shop"));
        await _world.RefusedAsync(client, _repository);
        Assert.Empty(Calls);
    }

    [Theory]
    [InlineData("exit 7", "the credential provider plugin: it ends with exit code 7")]
    [InlineData("echo hush", "the credential provider plugin: it does not answer with JSON")]
    public async Task A_plugin_that_fails_is_told_and_not_run_again_at_once(string script, string expected)
    {
        await _world.WriteProgramAsync("plugin", $"echo run >> {_world.Folder}/calls; {script}");
        var client = _world.NewClient(Plugin());

        Assert.Contains(expected, await _world.RefusedAsync(client, _repository), StringComparison.Ordinal);
        await _world.RefusedAsync(client, _repository);
        Assert.Equal("run\n", Calls);

        _world.Time.Advance(TimeSpan.FromSeconds(31));
        await _world.RefusedAsync(client, _repository);
        Assert.Equal("run\nrun\n", Calls);
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_named()
    {
        Assert.Contains($"there is no program {_world.Folder}/plugin", await _world.RefusedAsync(_world.NewClient(Plugin()), _repository), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_fails_does_not_stand_before_what_is_public()
    {
        _world.Registry.Challenge = null;

        await LoginWorld.SeesAsync(_world.NewClient(Plugin()), _repository);
    }
}
