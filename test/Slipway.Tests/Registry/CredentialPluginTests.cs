using System.Text;
using System.Text.Json;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class CredentialPluginTests
{
    private static readonly RepositoryName Repository = new("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "acme/shop");

    private static readonly CredentialPlugin Plugin = new("ecr", ["*.dkr.ecr.*.amazonaws.com"], TimeSpan.FromHours(12), "credentialprovider.kubelet.k8s.io/v1", [], []);

    private static string Config(string provider, string version = "v1") =>
        $$"""{"apiVersion":"kubelet.config.k8s.io/{{version}}","kind":"CredentialProviderConfig","providers":[{{provider}}]}""";

    private static string Provider(string with = "") =>
        $$"""{"name":"ecr","matchImages":["*.dkr.ecr.*.amazonaws.com"],"defaultCacheDuration":"12h","apiVersion":"credentialprovider.kubelet.k8s.io/v1"{{with}}}""";

    private static (IReadOnlyList<CredentialPlugin> Plugins, string Problem) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var plugins = CredentialPlugin.ReadConfig(document.RootElement, out var problem);
        return (plugins, problem);
    }

    private static PluginAnswer? Answer(string json, out string why) => Plugin.Read(Encoding.UTF8.GetBytes(json), out why);

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    [InlineData("v1alpha1")]
    public void The_kubelet_s_file_is_read_in_all_its_versions(string version)
    {
        var (plugins, problem) = Read(Config(Provider(""","args":["get-credentials"],"env":[{"name":"AWS_PROFILE","value":"x"}]"""), version));

        var plugin = Assert.Single(plugins);
        Assert.Equal(("", "ecr", TimeSpan.FromHours(12), "get-credentials", KeyValuePair.Create("AWS_PROFILE", "x")), (problem, plugin.Name, plugin.DefaultCacheDuration, plugin.Args.Single(), plugin.Env.Single()));
        Assert.True(plugin.Matches(Repository));
        Assert.False(plugin.Matches(new RepositoryName("ghcr.io", "acme/shop")));
    }

    [Theory]
    [InlineData("""{"kind":"Other"}""", "kind")]
    [InlineData("""{"kind":"CredentialProviderConfig","apiVersion":"v1"}""", "apiVersion")]
    [InlineData("""{"kind":"CredentialProviderConfig","apiVersion":"kubelet.config.k8s.io/v1"}""", "providers: there is none")]
    [InlineData("null", "kind")]
    public void A_file_that_is_none_is_refused(string json, string problem) => Assert.StartsWith(problem, Read(json).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{}""", "providers[0].name")]
    [InlineData("""{"name":"../x","matchImages":["a"],"defaultCacheDuration":"1h","apiVersion":"credentialprovider.kubelet.k8s.io/v1"}""", "providers[0].name")]
    [InlineData("""{"name":"x","matchImages":[],"defaultCacheDuration":"1h","apiVersion":"credentialprovider.kubelet.k8s.io/v1"}""", "providers[0].matchImages")]
    [InlineData("""{"name":"x","matchImages":["https://a"],"defaultCacheDuration":"1h","apiVersion":"credentialprovider.kubelet.k8s.io/v1"}""", "providers[0].matchImages")]
    [InlineData("""{"name":"x","matchImages":["a"],"apiVersion":"credentialprovider.kubelet.k8s.io/v1"}""", "providers[0].defaultCacheDuration")]
    [InlineData("""{"name":"x","matchImages":["a"],"defaultCacheDuration":"1h","apiVersion":"v2"}""", "providers[0].apiVersion")]
    [InlineData("""{"name":"x","matchImages":["a"],"defaultCacheDuration":"1h","apiVersion":"credentialprovider.kubelet.k8s.io/v1","tokenAttributes":{}}""", "providers[0].tokenAttributes")]
    public void A_provider_that_the_kubelet_would_refuse_is_refused_by_its_field(string provider, string problem)
    {
        var read = Read(Config(provider));

        Assert.Empty(read.Plugins);
        Assert.StartsWith(problem, read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_comes_twice_is_refused() => Assert.Equal("providers[1].name: it comes twice", Read(Config($"{Provider()},{Provider()}")).Problem);

    [Fact]
    public void It_is_asked_for_the_image_without_its_tag()
    {
        using var request = JsonDocument.Parse(Plugin.Request(Repository));

        Assert.Equal("credentialprovider.kubelet.k8s.io/v1", request.RootElement.GetProperty("apiVersion").GetString());
        Assert.Equal("CredentialProviderRequest", request.RootElement.GetProperty("kind").GetString());
        Assert.Equal($"{Repository}", request.RootElement.GetProperty("image").GetString());
    }

    [Fact]
    public void Its_answer_says_for_which_images_and_how_long()
    {
        var answer = Answer("""
            {"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderResponse","cacheKeyType":"Registry","cacheDuration":"6h0m0s",
             "auth":{"*.dkr.ecr.*.amazonaws.com":{"username":"AWS","password":"secret"},"other.io":{"username":"x","password":"y"}}}
            """, out _);

        Assert.Equal((PluginCacheKey.Registry, TimeSpan.FromHours(6)), (answer!.Key, answer.Kept));
        Assert.Equal([new RegistryCredential("AWS", "secret")], PullSecrets.For(Repository, [answer.Auth]).Credentials);
    }

    [Theory]
    [InlineData("", 12)]
    [InlineData(""","cacheDuration":null""", 12)]
    [InlineData(""","cacheDuration":"0s" """, 0)]
    [InlineData(""","cacheDuration":"nonsense" """, 0)]
    [InlineData(""","cacheDuration":"8000h" """, 24)]
    public void Without_a_duration_the_default_counts_and_a_day_is_the_longest(string duration, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Answer($$"""{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderResponse","cacheKeyType":"Image"{{duration}}}""", out _)!.Kept);

    [Theory]
    [InlineData("secret", "does not answer with JSON")]
    [InlineData("""{"kind":"x","secret":"secret"}""", "CredentialProviderResponse")]
    [InlineData("""{"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1beta1"}""", "which it is configured for")]
    [InlineData("""{"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"secret"}""", "cacheKeyType")]
    public void An_answer_that_is_none_is_told_without_its_words(string json, string expected)
    {
        Assert.Null(Answer(json, out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", why, StringComparison.Ordinal);
    }
}

public sealed class HelperAnswerTests
{
    private static RegistryCredential? Read(int code, string stdout, out string? why) => HelperAnswer.Read(code, Encoding.UTF8.GetBytes(stdout), out why);

    [Fact]
    public void A_name_and_a_secret_are_a_login() =>
        Assert.Equal(new RegistryCredential("bob", "secret"), Read(0, """{"ServerURL":"https://x","Username":"bob","Secret":"secret"}""", out _));

    [Fact]
    public void The_name_token_says_that_the_secret_is_an_identity_token() =>
        Assert.Equal(new RegistryCredential("", "", "refresh"), Read(0, """{"Username":"<token>","Secret":"refresh"}""", out _));

    [Fact]
    public void To_have_none_is_no_failure()
    {
        Assert.Null(Read(1, "credentials not found in native keychain\n", out var why));
        Assert.Null(why);
    }

    [Theory]
    [InlineData(1, "secret: panic", "exit code 1")]
    [InlineData(0, "secret", "no Username and Secret")]
    [InlineData(0, """{"Username":"bob"}""", "no Username and Secret")]
    [InlineData(0, "[]", "no Username and Secret")]
    public void A_failure_is_told_without_the_helper_s_words(int code, string stdout, string expected)
    {
        Assert.Null(Read(code, stdout, out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", why, StringComparison.Ordinal);
    }
}
