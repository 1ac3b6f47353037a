using Slipway.Images;

namespace Slipway.Registry;

/// <summary>Whose repository is read, and as whom: the credential must be one that matched this repository, and is sent to its registry only.</summary>
public sealed record RegistryAccess(RepositoryName Repository, RegistryCredential? Credential = null)
{
    /// <summary>What it is read for; null where nobody waits in line for it.</summary>
    public Errand? Errand { get; init; }

    /// <summary>Whether the credential is the controller's own, rather than of a pull secret: it is mended in another place.</summary>
    public bool IsControllers { get; init; }
}

/// <summary>The tags of a repository, all of them.</summary>
/// <param name="Tags">Null where they are those that the asker already knew by their fingerprint.</param>
public sealed record TagList(TagFingerprint Fingerprint, IReadOnlyList<string>? Tags);

/// <summary>Tells one list of tags from another, and is all that is kept of a list between two looks.</summary>
public readonly record struct TagFingerprint(UInt128 Hash)
{
    /// <summary>By which the server can tell that the list is still the same; null where it gave none, or one for a part of the list only.</summary>
    public string? Validator { get; init; }

    public bool Equals(TagFingerprint other) => Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();
}

/// <summary>Where a tag is.</summary>
/// <param name="Validator">By which the server can tell that it is still there; null where it gave none.</param>
public sealed record TagTarget(string Digest, string? Validator = null);

/// <summary>A manifest that was asked for by tag.</summary>
/// <param name="Digest">What these bytes are, and what the registry says that they are where it says it.</param>
public sealed record TaggedManifest(string Digest, ReadOnlyMemory<byte> Bytes);
