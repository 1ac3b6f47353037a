using Slipway.Configuration;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>How the registries of a host are reached, and as whom: an entry of <c>registries</c> in the configuration file.</summary>
public sealed record RegistryConfiguration
{
    /// <summary>
    /// The host as images name it, with its port where it has one. <c>*</c> stands for any letters within one label, as in the kubelet's
    /// <c>matchImages</c>: <c>*.dkr.ecr.*.amazonaws.com</c>.
    /// </summary>
    public required string Host { get; init; }

    /// <summary>PEM file with certificates of authorities that are trusted for this host, beside those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM files by which we prove who we are within TLS; both or none.</summary>
    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Trusts whatever certificate is shown. Whoever stands between can then change what is deployed, but for digests.</summary>
    public bool InsecureSkipTLSVerify { get; init; }

    /// <summary>Asks without TLS.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>URL of a proxy for this host, before what <c>HTTPS_PROXY</c> says; <c>none</c> for no proxy at all.</summary>
    public string? Proxy { get; init; }

    /// <summary>
    /// Address of the service that gives out its tokens. Needed only where the registry names one that would not be believed, such as one on
    /// a private address: <c>https://10.0.0.7</c>.
    /// </summary>
    public string? TokenServer { get; init; }

    /// <summary>Asked in this order before the host itself. What is deployed keeps the original name.</summary>
    public IReadOnlyList<RegistryMirror>? Mirrors { get; init; }

    /// <summary>What the controller itself logs in with, where no pull secret does.</summary>
    public RegistryLogin? Login { get; init; }

    /// <summary>On average, over all repositories of the host; null for the default.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How many may be sent at once after a pause.</summary>
    public int? Burst { get; init; }

    /// <summary>Whether this entry is for the host.</summary>
    /// <param name="host">With its port where it has one: <see cref="RepositoryName.Domain"/>.</param>
    public bool Covers(string host) => PullSecrets.Matches(Host, host);

    /// <summary>The first thing that is wrong with the entries; null where all is well.</summary>
    public static ConfigurationProblem? Check(IReadOnlyList<RegistryConfiguration> entries) =>
        entries.Select((entry, at) => (Problem: RegistryCheck.Find(entry), At: at)).FirstOrDefault(one => one.Problem is not null) is { Problem: { } found, At: var index }
            ? found with { Field = $"$.registries[{index}].{found.Field}" }
            : null;
}

/// <summary>Another host that has the same repositories: a pull-through cache, or a copy.</summary>
public sealed record RegistryMirror
{
    /// <summary>With its port where it has one. Its own entry says how it is reached and logged in to.</summary>
    public required string Host { get; init; }

    /// <summary>What stands there before the path of a repository, such as the project of a pull-through cache: <c>dockerhub</c>.</summary>
    public string? Prefix { get; init; }
}

/// <summary>A login of the controller's own, one of <c>provider</c>, <c>helper</c>, <c>usernameFile</c> with <c>passwordFile</c>.</summary>
public sealed record RegistryLogin
{
    /// <summary><c>ecr</c>, <c>gcp</c>, <c>acr</c>: by the workload identity of the controller's pod; <c>none</c>: never.</summary>
    public string? Provider { get; init; }

    /// <summary>A docker credential helper by the end of its name: <c>ecr-login</c> runs <c>docker-credential-ecr-login</c>.</summary>
    public string? Helper { get; init; }

    /// <summary>Files that hold one value each, as a mounted Secret does; read again when they change.</summary>
    public string? UsernameFile { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>Paths of repositories, and of all below them, that it may be used for. Default: all of the host.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>Namespaces whose Deliveries may use it. Default: all, as a node's own login serves all pods on it.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }
}
