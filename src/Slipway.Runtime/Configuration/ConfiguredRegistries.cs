using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Slipway.Registry;
using YamlDotNet.Core;

namespace Slipway.Configuration;

/// <summary>How registries are asked, by the configuration file and by the variables that every client of registries knows.</summary>
public static class ConfiguredRegistries
{
    /// <param name="environment">Variables by name: the proxies', <c>DOCKER_CONFIG</c>, and those by which clouds tell a pod who it is.</param>
    /// <exception cref="ConfigurationException">The kubelet's file of credential providers cannot be used.</exception>
    public static RegistryOptions Read(SlipwayConfiguration configuration, Func<string, string?> environment) => new()
    {
        Registries = configuration.Registries ?? [],
        Proxy = ProxyRule.From(environment),
        Logins = new LoginOptions
        {
            Environment = environment,
            DockerConfigFile = DockerConfigFile(configuration, environment),
            Plugins = string.IsNullOrEmpty(configuration.ImageCredentialProviderConfig) ? [] : Plugins(configuration.ImageCredentialProviderConfig, configuration.ImageCredentialProviderBinDir),
            PluginDirectory = configuration.ImageCredentialProviderBinDir,
        },
    };

    // Only where somebody has said so: what a developer's machine has for its owner is not for every namespace of a cluster.
    private static string? DockerConfigFile(SlipwayConfiguration configuration, Func<string, string?> environment) =>
        !string.IsNullOrEmpty(configuration.DockerConfigFile) ? configuration.DockerConfigFile
        : environment("DOCKER_CONFIG") is { Length: > 0 } folder ? Path.Combine(folder, "config.json")
        : null;

    private static ImmutableArray<CredentialPlugin> Plugins(string path, string? folder)
    {
        if (string.IsNullOrEmpty(folder) || !Path.IsPathFullyQualified(folder))
        {
            throw new ConfigurationException("imageCredentialProviderBinDir: credential providers are programs in a folder; write its whole path");
        }

        if (SmallFile.TryRead(path, out var why) is not { } file)
        {
            throw new ConfigurationException($"imageCredentialProviderConfig: {why}");
        }

        try
        {
            using var document = JsonDocument.Parse(YamlReader.Read(Encoding.UTF8.GetString(file)).Root?.ToJsonString() ?? "null");
            var plugins = CredentialPlugin.ReadConfig(document.RootElement, out var problem);
            return problem.Length == 0 ? plugins : throw new ConfigurationException($"{path}: {problem}");
        }
        catch (YamlException e)
        {
            throw new ConfigurationException($"{path}: line {e.Start.Line}: {e.Message}", e);
        }
    }
}
