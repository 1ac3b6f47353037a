using Slipway.Conditions;
using Slipway.Signatures;

namespace Slipway.Registry.Signatures;

/// <summary>What became of one search for signatures.</summary>
/// <param name="RetryAfter">How long the registry is to be left alone, where it said so.</param>
internal sealed record SignatureAnswer(Verification Verification, TimeSpan? RetryAfter = null);

/// <summary>
/// Looks beside one image for what is required of it: in the places where signatures are kept, the most usual first, and no further than
/// until enough was found. What is there and cannot be used is evidence too; what could not be asked leaves the question open.
/// </summary>
internal sealed class SignatureReader(RepositorySession session, SignatureQuestion question)
{
    // Of all places together. Who floods an image with signatures to hide the good one could as well delete it.
    private const int MaxDocuments = 64;

    // Of all payloads together: two attestations of the largest kind, with room for what is usual.
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly List<SignatureEvidence> _found = [];
    private readonly Dictionary<string, RegistryAnswer<ReadOnlyMemory<byte>>> _blobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _manifests = new(StringComparer.Ordinal);
    private RegistryProblem? _problem;
    private long _bytes;

    public async Task<SignatureAnswer> AnswerAsync(CancellationToken cancellationToken)
    {
        var verdict = SignatureJudge.Judge(question, _found);
        foreach (var place in Places())
        {
            await place(cancellationToken);
            verdict = SignatureJudge.Judge(question, _found);
            if (verdict is Verification.Verified || _problem is { ConcernsHost: true })
            {
                break;
            }
        }

        return verdict is Verification.Verified || _problem is not { } problem ? new(verdict) : new(
            new Verification.Refused(question.Digest, Reasons.VerificationUnavailable, $"whether it is signed could not be found out: {problem.Message}; it is tried again"),
            problem.RetryAfter);
    }

    private IEnumerable<Func<CancellationToken, Task>> Places()
    {
        yield return stop => ReadTagAsync(SignatureManifest.SignatureTagOf(question.Digest), stop);
        if (question.WantsAttestations)
        {
            yield return stop => ReadTagAsync(SignatureManifest.AttestationTagOf(question.Digest), stop);
        }

        yield return ReadReferrersAsync;
    }

    private async Task ReadTagAsync(string tag, CancellationToken cancellationToken)
    {
        if (await DigestOfAsync(tag, cancellationToken) is { } digest)
        {
            await ReadManifestAsync(digest, $"the tag {tag}", cancellationToken);
        }
    }

    private async Task ReadReferrersAsync(CancellationToken cancellationToken)
    {
        var answer = await session.ListReferrersAsync(question.Digest, cancellationToken);
        if (answer.IsOk(out var referrers, out var problem))
        {
            await ReadReferrersAsync(referrers, cancellationToken);
        }
        else if (problem.Status is 400 or 404 or 405 or 406)
        {
            // The registry does not know the question, so that the clients keep the list. The spec has 404; others are what is met with.
            await ReadReferrersTagAsync(cancellationToken);
        }
        else
        {
            _problem ??= problem;
        }
    }

    private async Task ReadReferrersTagAsync(CancellationToken cancellationToken)
    {
        var tag = Referrer.TagOf(question.Digest);
        if (await DigestOfAsync(tag, cancellationToken) is not { } digest)
        {
            return;
        }

        if (!(await session.GetManifestAsync(digest, cancellationToken)).IsOk(out var bytes, out var problem))
        {
            Note($"the tag {tag}", problem);
        }
        else if (Referrer.TryParse(bytes) is { } referrers)
        {
            await ReadReferrersAsync(referrers, cancellationToken);
        }
        else
        {
            _found.Add(new SignatureEvidence.Unusable($"the tag {tag}", "it is no index"));
        }
    }

    private async Task ReadReferrersAsync(IEnumerable<Referrer> referrers, CancellationToken cancellationToken)
    {
        foreach (var referrer in referrers.Where(referrer => referrer.MayBeSignature && (referrer.PredicateType is not { } predicate || question.Wants(predicate))).TakeLast(MaxDocuments))
        {
            await ReadManifestAsync(referrer.Digest, $"the referrer {referrer.Digest}", cancellationToken);
        }
    }

    private async Task ReadManifestAsync(string digest, string where, CancellationToken cancellationToken)
    {
        if (IsFull || !_manifests.Add(digest))
        {
            return;
        }

        if (!(await session.GetManifestAsync(digest, cancellationToken)).IsOk(out var bytes, out var problem))
        {
            Note(where, problem);
            return;
        }

        if (SignatureManifest.TryParse(bytes) is not { } manifest)
        {
            _found.Add(new SignatureEvidence.Unusable(where, "it is no manifest with layers"));
            return;
        }

        // cosign adds at the end: the newest are the last.
        foreach (var layer in manifest.Layers.Where(IsWanted).TakeLast(MaxDocuments))
        {
            await ReadLayerAsync(layer, where, cancellationToken);
        }
    }

    private bool IsWanted(SignatureLayer layer) => layer.IsSimple || (layer.IsEnvelope && (layer.PredicateType is not { } predicate || question.Wants(predicate)));

    private bool IsFull => _found.Count >= MaxDocuments || _problem is { ConcernsHost: true };

    private async Task ReadLayerAsync(SignatureLayer layer, string where, CancellationToken cancellationToken)
    {
        var most = layer.IsSimple ? SimpleSigning.MaxBytes : DsseEnvelope.MaxBytes;
        if (IsFull)
        {
            return;
        }

        if (layer.Size > most)
        {
            _found.Add(new SignatureEvidence.Unusable(where, $"its payload of {layer.Size / 1024} KiB is larger than {most / 1024} KiB"));
            return;
        }

        if (_bytes + layer.Size > MaxBytes || _bytes > MaxBytes)
        {
            _found.Add(new SignatureEvidence.Unusable(where, $"what is beside the image has more than {MaxBytes / 1024 / 1024} MiB"));
            return;
        }

        // Several signatures of one payload are several layers with the same bytes.
        if (!_blobs.TryGetValue(layer.Digest, out var answer))
        {
            answer = await session.GetBlobAsync(layer.Digest, most, cancellationToken);
            _blobs[layer.Digest] = answer;
            _bytes += answer.IsOk(out var read, out _) ? read.Length : 0;
        }

        if (!answer.IsOk(out var payload, out var problem))
        {
            Note(where, problem);
            return;
        }

        _found.Add(layer.IsSimple ? new SignatureEvidence.Simple(where, payload, layer.Signature) : new SignatureEvidence.Envelope(where, payload));
    }

    // Null where there is no such tag, or it could not be asked for.
    private async Task<string?> DigestOfAsync(string tag, CancellationToken cancellationToken)
    {
        var answer = await session.ResolveAsync(tag, cancellationToken);
        if (!answer.IsOk(out var digest, out var problem) && problem.Kind is not (RegistryProblemKind.TagNotFound or RegistryProblemKind.RepositoryNotFound))
        {
            _problem ??= problem;
        }

        return digest;
    }

    // Bytes that are wrong are a fact about what is there; no answer is a fact about the moment.
    private void Note(string where, RegistryProblem problem)
    {
        if (problem.Kind is RegistryProblemKind.DigestMismatch or RegistryProblemKind.InvalidAnswer or RegistryProblemKind.TagNotFound)
        {
            _found.Add(new SignatureEvidence.Unusable(where, problem.Message));
        }
        else
        {
            _problem ??= problem;
        }
    }
}
