using System.Text;
using Slipway.Cli.Tags;
using Slipway.Images;

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

    private DockerLogins Logins(string? dockerConfig = null) => new(name => name switch
    {
        "HOME" => _home,
        "DOCKER_CONFIG" => dockerConfig is null ? null : Path.Combine(_home, dockerConfig),
        _ => null,
    });

    [Fact]
    public void What_docker_login_left_in_the_home_is_found()
    {
        Write(".docker", Config("ghcr.io", "ci", "secret"));

        Assert.Equal(("ci", "secret"), (Logins().Find(Shop)!.Username, Logins().Find(Shop)!.Password));
    }

    [Fact]
    public void DOCKER_CONFIG_counts_before_the_home()
    {
        Write(".docker", Config("ghcr.io", "home", "x"));
        Write("ci", Config("ghcr.io", "ci", "x"));

        Assert.Equal("ci", Logins("ci").Find(Shop)!.Username);
    }

    [Fact]
    public void A_login_goes_to_no_other_registry()
    {
        Write(".docker", Config("registry.example", "ci", "secret"));

        Assert.Null(Logins().Find(Shop));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"auths\":{\"ghcr.io\":{}},\"credsStore\":\"desktop\"}")]
    public void A_file_without_a_usable_login_is_no_login(string text)
    {
        Write(".docker", text);

        Assert.Null(Logins().Find(Shop));
    }

    [Fact]
    public void Without_a_file_and_without_a_home_it_is_asked_anonymously()
    {
        Assert.Null(Logins().Find(Shop));
        Assert.Null(new DockerLogins(_ => null).Find(Shop));
    }
}
