using System.Text.Json.Serialization;
using Slipway.CheckSources;
using Slipway.Controllers;
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

    /// <summary>How many rollouts may be under way at once.</summary>
    public ConcurrencyConfiguration? Concurrency { get; init; }

    /// <summary>Which Prometheus is asked, and where checks may send the controller.</summary>
    public CheckConfiguration? Checks { get; init; }

    /// <summary>Who may ask the HTTP API.</summary>
    public ApiConfiguration? Api { get; init; }

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

/// <summary>Limits of rollouts that are under way at once; where one is absent, there is none.</summary>
public sealed record ConcurrencyConfiguration(int? Cluster = null, int? PerNamespace = null)
{
    public ConcurrencyLimits Limits => new(Cluster, PerNamespace);

    /// <summary>The first thing that is wrong; null where all is well.</summary>
    public static ConfigurationProblem? Check(ConcurrencyConfiguration? concurrency) =>
        concurrency?.Cluster < 1 ? new("$.concurrency.cluster", $"{concurrency.Cluster} is less than 1, so that nothing could ever roll out; to stop everything, make a Freeze")
        : concurrency?.PerNamespace < 1 ? new("$.concurrency.perNamespace", $"{concurrency.PerNamespace} is less than 1, so that nothing could ever roll out; to stop everything, make a Freeze")
        : null;
}

/// <summary>The wire form of the configuration file.</summary>
[JsonSerializable(typeof(SlipwayConfiguration))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
public sealed partial class ConfigurationJson : JsonSerializerContext;
