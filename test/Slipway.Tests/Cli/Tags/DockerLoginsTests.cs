using System.Text;
using Slipway.Images;
using Slipway.Registry;
using DockerLogins = Slipway.Cli.Tags.DockerLogins;

namespace Slipway.Tests.Cli.Tags;

public sealed class DockerLoginsTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("slipway-logins").FullName;

    private static readonly RepositoryName Shop = new("ghcr.io", "acme/shop");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static string Config(string server, string name, string password) =>
        $$"""{"auths":{"{{server}}":{"auth":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}}"} } }""";

    private void Write(string folder, string text)
    {
        Directory.CreateDirectory(Path.Combine(_home, folder));
        File.WriteAllText(Path.Combine(_home, folder, "config.json"), text);
    }

    private Task<(RegistryCredential? Credential, string? Problem)> FindAsync(string? dockerConfig = null) => new DockerLogins(
        name => name switch
        {
            "HOME" or "PATH" => _home,
            "DOCKER_CONFIG" => dockerConfig is null ? null : Path.Combine(_home, dockerConfig),
            _ => null,
        },
        TimeProvider.System).FindAsync(Shop, TestContext.Current.CancellationToken);

    [Fact]
    public async Task What_docker_login_left_in_the_home_is_found()
    {
        Write(".docker", Config("ghcr.io", "ci", "secret"));

        Assert.Equal(("ci", "secret"), (await FindAsync()).Credential is { } found ? (found.Username, found.Password) : default);
    }

    [Fact]
    public async Task DOCKER_CONFIG_counts_before_the_home()
    {
        Write(".docker", Config("ghcr.io", "home", "x"));
        Write("ci", Config("ghcr.io", "ci", "x"));

        Assert.Equal("ci", (await FindAsync("ci")).Credential!.Username);
    }

    [Fact]
    public async Task A_login_goes_to_no_other_registry()
    {
        Write(".docker", Config("registry.example", "ci", "secret"));

        Assert.Null((await FindAsync()).Credential);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"auths\":{\"ghcr.io\":{}},\"credsStore\":\"desktop\"}")]
    public async Task A_file_without_a_usable_login_is_no_login(string text)
    {
        Write(".docker", text);

        Assert.Null((await FindAsync()).Credential);
    }

    [Fact]
    public async Task A_credential_helper_of_docker_is_asked_for_the_host()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the helper of this test is a shell script");
        Write(".docker", "{\"credHelpers\":{\"ghcr.io\":\"test\"}}");
        var helper = Path.Combine(_home, "docker-credential-test");
        await File.WriteAllTextAsync(helper, "#!/bin/sh\nread server\necho \"{\\\"Username\\\":\\\"$server\\\",\\\"Secret\\\":\\\"s\\\"}\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal("ghcr.io", (await FindAsync()).Credential!.Username);
    }

    [Fact]
    public async Task A_helper_that_is_not_there_is_told()
    {
        Write(".docker", "{\"credsStore\":\"nowhere\"}");

        var (credential, problem) = await FindAsync();

        Assert.Null(credential);
        Assert.Contains("docker-credential-nowhere", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_and_without_a_home_it_is_asked_anonymously()
    {
        Assert.Equal((null, null), await FindAsync());
        Assert.Equal((null, null), await new DockerLogins(_ => null, TimeProvider.System).FindAsync(Shop, TestContext.Current.CancellationToken));
    }
}
