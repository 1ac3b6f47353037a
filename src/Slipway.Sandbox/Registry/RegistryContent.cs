using System.Collections.Immutable;

namespace Slipway.Sandbox.Registry;

/// <summary>
/// What the registry holds: blobs by digest, and per repository its manifests, its tags and the blobs it may show.
/// A blob that one repository has is not to be had from another, unless it was mounted there.
/// </summary>
public sealed class RegistryContent
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _blobs = [];
    private readonly SortedDictionary<string, Repository> _repositories = new(StringComparer.Ordinal);

    public ImmutableArray<string> Repositories
    {
        get
        {
            lock (_gate)
            {
                return [.. _repositories.Keys];
            }
        }
    }

    /// <returns>In the order of their bytes, as the spec wants it; null for a repository that does not exist.</returns>
    public ImmutableArray<string>? Tags(string repository)
    {
        lock (_gate)
        {
            return _repositories.GetValueOrDefault(repository) is { } found ? [.. found.Tags.Keys] : null;
        }
    }

    /// <returns>The digest a tag points to, or null.</returns>
    public string? Resolve(string repository, string tag)
    {
        lock (_gate)
        {
            return _repositories.GetValueOrDefault(repository)?.Tags.GetValueOrDefault(tag);
        }
    }

    public StoredManifest? FindManifest(string repository, string reference)
    {
        lock (_gate)
        {
            var found = _repositories.GetValueOrDefault(repository);
            var digest = ContentDigest.IsDigest(reference) ? reference : found?.Tags.GetValueOrDefault(reference);
            return digest is null ? null : found?.Manifests.GetValueOrDefault(digest);
        }
    }

    public ReadOnlyMemory<byte>? FindBlob(string repository, string digest)
    {
        lock (_gate)
        {
            // A bare null would turn into an empty blob: memory is implicitly made from an array.
            return _repositories.GetValueOrDefault(repository)?.Blobs.Contains(digest) is true ? _blobs[digest] : default(ReadOnlyMemory<byte>?);
        }
    }

    public string PutBlob(string repository, ReadOnlyMemory<byte> content)
    {
        var digest = ContentDigest.Of(content.Span);
        lock (_gate)
        {
            _blobs[digest] = content;
            Open(repository).Blobs.Add(digest);
        }

        return digest;
    }

    /// <returns>False where <paramref name="from"/> has no such blob.</returns>
    public bool MountBlob(string from, string to, string digest)
    {
        lock (_gate)
        {
            if (_repositories.GetValueOrDefault(from)?.Blobs.Contains(digest) is not true)
            {
                return false;
            }

            Open(to).Blobs.Add(digest);
            return true;
        }
    }

    /// <returns>The first digest that the manifest needs and the repository lacks; null when all are there, and the manifest is now too.</returns>
    public string? PutManifest(string repository, StoredManifest manifest, params ReadOnlySpan<string> tags)
    {
        lock (_gate)
        {
            var held = _repositories.GetValueOrDefault(repository);
            foreach (var digest in manifest.Needs)
            {
                if (held is null || !(MediaTypes.IsIndex(manifest.MediaType) ? held.Manifests.ContainsKey(digest) : held.Blobs.Contains(digest)))
                {
                    return digest;
                }
            }

            var repo = Open(repository);
            repo.Manifests[manifest.Digest] = manifest;
            foreach (var tag in tags)
            {
                repo.Tags[tag] = manifest.Digest;
            }

            return null;
        }
    }

    /// <summary>Points a tag to a manifest that is there, as a push of the same bytes under that tag would.</summary>
    /// <returns>False where the repository has no such manifest.</returns>
    public bool Tag(string repository, string tag, string digest)
    {
        lock (_gate)
        {
            if (_repositories.GetValueOrDefault(repository) is not { } found || !found.Manifests.ContainsKey(digest))
            {
                return false;
            }

            found.Tags[tag] = digest;
            return true;
        }
    }

    public bool Untag(string repository, string tag)
    {
        lock (_gate)
        {
            return _repositories.GetValueOrDefault(repository)?.Tags.Remove(tag) is true;
        }
    }

    /// <summary>Deletes a manifest and every tag on it.</summary>
    public bool DeleteManifest(string repository, string digest)
    {
        lock (_gate)
        {
            if (_repositories.GetValueOrDefault(repository) is not { } found || !found.Manifests.Remove(digest))
            {
                return false;
            }

            foreach (var tag in found.Tags.Where(tag => tag.Value == digest).Select(tag => tag.Key).ToArray())
            {
                found.Tags.Remove(tag);
            }

            return true;
        }
    }

    public bool DeleteBlob(string repository, string digest)
    {
        lock (_gate)
        {
            return _repositories.GetValueOrDefault(repository)?.Blobs.Remove(digest) is true;
        }
    }

    /// <summary>The manifests whose subject is the digest, ordered by their own.</summary>
    public ImmutableArray<StoredManifest> Referrers(string repository, string digest)
    {
        lock (_gate)
        {
            return _repositories.GetValueOrDefault(repository) is { } found
                ? [.. found.Manifests.Values.Where(manifest => manifest.Subject == digest).OrderBy(manifest => manifest.Digest, StringComparer.Ordinal)]
                : [];
        }
    }

    private Repository Open(string name)
    {
        if (!_repositories.TryGetValue(name, out var found))
        {
            _repositories[name] = found = new Repository();
        }

        return found;
    }

    private sealed class Repository
    {
        public HashSet<string> Blobs { get; } = [];

        public Dictionary<string, StoredManifest> Manifests { get; } = [];

        public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }
}
