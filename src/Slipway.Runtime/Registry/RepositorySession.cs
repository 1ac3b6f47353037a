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

    /// <summary>What is asked for now; a feed has one look at a time.</summary>
    public Errand Errand { get; set; } = new(isUrgent: false);

    public Task<RegistryAnswer<TagList>> ListTagsAsync(TagFingerprint? known, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.ListTagsAsync(access, known, cancellationToken), cancellationToken);

    public Task<RegistryAnswer<TagTarget>> ResolveAsync(string tag, TagTarget? known, CancellationToken cancellationToken) =>
        TryEachAsync(access => client.ResolveAsync(access, tag, known, cancellationToken), cancellationToken);

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
    /// Read once per digest: content does not change, and what is no image today is none tomorrow.
    /// </summary>
    /// <param name="withLabels">Of an index too, which costs two more requests: the labels are in the config of one of its images.</param>
    public Task<RegistryAnswer<ImageFacts>> ReadFactsAsync(string digest, bool withLabels, CancellationToken cancellationToken) =>
        Known(digest, withLabels) is { } known
            ? Task.FromResult(known)
            : TryEachAsync(async access => Kept(digest, withLabels, await ReadFactsAsync(access, digest, withLabels, cancellationToken)), cancellationToken);

    /// <summary>The same for what a tag is on, whatever that is: its digest and its bytes in one request. It is a pull on Docker Hub.</summary>
    public Task<RegistryAnswer<TaggedImage>> ReadTagAsync(string tag, bool withLabels, CancellationToken cancellationToken) =>
        TryEachAsync<TaggedImage>(async access =>
        {
            if (!(await client.GetTaggedManifestAsync(access, tag, cancellationToken)).IsOk(out var manifest, out var problem))
            {
                return problem;
            }

            return new TaggedImage(
                manifest.Digest,
                Known(manifest.Digest, withLabels) ?? Kept(manifest.Digest, withLabels, await FactsOfAsync(access, manifest.Digest, manifest.Bytes, withLabels, cancellationToken)));
        }, cancellationToken);

    private RegistryAnswer<ImageFacts>? Known(string digest, bool withLabels)
    {
        if (facts.Find(digest, withLabels) is { } known)
        {
            return known;
        }

        return facts.WhyUnusable(digest) is { } why ? new RegistryAnswer<ImageFacts>.Failed(Unusable(digest, why)) : null;
    }

    private RegistryAnswer<ImageFacts> Kept(string digest, bool withLabels, RegistryAnswer<ImageFacts> answer)
    {
        if (answer.IsOk(out var read, out _))
        {
            facts.Keep(digest, withLabels, read);
        }

        return answer;
    }

    private async Task<RegistryAnswer<ImageFacts>> ReadFactsAsync(RegistryAccess access, string digest, bool withLabels, CancellationToken cancellationToken) =>
        (await client.GetManifestAsync(access, digest, cancellationToken)).IsOk(out var bytes, out var problem)
            ? await FactsOfAsync(access, digest, bytes, withLabels, cancellationToken)
            : problem;

    private async Task<RegistryAnswer<ImageFacts>> FactsOfAsync(
        RegistryAccess access, string digest, ReadOnlyMemory<byte> manifest, bool withLabels, CancellationToken cancellationToken)
    {
        switch (ImageManifest.TryParse(manifest, out var why))
        {
            case ImageManifest.OnePlatform image:
                return await ReadConfigAsync(access, digest, image, cancellationToken);

            case ImageManifest.Index index when !withLabels || index.Annotations.Version is not null || index.Images.IsEmpty:
                return new ImageFacts(index.Platforms, index.Annotations);

            case ImageManifest.Index index:
                var first = await ReadFactsAsync(access, index.Images[0], withLabels: false, cancellationToken);
                return first.IsOk(out var part, out var problem) ? new ImageFacts(index.Platforms, index.Annotations.Or(part.Labels))
                    // Some registries drop the images of platforms that nobody pulls. That is a label less, and no reason to hold the rest.
                    : problem.Kind is RegistryProblemKind.TagNotFound ? new ImageFacts(index.Platforms, index.Annotations)
                    : problem;

            default:
                return Refused(digest, why);
        }
    }

    private async Task<RegistryAnswer<ImageFacts>> ReadConfigAsync(
        RegistryAccess access, string digest, ImageManifest.OnePlatform image, CancellationToken cancellationToken)
    {
        if (!(await client.GetBlobAsync(access, image.ConfigDigest, cancellationToken)).IsOk(out var bytes, out var problem))
        {
            return problem;
        }

        return FactsOf(digest, image, ImageConfig.TryParse(bytes));
    }

    private RegistryAnswer<ImageFacts> FactsOf(string digest, ImageManifest.OnePlatform image, ImageConfig? config) => config switch
    {
        { Platform: { } platform } => new ImageFacts(new PlatformSet([platform]), image.Annotations.Or(config.Labels)),
        not null when image.IsImageConfig => new ImageFacts(PlatformSet.Unknown, image.Annotations.Or(config.Labels)),
        _ => Refused(digest, "it is no container image but something else that registries keep, such as a chart or a signature"),
    };

    private async Task<RegistryAnswer<T>> TryEachAsync<T>(Func<RegistryAccess, Task<RegistryAnswer<T>>> ask, CancellationToken cancellationToken)
    {
        var errand = Errand;
        foreach (var mirror in _places[..^1])
        {
            if (await mirror.AskAsync(access => ask(access with { Errand = errand }), cancellationToken) is RegistryAnswer<T>.Ok answer)
            {
                return answer;
            }
        }

        return await _places[^1].AskAsync(access => ask(access with { Errand = errand }), cancellationToken);
    }

    private RegistryProblem Refused(string digest, string why)
    {
        facts.Refuse(digest, why);
        return Unusable(digest, why);
    }

    private RegistryProblem Unusable(string digest, string why) =>
        new(RegistryProblemKind.InvalidAnswer, $"cannot use {repository}@{digest}: {why}");
}

/// <summary>What a tag is on, and what could be learned of that.</summary>
internal sealed record TaggedImage(string Digest, RegistryAnswer<ImageFacts> Facts);
