using System.Buffers.Binary;
using System.Security.Cryptography;
using Slipway.Images;

namespace Slipway.Registry;

// What can be asked; how it is asked is in the other half.
public sealed partial class RegistryClient
{
    // A registry with nothing but empty pages would keep us busy without ever reaching a limit on tags.
    private const int MaxEmptyPages = 3;

    // And one with a tag on each would keep us busy for long. Honest servers have fifty tags on a page, or more.
    private const int ManyPages = 100;
    private const int LeastTagsPerPage = 20;

    /// <summary>The digest that a tag is on now. Costs nothing on registries that count pulls, unless they do not tell the digest.</summary>
    public async Task<RegistryAnswer<string>> ResolveAsync(RegistryAccess access, string tag, CancellationToken cancellationToken) =>
        (await ResolveAsync(access, tag, known: null, cancellationToken)).IsOk(out var target, out var problem) ? target.Digest : problem;

    /// <param name="known">Where the tag was, so that the server can say that it is there still.</param>
    public async Task<RegistryAnswer<TagTarget>> ResolveAsync(RegistryAccess access, string tag, TagTarget? known, CancellationToken cancellationToken)
    {
        var verb = $"resolve {access.Repository}:{tag}";
        var answer = await AskForManifestAsync(access, HttpMethod.Head, tag, verb, cancellationToken, known?.Validator);
        if (!answer.IsOk(out var head, out var problem))
        {
            return problem;
        }

        if (head.Digest is { } digest && !head.IsNotModified)
        {
            return ContentDigest.IsValid(digest) ? new TagTarget(digest, EntityTag.StrongOf(head.Validator)) : NoDigest(access, verb);
        }

        // Some tell no digest, but when it is another one.
        if (known?.Validator is not null && (head.IsNotModified || head.Validator == known.Validator))
        {
            return known;
        }

        // The header is recommended only (distribution spec, "Pulling manifests"). Without it, the bytes must say it.
        answer = await AskForManifestAsync(access, HttpMethod.Get, tag, verb, cancellationToken, known?.Validator);
        return !answer.IsOk(out var manifest, out problem) ? problem
            : manifest.IsNotModified ? known!
            : new TagTarget(Digest.OfSha256(manifest.Body.Span), EntityTag.StrongOf(manifest.Validator));
    }

    /// <summary>The digest that a tag is on now, and the bytes: where both are wanted this is one request. On Docker Hub it is a pull.</summary>
    public async Task<RegistryAnswer<TaggedManifest>> GetTaggedManifestAsync(RegistryAccess access, string tag, CancellationToken cancellationToken)
    {
        var verb = $"read {access.Repository}:{tag}";
        if (!(await AskForManifestAsync(access, HttpMethod.Get, tag, verb, cancellationToken)).IsOk(out var response, out var problem))
        {
            return problem;
        }

        if (response.Digest is { } told && !ContentDigest.IsValid(told))
        {
            return NoDigest(access, verb);
        }

        var digest = response.Digest ?? Digest.OfSha256(response.Body.Span);
        return Verified(access, digest, verb, response.Body).IsOk(out var bytes, out problem) ? new TaggedManifest(digest, bytes) : problem;
    }

    /// <summary>The bytes of a manifest, and only those that <paramref name="digest"/> names.</summary>
    public async Task<RegistryAnswer<ReadOnlyMemory<byte>>> GetManifestAsync(RegistryAccess access, string digest, CancellationToken cancellationToken)
    {
        var verb = $"read {access.Repository}@{digest}";
        var answer = await AskForManifestAsync(access, HttpMethod.Get, digest, verb, cancellationToken);
        return answer.IsOk(out var response, out var problem) ? Verified(access, digest, verb, response.Body) : problem;
    }

    /// <summary>The bytes of a small blob such as an image's config, and only those that <paramref name="digest"/> names.</summary>
    /// <param name="maxBytes">Null: as much as a document may have.</param>
    public async Task<RegistryAnswer<ReadOnlyMemory<byte>>> GetBlobAsync(RegistryAccess access, string digest, CancellationToken cancellationToken, int? maxBytes = null)
    {
        var verb = $"read the blob {digest} of {access.Repository}";
        if (!NewCall(access, HttpMethod.Get, $"blobs/{digest}", verb, maxBytes ?? _options.MaxDocumentBytes).IsOk(out var call, out var problem))
        {
            return problem;
        }

        var answer = await AskAsync(access, call, RegistryProblemKind.InvalidAnswer, cancellationToken);
        return answer.IsOk(out var response, out problem) ? Verified(access, digest, verb, response.Body) : problem;
    }

    /// <summary>All tags of the repository, or the problem that kept them from being all: never a part of them.</summary>
    /// <param name="known">The fingerprint of the list that the caller has drawn its conclusions from already.</param>
    public async Task<RegistryAnswer<TagList>> ListTagsAsync(RegistryAccess access, TagFingerprint? known, CancellationToken cancellationToken)
    {
        var verb = $"list the tags of {access.Repository}";
        if (!NewCall(access, HttpMethod.Get, $"tags/list?n={_options.PageSize}", verb, _options.MaxListBytes).IsOk(out var call, out var problem))
        {
            return problem;
        }

        using var list = await HostOf(call).BeginListAsync(access, cancellationToken);
        call = call with { IfNoneMatch = known?.Validator };
        var (pages, started) = (new TagPages(_options), _time.GetTimestamp());
        while (true)
        {
            if (!(await AskAsync(access, call, RegistryProblemKind.RepositoryNotFound, cancellationToken)).IsOk(out var response, out problem))
            {
                return problem;
            }

            if (response.IsNotModified)
            {
                return new TagList(known!.Value, null);
            }

            var (next, fault) = pages.Add(response.Body, NextPage.From(response.Link, call.Address));
            if (fault is not null)
            {
                return new RegistryProblem(RegistryProblemKind.InvalidAnswer, $"cannot {verb}: {access.Repository.Domain}: {fault}; nothing is concluded from a part of a list");
            }

            if (next is null)
            {
                return pages.ToList(known, response.Validator);
            }

            if (_time.GetElapsedTime(started) > _options.ListTimeout)
            {
                return new RegistryProblem(RegistryProblemKind.InvalidAnswer, $"cannot {verb}: {access.Repository.Domain}: the list does not end within {_options.ListTimeout.TotalSeconds:0} s");
            }

            call = call with { Address = next, IfNoneMatch = null };
        }
    }

    internal async Task<RegistryAnswer<RegistryResponse>> AskForManifestAsync(
        RegistryAccess access, HttpMethod method, string reference, string verb, CancellationToken cancellationToken, string? ifNoneMatch = null)
    {
        if (!ReferenceGrammar.IsTag(reference) && !ContentDigest.IsValid(reference))
        {
            return new RegistryProblem(RegistryProblemKind.TagNotFound, $"cannot {verb}: this is neither a tag nor a digest");
        }

        return NewCall(access, method, $"manifests/{reference}", verb, _options.MaxDocumentBytes).IsOk(out var call, out var problem)
            ? await AskAsync(access, call with { Accept = ImageManifest.Accept, IfNoneMatch = ifNoneMatch }, RegistryProblemKind.TagNotFound, cancellationToken)
            : problem;
    }

    private static RegistryProblem NoDigest(RegistryAccess access, string verb) =>
        new(RegistryProblemKind.InvalidAnswer, $"cannot {verb}: {access.Repository.Domain} names a digest that is none");

    private static RegistryAnswer<ReadOnlyMemory<byte>> Verified(RegistryAccess access, string digest, string verb, ReadOnlyMemory<byte> bytes) =>
        ContentDigest.Matches(digest, bytes.Span)
            ? bytes
            : new RegistryProblem(
                RegistryProblemKind.DigestMismatch,
                $"cannot {verb}: the bytes that {access.Repository.Domain} sends are those of {Digest.OfSha256(bytes.Span)}; do not trust this registry, or what stands before it");

    // The pages of one list, as bytes: they become strings only where the list is another one than last time.
    private sealed class TagPages(RegistryOptions options)
    {
        private readonly List<ReadOnlyMemory<byte>> _pages = [];
        private readonly HashSet<Uri> _visited = [];
        private int _tags;
        private int _bytes;
        private int _empty;

        /// <summary>The next page's address, null after the last page; or why the list cannot be completed.</summary>
        public (Uri? Next, string? Fault) Add(ReadOnlyMemory<byte> page, NextPage next)
        {
            if (TagPage.Count(page.Span) is not { } count)
            {
                return (null, "the answer is no list of tags");
            }

            var repeats = _pages.Count > 0 && count > 0 && page.Span.SequenceEqual(_pages[^1].Span);
            _pages.Add(page);
            _tags += count;
            _bytes += page.Length;
            _empty += count == 0 ? 1 : 0;
            return next switch
            {
                _ when _tags > options.MaxTags => (null, $"it has more than {options.MaxTags} tags; delete the old ones"),
                _ when _bytes > options.MaxListBytes => (null, $"its tags are more than {options.MaxListBytes / 1024 / 1024} MiB; delete the old ones"),
                NextPage.None => (null, null),
                NextPage.Refused refused => (null, refused.Why),
                _ when _pages.Count >= options.MaxPages => (null, $"the list does not end after {options.MaxPages} pages"),
                _ when _empty > MaxEmptyPages => (null, "the list goes on with empty pages"),
                _ when repeats => (null, "its pages repeat themselves"),
                _ when _pages.Count >= ManyPages && _tags < LeastTagsPerPage * _pages.Count => (null, $"the list goes on after {_pages.Count} pages with next to nothing on them"),
                NextPage.At at when !_visited.Add(at.Address) => (null, "its pages lead in a circle"),
                NextPage.At at => (at.Address, null),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        /// <param name="validator">Of the last page. It is the list's where that is the only one: a first page stays the same when a later one grows.</param>
        public TagList ToList(TagFingerprint? known, string? validator)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var page in _pages)
            {
                hash.AppendData(page.Span);
            }

            var fingerprint = new TagFingerprint(BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset())) { Validator = _pages.Count == 1 ? validator : null };
            if (fingerprint == known)
            {
                return new TagList(fingerprint, null);
            }

            var tags = new List<string>(_tags);
            foreach (var page in _pages)
            {
                TagPage.AddTo(tags, page.Span);
            }

            return new TagList(fingerprint, tags);
        }
    }
}
