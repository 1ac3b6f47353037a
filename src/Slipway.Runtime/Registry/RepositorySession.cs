using System.Collections.Immutable;
using Slipway.Images;
using Slipway.Signatures;

namespace Slipway.Registry;

/// <summary>
/// One repository, by all the names that it has: those of its mirrors first, in the order of the configuration, and then its own. A name that
/// gives no answer is passed over; what is told of a problem is the repository's own.
/// </summary>
internal sealed partial class RepositorySession(RegistryClient client, FactsCache facts, RepositoryName repository, CredentialChain chain)
{
    private readonly ImmutableArray<RepositoryPlace> _places =
        [.. chain.Mirrors.Select(mirror => new RepositoryPlace(client, mirror.Repository, mirror.Chain)), new RepositoryPlace(client, repository, chain)];

    public RepositoryName Repository => repository;

    public Task<RegistryAnswer<TagList>> ListTagsAsync(TagFingerprint? known, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.ListTagsAsync(access, known, cancellationToken), cancellationToken);

    public Task<RegistryAnswer<string>> ResolveAsync(string tag, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.ResolveAsync(access, tag, cancellationToken), cancellationToken);

    public Task<RegistryAnswer<ReadOnlyMemory<byte>>> GetManifestAsync(string digest, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.GetManifestAsync(access, digest, cancellationToken), cancellationToken);

    public Task<RegistryAnswer<ReadOnlyMemory<byte>>> GetBlobAsync(string digest, int maxBytes, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.GetBlobAsync(access, digest, cancellationToken, maxBytes), cancellationToken);

    public Task<RegistryAnswer<ImmutableArray<Referrer>>> ListReferrersAsync(string digest, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.ListReferrersAsync(access, digest, cancellationToken), cancellationToken);

    /// <summary>
    /// What is to be known of an image before it may run: that it is there, that its bytes are those of its digest, and its platforms.
    /// Read once per digest: content does not change.
    /// </summary>
    /// <param name="withLabels">Of an index too, which costs two more requests: the labels are in the config of one of its images.</param>
    public async Task<RegistryAnswer<ImageFacts>> ReadFactsAsync(string digest, bool withLabels, CancellationToken cancellationToken)
    {
        if (facts.Find(digest, withLabels) is { } known)
        {
            return known;
        }

        var answer = await TryEachAsync(access => ReadFactsAsync(access, digest, withLabels, cancellationToken), cancellationToken);
        if (answer.IsOk(out var read, out _))
        {
            facts.Keep(digest, withLabels, read);
        }

        return answer;
    }

    private async Task<RegistryAnswer<ImageFacts>> ReadFactsAsync(RegistryAccess access, string digest, bool withLabels, CancellationToken cancellationToken)
    {
        if (!(await client.GetManifestAsync(access, digest, cancellationToken)).IsOk(out var bytes, out var problem))
        {
            return problem;
        }

        switch (ImageManifest.TryParse(bytes, out var why))
        {
            case ImageManifest.OnePlatform image:
                return await ReadConfigAsync(access, digest, image, cancellationToken);

            case ImageManifest.Index index when !withLabels || index.Annotations.Version is not null || index.Images.IsEmpty:
                return new ImageFacts(index.Platforms, index.Annotations);

            case ImageManifest.Index index:
                var first = await ReadFactsAsync(access, index.Images[0], withLabels: false, cancellationToken);
                return first.IsOk(out var part, out problem) ? new ImageFacts(index.Platforms, index.Annotations.Or(part.Labels))
                    // Some registries drop the images of platforms that nobody pulls. That is a label less, and no reason to hold the rest.
                    : problem.Kind is RegistryProblemKind.TagNotFound ? new ImageFacts(index.Platforms, index.Annotations)
                    : problem;

            default:
                return Invalid(digest, why);
        }
    }

    private async Task<RegistryAnswer<ImageFacts>> ReadConfigAsync(
        RegistryAccess access, string digest, ImageManifest.OnePlatform image, CancellationToken cancellationToken)
    {
        if (!(await client.GetBlobAsync(access, image.ConfigDigest, cancellationToken)).IsOk(out var bytes, out var problem))
        {
            return problem;
        }

        var config = ImageConfig.TryParse(bytes);
        return config switch
        {
            { Platform: { } platform } => new ImageFacts(new PlatformSet([platform]), image.Annotations.Or(config.Labels)),
            not null when image.IsImageConfig => new ImageFacts(PlatformSet.Unknown, image.Annotations.Or(config.Labels)),
            _ => Invalid(digest, "it is no container image but something else that registries keep, such as a chart or a signature"),
        };
    }

    private async Task<RegistryAnswer<T>> TryEachAsync<T>(Func<RegistryAccess, Task<RegistryAnswer<T>>> ask, CancellationToken cancellationToken)
    {
        foreach (var mirror in _places[..^1])
        {
            if (await mirror.AskAsync(ask, cancellationToken) is RegistryAnswer<T>.Ok answer)
            {
                return answer;
            }
        }

        return await _places[^1].AskAsync(ask, cancellationToken);
    }

    private RegistryProblem Invalid(string digest, string why) =>
        new(RegistryProblemKind.InvalidAnswer, $"cannot use {repository}@{digest}: {why}");
}

/// <summary>
/// What is known of digests. Two generations: when the young one is full the old one is dropped, so that what is still asked for stays and
/// the memory is bounded without a list of uses.
/// </summary>
internal sealed class FactsCache
{
    // Some hundred bytes each: 5,000 repositories with two digests in use, and room.
    private const int Generation = 10_000;

    /// <summary>When the images were built; kept by themselves, since a policy that goes by it asks for every tag of a repository.</summary>
    public DigestBuilds Builds { get; } = new();

    private readonly Lock _lock = new();
    private Dictionary<(string Digest, bool WithLabels), ImageFacts> _young = [];
    private Dictionary<(string Digest, bool WithLabels), ImageFacts> _old = [];

    public ImageFacts? Find(string digest, bool withLabels)
    {
        lock (_lock)
        {
            if (_young.TryGetValue((digest, withLabels), out var facts))
            {
                return facts;
            }

            if (_old.TryGetValue((digest, withLabels), out facts))
            {
                Add(digest, withLabels, facts);
            }

            return facts;
        }
    }

    public void Keep(string digest, bool withLabels, ImageFacts facts)
    {
        lock (_lock)
        {
            Add(digest, withLabels, facts);
        }
    }

    private void Add(string digest, bool withLabels, ImageFacts facts)
    {
        if (_young.Count >= Generation)
        {
            (_old, _young) = (_young, []);
        }

        _young[(digest, withLabels)] = facts;
    }
}
