using System.Text.Json.Serialization;
using Slipway.CheckSources;
using Slipway.Registry;
using Slipway.Signatures;
using Slipway.Webhooks.Receivers;

namespace Slipway.Configuration;

/// <summary>
/// What the one who runs the controller decides for the whole cluster. It holds no secrets, only the paths of files that do. A list that
/// is absent, null or empty is the same.
/// </summary>
public sealed record SlipwayConfiguration
{
    public static readonly SlipwayConfiguration Empty = new();

    /// <summary>How registries are reached and logged in to, by host; of several entries for one host the first counts.</summary>
    public IReadOnlyList<RegistryConfiguration>? Registries { get; init; }

    /// <summary>Who may tell of pushes, and how they prove who they are.</summary>
    public IReadOnlyList<ReceiverSettings>? Receivers { get; init; }

    /// <summary>Which repositories' images must be signed, and by whom.</summary>
    public IReadOnlyList<ImagePolicyConfiguration>? ImagePolicies { get; init; }

    /// <summary>Which Prometheus is asked, and where checks may send the controller.</summary>
    public CheckConfiguration? Checks { get; init; }

    /// <summary>
    /// The file of the kubelet's flag <c>--image-credential-provider-config</c>: which exec plugins give credentials for which images
    /// (kubelet.config.k8s.io, CredentialProviderConfig).
    /// </summary>
    public string? ImageCredentialProviderConfig { get; init; }

    /// <summary>Where their programs are (the kubelet's flag <c>--image-credential-provider-bin-dir</c>).</summary>
    public string? ImageCredentialProviderBinDir { get; init; }

    /// <summary>A <c>config.json</c> of docker, with its helpers, for images that have no entry above. Default: <c>DOCKER_CONFIG</c>/config.json.</summary>
    public string? DockerConfigFile { get; init; }
}

/// <summary>The wire form of the configuration file.</summary>
[JsonSerializable(typeof(SlipwayConfiguration))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
public sealed partial class ConfigurationJson : JsonSerializerContext;
