using Slipway.Configuration;
using Slipway.Registry;

namespace Slipway.Tests.Configuration;

public sealed class ConfiguredRegistriesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-configured").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SlipwayConfiguration WithPlugins(string yaml)
    {
        var path = Path.Combine(_folder, "providers.yaml");
        File.WriteAllText(path, yaml);
        return new SlipwayConfiguration { ImageCredentialProviderConfig = path, ImageCredentialProviderBinDir = _folder };
    }

    private static string Refused(SlipwayConfiguration configuration) =>
        Assert.Throws<ConfigurationException>(() => ConfiguredRegistries.Read(configuration, _ => null)).Message;

    [Fact]
    public void The_kubelet_s_own_file_is_read_as_it_is()
    {
        var options = ConfiguredRegistries.Read(
            WithPlugins("""
                apiVersion: kubelet.config.k8s.io/v1
                kind: CredentialProviderConfig
                providers:
                - name: ecr-credential-provider
                  matchImages: ["*.dkr.ecr.*.amazonaws.com"]
                  defaultCacheDuration: 12h
                  apiVersion: credentialprovider.kubelet.k8s.io/v1
                """),
            _ => null);

        Assert.Equal(("ecr-credential-provider", _folder), (Assert.Single(options.Logins.Plugins).Name, options.Logins.PluginDirectory));
    }

    [Fact]
    public void A_file_of_plugins_that_cannot_be_used_refuses_the_start()
    {
        Assert.Contains("providers.yaml: kind: it is not CredentialProviderConfig", Refused(WithPlugins("a: 1")), StringComparison.Ordinal);
        Assert.Contains("providers.yaml: line 1", Refused(WithPlugins("]")), StringComparison.Ordinal);
        Assert.Contains("imageCredentialProviderBinDir: ", Refused(WithPlugins("a: 1") with { ImageCredentialProviderBinDir = "relative" }), StringComparison.Ordinal);
        Assert.Contains("imageCredentialProviderConfig: /nowhere does not exist", Refused(WithPlugins("a: 1") with { ImageCredentialProviderConfig = "/nowhere" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Docker_s_file_is_used_only_where_somebody_says_so()
    {
        static string? File(SlipwayConfiguration configuration, string? variable) =>
            ConfiguredRegistries.Read(configuration, name => name == "DOCKER_CONFIG" ? variable : name == "HOME" ? "/root" : null).Logins.DockerConfigFile;

        Assert.Null(File(SlipwayConfiguration.Empty, null));
        Assert.Equal("/etc/docker/config.json", File(SlipwayConfiguration.Empty, "/etc/docker"));
        Assert.Equal("/mine.json", File(new SlipwayConfiguration { DockerConfigFile = "/mine.json" }, "/etc/docker"));
    }

    [Fact]
    public void Proxies_and_hosts_come_with_it()
    {
        var options = ConfiguredRegistries.Read(
            new SlipwayConfiguration { Registries = [new RegistryConfiguration { Host = "docker.io", RequestsPerSecond = 2 }] }, name => name == "HTTPS_PROXY" ? "proxy:3128" : null);

        Assert.Equal(new Uri("http://proxy:3128"), options.Proxy.For(new Uri("https://ghcr.io/")));
        Assert.Equal(2, options.For("registry-1.docker.io")!.RequestsPerSecond);
        Assert.Equal(2, options.For("docker.io")!.RequestsPerSecond);
        Assert.Null(options.For("ghcr.io"));
    }
}
