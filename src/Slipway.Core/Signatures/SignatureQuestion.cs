using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Signatures;

/// <summary>May this image be deployed? All requirements must hold: what a cluster requires no tenant takes away.</summary>
/// <param name="Digest">What would be written to the workload; of an image for several platforms, the digest of its index.</param>
/// <param name="Tags">The names under which the policy knows it: the version and, where that is another one, the tag that is followed.</param>
public sealed record SignatureQuestion(RepositoryName Repository, string Digest, ImmutableArray<string> Tags, ImmutableArray<SignatureRequirement> Requirements)
{
    /// <summary>Two questions with the same identity have the same answer for ever, once it is yes.</summary>
    public string Identity => string.Join('\n', [$"{Repository}@{Digest}", string.Join(' ', Tags), .. Requirements.Select(requirement => requirement.Identity)]);

    /// <summary>The kinds of attestations that are worth a download.</summary>
    public bool Wants(string predicateType) =>
        predicateType == InTotoStatement.SignaturePredicate || Requirements.Any(requirement => requirement.PredicateTypes.Contains(predicateType));

    public bool WantsAttestations => Requirements.Any(requirement => !requirement.PredicateTypes.IsEmpty);
}

/// <summary>What one party requires: a signature by one of its keys, and attestations of these types by one of its keys.</summary>
/// <param name="By">Who requires it, in words: "spec.source.verify", "the image policy for ghcr.io/acme/**".</param>
/// <param name="SignedIdentity">The repository that the signature must name; null: the one that is deployed from.</param>
public sealed record SignatureRequirement(
    string By, ImmutableArray<VerificationKey> Keys, ImmutableArray<string> PredicateTypes, RepositoryName? SignedIdentity = null)
{
    public string Identity => string.Join(
        ' ',
        [.. Keys.Select(key => key.Fingerprint).Order(StringComparer.Ordinal), "|", .. PredicateTypes.Order(StringComparer.Ordinal), "|", $"{SignedIdentity}"]);
}

/// <summary>Something that was found beside an image and may be a signature or an attestation. None of it is believed yet.</summary>
/// <param name="Where">For messages: "the tag sha256-….sig".</param>
public abstract record SignatureEvidence(string Where)
{
    /// <param name="Signature">In base64, as the annotation has it; null where there was none.</param>
    public sealed record Simple(string Where, ReadOnlyMemory<byte> Payload, string? Signature) : SignatureEvidence(Where);

    public sealed record Envelope(string Where, ReadOnlyMemory<byte> Bytes) : SignatureEvidence(Where);

    /// <summary>It is there and cannot be used: its bytes are not those of its digest, it is too large, it is no signature.</summary>
    public sealed record Unusable(string Where, string Why) : SignatureEvidence(Where);
}
