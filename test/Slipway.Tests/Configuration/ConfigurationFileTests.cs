using Slipway.Configuration;

namespace Slipway.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    private const string Whole = """
        # everything
        registries:
        - host: registry.corp:5000
          caFile: /etc/slipway/ca.crt
          certFile: /etc/slipway/tls.crt
          keyFile: /etc/slipway/tls.key
          login: {usernameFile: /etc/slipway/user, passwordFile: /etc/slipway/password, repositories: [acme], namespaces: [shop]}
          requestsPerSecond: 2.5
          burst: 10
        - host: "*.dkr.ecr.*.amazonaws.com"
          login: {provider: ecr}
        - host: docker.io
          mirrors: [{host: mirror.corp, prefix: dockerhub}]
        receivers:
        - {name: harbor, type: harbor, tokenFile: /etc/slipway/receivers/harbor}
        imagePolicies:
        - repositories: [ghcr.io/acme/**]
          keys: [{keyFile: /etc/slipway/keys/a.pub}, {keyFile: /etc/slipway/keys/b.pub}]
        imageCredentialProviderConfig: /etc/providers.yaml
        imageCredentialProviderBinDir: /usr/libexec/providers
        dockerConfigFile: /root/.docker/config.json
        """;

    private static SlipwayConfiguration Parse(string yaml) => ConfigurationFile.Parse("slipway.yaml", yaml);

    private static string Refused(string yaml) => Assert.Throws<ConfigurationException>(() => Parse(yaml)).Message;

    [Fact]
    public void A_file_says_how_each_registry_is_reached_and_leaves_the_other_sections_to_their_owners()
    {
        var configuration = Parse(Whole);

        Assert.Equal(["registry.corp:5000", "*.dkr.ecr.*.amazonaws.com", "docker.io"], configuration.Registries!.Select(registry => registry.Host));
        var corp = configuration.Registries![0];
        Assert.Equal(("/etc/slipway/ca.crt", "/etc/slipway/tls.crt", "/etc/slipway/tls.key", 2.5, 10), (corp.CaFile, corp.CertFile, corp.KeyFile, corp.RequestsPerSecond, corp.Burst));
        Assert.Equal(("/etc/slipway/user", "/etc/slipway/password", "acme", "shop"), (corp.Login!.UsernameFile, corp.Login.PasswordFile, corp.Login.Repositories!.Single(), corp.Login.Namespaces!.Single()));
        Assert.Equal(("mirror.corp", "dockerhub"), (configuration.Registries[2].Mirrors![0].Host, configuration.Registries[2].Mirrors![0].Prefix));
        Assert.Equal("harbor", configuration.Receivers!.Single().Name);
        Assert.Equal(2, configuration.ImagePolicies!.Single().Keys!.Count);
        Assert.Equal(("/etc/providers.yaml", "/usr/libexec/providers", "/root/.docker/config.json"), (configuration.ImageCredentialProviderConfig, configuration.ImageCredentialProviderBinDir, configuration.DockerConfigFile));
    }

    [Fact]
    public void Limits_of_concurrency_are_read_and_none_is_none()
    {
        Assert.Equal(new Slipway.Controllers.ConcurrencyLimits(10, 2), Parse("concurrency: {cluster: 10, perNamespace: 2}").Concurrency?.Limits);
        Assert.Null(Parse("dockerConfigFile: /x").Concurrency);
    }

    [Theory]
    [InlineData("concurrency: {cluster: 0}", "concurrency.cluster: 0 is less than 1")]
    [InlineData("concurrency: {perNamespace: -1}", "concurrency.perNamespace: -1 is less than 1")]
    [InlineData("concurrency: {perNode: 1}", "there is no such field")]
    public void A_limit_that_lets_nothing_through_is_refused(string yaml, string why) => Assert.Contains(why, Refused(yaml), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet")]
    [InlineData("{}")]
    [InlineData("registries:")]
    [InlineData("registries: []\nreceivers: null")]
    public void Absent_null_and_empty_are_the_same(string yaml) => Assert.Empty(Parse(yaml).Registries ?? []);

    [Fact]
    public void Json_is_yaml() => Assert.Equal("ghcr.io", Parse("""{"registries": [{"host": "ghcr.io", "plainHttp": false}]}""").Registries!.Single().Host);

    [Theory]
    [InlineData("registry: []", "slipway.yaml: line 1: registry: there is no such field; correct its name, or remove it")]
    [InlineData("registries:\n- host: a.io\n  caPath: x", "slipway.yaml: line 3: registries[0].caPath: there is no such field; correct its name, or remove it")]
    [InlineData("registries:\n- caFile: x", "slipway.yaml: line 2: registries[0]: a field is missing: 'host'")]
    [InlineData("registries:\n- host: a.io\n  burst: many", "slipway.yaml: line 3: registries[0].burst: this is not the kind of value")]
    [InlineData("registries:\n- host: 5000", "slipway.yaml: line 2: registries[0].host: this is not the kind of value")]
    [InlineData("registries: {host: a}", "slipway.yaml: line 1: registries: this is not the kind of value")]
    [InlineData("- 1", "slipway.yaml: line 1: this is not the kind of value")]
    public void What_is_not_understood_refuses_the_start_and_names_line_and_field(string yaml, string message) => Assert.StartsWith(message, Refused(yaml), StringComparison.Ordinal);

    [Theory]
    [InlineData("host: https://a.io", "host: write the host as images name it")]
    [InlineData("host: a.io/path", "host: write the host")]
    [InlineData("host: docker.io\n  certFile: x", "certFile: a client certificate is a certFile and a keyFile")]
    [InlineData("host: a.io\n  plainHttp: true\n  insecureSkipTLSVerify: true", "insecureSkipTLSVerify: plain HTTP has no certificate")]
    [InlineData("host: a.io\n  plainHttp: true\n  caFile: x", "plainHttp: certificates are of no use")]
    [InlineData("host: a.io\n  insecureSkipTLSVerify: true\n  caFile: x", "insecureSkipTLSVerify: with a caFile")]
    [InlineData("host: a.io\n  proxy: proxy:3128", "proxy: write a URL")]
    [InlineData("host: a.io\n  proxy: http://bob:secret@proxy:3128", "proxy: write a URL")]
    [InlineData("host: a.io\n  requestsPerSecond: 0", "requestsPerSecond: write a number above 0")]
    [InlineData("host: a.io\n  burst: 0", "burst: write a number from 1")]
    [InlineData("host: a.io\n  mirrors: [{host: 'b io'}]", "mirrors[0].host: write the host of the mirror")]
    [InlineData("host: a.io\n  mirrors: [{host: b.io, prefix: /x/}]", "mirrors[0].prefix: write a path")]
    [InlineData("host: a.io\n  mirrors: [{host: a.io}, {host: b.io}, {host: c.io}, {host: d.io}, {host: e.io}]", "mirrors: more than four")]
    [InlineData("host: a.io\n  login: {}", "login: write one of provider, helper")]
    [InlineData("host: a.io\n  login: {provider: ecr, helper: x}", "login: write one of provider, helper")]
    [InlineData("host: a.io\n  login: {usernameFile: x}", "login: usernameFile and passwordFile belong together")]
    [InlineData("host: a.io\n  login: {provider: aws}", "login.provider: write one of ecr, gcp, acr, none")]
    [InlineData("host: a.io\n  login: {helper: ../x}", "login.helper: write the end of the program's name")]
    public void Values_that_make_no_sense_are_refused_with_the_way_out(string entry, string message) =>
        Assert.Contains($"registries[0].{message}", Refused($"registries:\n- {entry}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("registries: ]", "line 1")]
    [InlineData("a: 1\na: 2", "line 2: a comes twice")]
    [InlineData("a: &x 1\nb: *x", "line 2: aliases (*) are not read here")]
    [InlineData("registries:\n- !secret x", "line 2: tags (!) are not read here")]
    [InlineData("{}\n---\n{}", "it holds a second document")]
    [InlineData("[a, b]: 1", "the name of a field is a word")]
    public void What_can_surprise_in_yaml_is_refused(string yaml, string message) => Assert.Contains(message, Refused(yaml), StringComparison.Ordinal);

    [Fact]
    public void Endless_nesting_is_refused_and_not_followed() =>
        Assert.Contains("nested more than 32 deep", Refused(new string('[', 10_000)), StringComparison.Ordinal);

    [Fact]
    public void Words_of_old_yaml_are_words() => Assert.Equal(
        """{"name":"no","number":1.5,"whole":7,"text":"7"}""", YamlReader.Read("{name: no, number: 1.5, whole: 7, text: '7'}").Root!.ToJsonString());

    [Fact]
    public void A_file_that_is_not_there_or_too_large_is_named_with_the_way_out()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        Assert.Contains($"cannot read the configuration {path}", Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read(path)).Message, StringComparison.Ordinal);

        File.WriteAllText(path, new string('#', 1024 * 1024 + 1));
        Assert.Contains("more than 1024 KiB", Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read(path)).Message, StringComparison.Ordinal);

        File.WriteAllText(path, "registries: [{host: ghcr.io}]");
        Assert.Single(ConfigurationFile.Read(path).Registries!);
        File.Delete(path);
    }
}
