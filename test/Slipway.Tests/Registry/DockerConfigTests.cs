using System.Text;
using System.Text.Json;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class DockerConfigTests
{
    [Theory]
    [InlineData("""{"username":"foo","password":"bar"}""", "foo", "bar")]
    [InlineData("""{"auth":"Zm9vOmJhcg==","email":"foo@example.com"}""", "foo", "bar")]
    [InlineData("""{"username":"foo","password":"bar","auth":"cGluZzpwb25n"}""", "ping", "pong")]
    [InlineData("""{"username":"user-x","password":"pass-x","auth":"somethinghere"}""", "user-x", "pass-x")]
    [InlineData("""{"auth":"Zm9vOmJhcjpiYXo="}""", "foo", "bar:baz")]
    public void An_entry_is_read_in_either_form(string json, string username, string password)
    {
        using var entry = JsonDocument.Parse(json);

        var credential = DockerConfig.TryEntry(entry.RootElement, out var why);

        Assert.Null(why);
        Assert.Equal((username, password), (credential?.Username, credential?.Password));
    }

    [Fact]
    public void Tokens_are_kept()
    {
        using var entry = JsonDocument.Parse("""{"identitytoken":"id","registrytoken":"reg"}""");

        var credential = DockerConfig.TryEntry(entry.RootElement, out _);

        Assert.Equal(("id", "reg"), (credential?.IdentityToken, credential?.RegistryToken));
    }

    [Theory]
    [InlineData("""{"auth":"pants"}""")]
    [InlineData("""{"auth":"Zm9vYmFy"}""")]
    [InlineData("""{"email":false}""")]
    [InlineData("""{"username":true}""")]
    [InlineData("[]")]
    public void A_wrong_entry_says_what_is_wrong_and_no_secret(string json)
    {
        using var entry = JsonDocument.Parse(json);

        Assert.Null(DockerConfig.TryEntry(entry.RootElement, out var why));
        Assert.NotNull(why);
        Assert.DoesNotContain("pants", why, StringComparison.Ordinal);
        Assert.DoesNotContain("Zm9", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"username":null,"auth":""}""")]
    public void An_entry_that_says_nothing_is_neither_a_credential_nor_an_error(string json)
    {
        using var entry = JsonDocument.Parse(json);

        Assert.Null(DockerConfig.TryEntry(entry.RootElement, out var why));
        Assert.Null(why);
    }

    [Theory]
    [InlineData("Zm9vOmJhcg==", "foo", "bar")]
    [InlineData("Zm9vOmJhcg", "foo", "bar")]
    [InlineData("Zm9vOm\nJhcg==\n", "foo", "bar")]
    [InlineData("Zm9vOmJhcgAA", "foo", "bar")]
    public void Base64_may_be_wrapped_and_unpadded(string auth, string username, string password) =>
        Assert.Equal((username, password), DockerConfig.TryDecode(auth));

    [Theory]
    [InlineData("cGFudHM=")]
    [InlineData("Zm9vOmJhcg== ")]
    [InlineData("pants")]
    [InlineData("")]
    public void What_is_no_name_and_password_is_refused(string auth) => Assert.Null(DockerConfig.TryDecode(auth));

    [Fact]
    public void One_bad_entry_does_not_spoil_the_others()
    {
        var config = Parse("""{"auths":{"a.example.com":{"auth":"pants"},"b.example.com":{"auth":"Zm9vOmJhcg=="}}}""");

        Assert.Equal("b.example.com", Assert.Single(config.Entries).Key);
        Assert.Contains("a.example.com", Assert.Single(config.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a.example.com":{"auth":"Zm9vOmJhcg=="}}""", 1)]
    [InlineData("""{"auths":{"a.example.com":{"auth":"Zm9vOmJhcg=="},"b":{}},"credsStore":"x"}""", 1)]
    [InlineData("""{"auths":null}""", 0)]
    public void Both_forms_of_a_secret_are_read(string json, int entries)
    {
        var config = Parse(json);

        Assert.Equal(entries, config.Entries.Length);
        Assert.Empty(config.Problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"a.example.com":{"auth":"Zm9v""")]
    public void A_document_that_cannot_be_read_is_one_problem(string json)
    {
        var config = Parse(json);

        Assert.Empty(config.Entries);
        Assert.Single(config.Problems);
    }

    [Fact]
    public void A_credential_never_shows_itself()
    {
        var credential = new RegistryCredential("bob", "hunter2", "idtoken", "regtoken");

        var shown = $"{credential} {new CredentialChain([credential])} {new RegistryAnswer<RegistryCredential>.Ok(credential)}";

        Assert.All(["bob", "hunter2", "idtoken", "regtoken"], secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", credential.Identity, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_are_told_apart_by_where_their_parts_end() =>
        Assert.NotEqual(new RegistryCredential("ab", "c").Identity, new RegistryCredential("a", "bc").Identity);

    [Fact]
    public void Chains_are_equal_when_their_credentials_are_in_the_same_order()
    {
        var (a, b) = (new RegistryCredential("a", "1"), new RegistryCredential("b", "2"));

        Assert.Equal(new CredentialChain([a, b]), new CredentialChain([a with { }, b]));
        Assert.NotEqual(new CredentialChain([a, b]), new CredentialChain([b, a]));
        Assert.Equal(CredentialChain.Anonymous, new CredentialChain([]));
    }

    internal static DockerConfig Parse(string json) => DockerConfig.Parse(Encoding.UTF8.GetBytes(json));
}

public sealed class PullSecretsTests
{
    private const string FooBar = "{\"auth\":\"Zm9vOmJhcg==\"}";

    [Theory]
    [InlineData("https://hello.kubernetes.io", "hello.kubernetes.io/foo/bar")]
    [InlineData("https://*.docker.io", "prefix.docker.io/foo/bar")]
    [InlineData("https://prefix.*.io", "prefix.docker.io/foo/bar")]
    [InlineData("https://prefix.docker.*", "prefix.docker.io/foo/bar")]
    [InlineData("https://*.docker.io/path", "prefix.docker.io/path/foo/bar")]
    [InlineData("https://*.docker.io:8888", "prefix.docker.io:8888/foo/bar")]
    [InlineData("https://*.docker.io/v1/", "prefix.docker.io/path/foo/bar")]
    [InlineData("https://*.docker.io/v2/", "prefix.docker.io/path/foo/bar")]
    [InlineData("*.docker.io:1111", "prefix.docker.io:1111/path/foo/bar")]
    [InlineData("http://plain.example.com", "plain.example.com/x")]
    [InlineData("https://index.docker.io/v1/", "google/docker-registry")]
    [InlineData("https://index.docker.io/v1/", "jenkins")]
    [InlineData("https://index.docker.io/v1/", "docker.io/library/nginx")]
    [InlineData("https://index.docker.io/v1/", "index.docker.io/google/docker-registry")]
    [InlineData("docker.io", "docker.io/library/nginx")]
    [InlineData("[::1]:5000", "[::1]:5000/acme/shop")]
    public void A_server_covers_an_image(string server, string image) =>
        Assert.Equal("foo", Assert.Single(PullSecrets.Lookup(image, [Secret(server)])).Username);

    [Theory]
    [InlineData("https://hello.kubernetes.io", "world.mesos.org/foo/bar")]
    [InlineData("https://*.docker.com", "prefix.docker.io/foo/bar")]
    [InlineData("https://suffix.*.io", "prefix.docker.io/foo/bar")]
    [InlineData("https://prefix.docker.c*", "prefix.docker.io/foo/bar")]
    [InlineData("https://prefix.*.io/path:1111", "prefix.docker.io/path/subpath:1111/foo/bar")]
    [InlineData("https://index.docker.io/v1/", "world.mesos.org/foo/bar")]
    [InlineData("registry.example.com", "registry.example.com:5000/foo")]
    [InlineData("registry.example.com:5000", "registry.example.com/foo")]
    [InlineData("example.com", "example.com.evil.org/foo")]
    [InlineData("https://", "x.example.com/foo")]
    public void A_server_does_not_cover_another_s_image(string server, string image) => Assert.Empty(PullSecrets.Lookup(image, [Secret(server)]));

    [Theory]
    [InlineData("*.kubernetes.io", "prefix.kubernetes.io", true)]
    [InlineData("*-good.kubernetes.io", "prefix-good.kubernetes.io", true)]
    [InlineData("prefix.*.io/foo", "prefix.kubernetes.io/foo/bar", true)]
    [InlineData("*.kubernetes.io", "kubernetes.io", false)]
    [InlineData("*.*.kubernetes.io", "prefix.kubernetes.io", false)]
    [InlineData("k*.io", "quay.io", false)]
    [InlineData("q*y.io", "quay.io", true)]
    [InlineData("q**a*y.io", "quay.io", true)]
    [InlineData("qua*ay.io", "quay.io", false)]
    [InlineData("*a*a*.io", "quay.io", false)]
    [InlineData("prefix.*.io/foo", "prefix.kubernetes.io:1111/foo/bar", false)]
    public void Wildcards_stand_within_one_label_of_the_host(string server, string image, bool expected) =>
        Assert.Equal(expected, PullSecrets.Matches(server, image));

    [Theory]
    [InlineData("bar.example.com", "ada")]
    [InlineData("bar.example.com/ping", "ada")]
    [InlineData("bar.example.com/pong", "grace ada")]
    [InlineData("bar.example.com/pong/pang", "grace ada")]
    [InlineData("foo.example.com", "")]
    public void The_longest_name_is_tried_first(string image, string expected)
    {
        var secret = DockerConfigTests.Parse("""
            {"bar.example.com": {"username": "ada", "password": "x"}, "bar.example.com/pong": {"username": "grace", "password": "y"}}
            """);

        Assert.Equal(expected, string.Join(' ', PullSecrets.Lookup(image, [secret]).Select(credential => credential.Username)));
    }

    [Fact]
    public void Within_one_name_the_order_of_the_secrets_counts_and_the_same_password_once()
    {
        var first = DockerConfigTests.Parse("""{"auths":{"ghcr.io":{"username":"first","password":"x"}}}""");
        var second = DockerConfigTests.Parse("""{"auths":{"ghcr.io":{"username":"second","password":"y"},"ghcr.io/acme":{"username":"first","password":"x"}}}""");

        var chain = PullSecrets.For(new RepositoryName("ghcr.io", "acme/shop"), [second, first]);

        Assert.Equal(["first", "second"], chain.Credentials.Select(credential => credential.Username));
    }

    [Theory]
    [InlineData("foo/bar", true)]
    [InlineData("docker.io/foo/bar", true)]
    [InlineData("foo", true)]
    [InlineData("", false)]
    [InlineData("registry.tld/foo/bar", false)]
    [InlineData("registry:5000/foo/bar", false)]
    [InlineData("myhostdocker.io/foo/bar", false)]
    public void Short_names_are_docker_hub_s(string image, bool expected) => Assert.Equal(expected, PullSecrets.IsOnDockerHub(image));

    private static DockerConfig Secret(string server) => DockerConfigTests.Parse("{\"" + server + "\":" + FooBar + "}");
}
