using Slipway.Images;

namespace Slipway.Registry;

/// <summary>How registries are asked. The limits are what an honest registry never reaches.</summary>
public sealed record RegistryOptions
{
    // Docker Hub is asked on another host than the one in its images' names.
    private const string DockerHubApi = "registry-1.docker.io";

    /// <summary>Hosts, with their port where they have one, that are asked without TLS. Loopback hosts are, unnamed.</summary>
    public IReadOnlyList<string> PlainHttp { get; init; } = [];

    /// <summary>What the configuration file says of hosts; of several entries for one host the first counts.</summary>
    public IReadOnlyList<RegistryConfiguration> Registries { get; init; } = [];

    /// <summary>Which proxy is asked; an entry of <see cref="Registries"/> goes before it.</summary>
    public ProxyRule Proxy { get; init; } = ProxyRule.None;

    /// <summary>Where the controller's own logins come from.</summary>
    public LoginOptions Logins { get; init; } = new();

    /// <summary>A directory for what is dear to ask for again after a restart (build times); null: it is asked for again.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Of one request with its redirects, from the first byte sent to the last byte read.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of a list with all its pages, each of which may take a request's time.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>At once to one host. More of them make no registry faster, and many slower.</summary>
    public int RequestsPerHost { get; init; } = 8;

    public int MaxRedirects { get; init; } = 5;

    /// <summary>Of a manifest or a config. The distribution registry takes no larger manifest either (4 MiB).</summary>
    public int MaxDocumentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Of a whole list. A million tags of usual length.</summary>
    public int MaxListBytes { get; init; } = 32 * 1024 * 1024;

    public int MaxTags { get; init; } = 1_000_000;

    public int MaxPages { get; init; } = 1_000;

    /// <summary>What is asked for; servers give less where they please. ECR and the distribution registry refuse more than this.</summary>
    public int PageSize { get; init; } = 1_000;

    /// <summary>How many intervals may pass between two polls of a repository whose webhook has proven itself; 1 for never more than one.</summary>
    public int MostStretch { get; init; } = 5;

    /// <summary>What takes the place of sockets, for all hosts; null for sockets. For simulations, in which nothing waits for a real network.</summary>
    internal Func<HttpMessageHandler>? Transport { get; init; }

    /// <summary>The entry for a host; null where there is none.</summary>
    /// <param name="host">As images name it or as it is asked, with its port where it has one.</param>
    public RegistryConfiguration? For(string host) => Registries.FirstOrDefault(entry => entry.Covers(host is DockerHubApi ? "docker.io" : host));

    /// <summary>The hosts without TLS, as far as this repository is concerned.</summary>
    internal IReadOnlyCollection<string> PlainHttpFor(RepositoryName repository) => For(repository.Domain) is { PlainHttp: true } ? [repository.ApiHost] : PlainHttp;

    /// <summary>Whether certificates are named for the host, or are not to be looked at: then there is TLS, on loopback as well.</summary>
    internal bool NamesCertificates(RepositoryName repository) =>
        For(repository.Domain) is { PlainHttp: false } entry
        && (entry.InsecureSkipTLSVerify || !string.IsNullOrEmpty(entry.CaFile) || !string.IsNullOrEmpty(entry.CertFile));

    /// <summary>The names under which mirrors have a repository, in the order in which to ask them.</summary>
    internal IEnumerable<RepositoryName> MirrorsOf(RepositoryName repository) =>
        (For(repository.Domain)?.Mirrors ?? []).Select(mirror => new RepositoryName(mirror.Host, string.IsNullOrEmpty(mirror.Prefix) ? repository.Path : $"{mirror.Prefix}/{repository.Path}"));

    /// <summary>How often a host may be asked: as its entry says, else as is known of it.</summary>
    /// <param name="host">As it is asked, with its port where it has one.</param>
    public RequestRate RateOf(string host)
    {
        var usual = RequestRate.Of(host);
        return For(host) is { } entry ? new RequestRate(entry.RequestsPerSecond ?? usual.PerSecond, entry.Burst ?? usual.Burst) : usual;
    }
}
