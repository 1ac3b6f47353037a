using System.Diagnostics;
using Slipway.Conditions;
using Slipway.Images;

namespace Slipway.Signatures;

/// <summary>
/// Decides whether what was found beside an image is what is required of it. One good signature suffices, whatever else is there; where
/// there is none, the one that came nearest to it says why.
/// </summary>
public static class SignatureJudge
{
    public static Verification Judge(SignatureQuestion question, IReadOnlyList<SignatureEvidence> evidence)
    {
        foreach (var requirement in question.Requirements)
        {
            if ((SignatureFault(question, requirement, evidence) ?? AttestationFault(question, requirement, evidence)) is { } fault)
            {
                return new Verification.Refused(question.Digest, fault.Reason, $"{fault.Why} (required by {requirement.By})");
            }
        }

        return new Verification.Verified(question.Digest);
    }

    /// <summary>Why something is not what is required. The higher the rank, the nearer it came.</summary>
    private sealed record Fault(int Rank, string Reason, string Why);

    private static readonly Fault None = new(-1, "", "");

    private static Fault? SignatureFault(SignatureQuestion question, SignatureRequirement requirement, IReadOnlyList<SignatureEvidence> evidence)
    {
        Fault nearest = new(0, Reasons.SignatureMissing, $"{question.Digest} has no signature in {question.Repository}; sign it with 'cosign sign --key', and it is found within minutes");
        foreach (var found in evidence)
        {
            var fault = found switch
            {
                SignatureEvidence.Simple simple => SimpleFault(question, requirement, simple),
                SignatureEvidence.Envelope envelope => EnvelopeFault(question, requirement, envelope),
                SignatureEvidence.Unusable unusable => Unreadable(unusable.Where, unusable.Why),
                _ => throw new UnreachableException($"unknown evidence {found}"),
            };
            if (fault is null)
            {
                return null;
            }

            nearest = fault.Rank > nearest.Rank ? fault : nearest;
        }

        return nearest;
    }

    private static Fault? SimpleFault(SignatureQuestion question, SignatureRequirement requirement, SignatureEvidence.Simple found)
    {
        if (SignedJson.Bytes(found.Signature) is not { } signature)
        {
            return Unreadable(found.Where, "it has no signature in base64");
        }

        // The signature first: what is not signed is not read.
        return !requirement.Keys.Any(key => key.Verifies(found.Payload.Span, signature)) ? Invalid(requirement, found.Where)
            : SimpleSigning.TryParse(found.Payload, out var why) is { } claim ? ClaimFault(question, requirement, found.Where, claim)
            : Unreadable(found.Where, $"what was signed is no simple-signing payload: {why}");
    }

    private static Fault? ClaimFault(SignatureQuestion question, SignatureRequirement requirement, string where, SimpleSigning claim)
    {
        if (claim.ManifestDigest != question.Digest)
        {
            return OtherDigest(where, claim.ManifestDigest);
        }

        if (!ImageReference.TryParse(claim.DockerReference, out var name, out _))
        {
            return OtherRepository(where, question, requirement, claim.DockerReference);
        }

        return !Same(name.Repository, requirement.SignedIdentity ?? question.Repository) ? OtherRepository(where, question, requirement, claim.DockerReference)
            : name.Digest is { } digest && digest != question.Digest ? OtherDigest(where, digest)
            : name.Tag is { } tag && !question.Tags.Contains(tag)
                ? new(5, Reasons.SignatureForOtherTag, $"{where} is for the tag {UntrustedText.Quote(tag)} and not for {string.Join(" or ", question.Tags)}; sign the image under this tag")
            : null;
    }

    // An envelope that is signed as another kind of statement is no signature: that a scan took place is not that it found nothing.
    private static Fault? EnvelopeFault(SignatureQuestion question, SignatureRequirement requirement, SignatureEvidence.Envelope found)
    {
        if (DsseEnvelope.TryParse(found.Bytes, out var why) is not { } envelope)
        {
            return Unreadable(found.Where, why);
        }

        var statement = StatementIn(envelope);
        return statement?.PredicateType != InTotoStatement.SignaturePredicate ? None
            : !envelope.IsSignedBy(requirement.Keys) ? Invalid(requirement, found.Where)
            : statement.About(question.Digest) is not { } subject ? OtherDigest(found.Where, statement.Subjects.SelectMany(other => other.Digests).FirstOrDefault() ?? "")
            // cosign gives its subjects no name; where there is one it must be right.
            : subject.Name is { } name && !(ImageReference.TryParse(name, out var image, out _) && Same(image.Repository, requirement.SignedIdentity ?? question.Repository))
                ? OtherRepository(found.Where, question, requirement, name)
            : null;
    }

    private static Fault? AttestationFault(SignatureQuestion question, SignatureRequirement requirement, IReadOnlyList<SignatureEvidence> evidence)
    {
        foreach (var predicate in requirement.PredicateTypes)
        {
            if (AttestationFault(question, requirement, predicate, evidence) is { } why)
            {
                return new(0, Reasons.AttestationMissing, $"{question.Digest} has no attestation {UntrustedText.Quote(predicate)}{why}; make it with 'cosign attest --key'");
            }
        }

        return null;
    }

    private static string? AttestationFault(SignatureQuestion question, SignatureRequirement requirement, string predicate, IReadOnlyList<SignatureEvidence> evidence)
    {
        var nearest = "";
        foreach (var found in evidence.OfType<SignatureEvidence.Envelope>())
        {
            if (DsseEnvelope.TryParse(found.Bytes, out _) is not { } envelope || StatementIn(envelope) is not { } statement || statement.PredicateType != predicate)
            {
                continue;
            }

            if (!envelope.IsSignedBy(requirement.Keys))
            {
                nearest = $": {found.Where} has one that none of the keys signed";
            }
            else if (statement.About(question.Digest) is null)
            {
                nearest = $": {found.Where} has one that is about another image";
            }
            else
            {
                return null;
            }
        }

        return nearest;
    }

    private static InTotoStatement? StatementIn(DsseEnvelope envelope) =>
        envelope.PayloadType == InTotoStatement.PayloadType ? InTotoStatement.TryParse(envelope.Payload) : null;

    // Names of hosts have no case.
    private static bool Same(RepositoryName one, RepositoryName other) =>
        one.Path == other.Path && one.Domain.Equals(other.Domain, StringComparison.OrdinalIgnoreCase);

    private static Fault Unreadable(string where, string why) => new(1, Reasons.SignatureUnreadable, $"{where} cannot be used: {why}; sign the image again");

    private static Fault Invalid(SignatureRequirement requirement, string where) => new(
        2, Reasons.SignatureInvalid, $"{where} is by none of the keys {string.Join(", ", requirement.Keys)}; sign the image with one of them, or add the key that it was signed with");

    private static Fault OtherDigest(string where, string digest) => new(3, Reasons.SignatureForOtherDigest, $"{where} is for another image, {UntrustedText.Quote(digest)}; sign this one");

    private static Fault OtherRepository(string where, SignatureQuestion question, SignatureRequirement requirement, string name) => new(
        4,
        Reasons.SignatureForOtherRepository,
        $"{where} is for {UntrustedText.Quote(name)} and not for {requirement.SignedIdentity ?? question.Repository}; sign the image under this name, or say in signedIdentity that the other is meant");
}
