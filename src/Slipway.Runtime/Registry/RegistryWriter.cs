using System.Text.Json;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>A manifest as it lies in the registry, to be put there again under another tag.</summary>
/// <param name="Digest">Of <paramref name="Bytes"/>: it was computed, not only read.</param>
public sealed record StoredManifest(string Digest, string MediaType, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Moves and removes tags (OCI distribution spec v1.1). For people and CI: the controller has no writer. It shares the connections, logins
/// and patience of the client that it is made of, but asks for tokens that allow to write, one by one.
/// </summary>
public sealed class RegistryWriter(RegistryClient client)
{
    private const string Push = "pull,push";

    // Registries differ in whether deleting is a right of its own; a token service leaves out what it does not know.
    private const string Delete = "pull,push,delete";

    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>The bytes of a manifest with the type under which the registry has them. On Docker Hub this counts as a pull.</summary>
    public async Task<RegistryAnswer<StoredManifest>> ReadAsync(RegistryAccess access, string reference, CancellationToken cancellationToken)
    {
        var separator = ContentDigest.IsValid(reference) ? '@' : ':';
        var verb = $"read {access.Repository}{separator}{reference}";
        if (!(await client.AskForManifestAsync(access, HttpMethod.Get, reference, verb, cancellationToken)).IsOk(out var response, out var problem))
        {
            return problem;
        }

        var claimed = separator == '@' ? reference : response.Digest;
        if (claimed is not null && !(ContentDigest.IsValid(claimed) && ContentDigest.Matches(claimed, response.Body.Span)))
        {
            return new RegistryProblem(
                RegistryProblemKind.DigestMismatch,
                $"cannot {verb}: the bytes that {access.Repository.Domain} sends are those of {Digest.OfSha256(response.Body.Span)}; do not trust this registry, or what stands before it");
        }

        return MediaTypeOf(response) is { } type
            ? new StoredManifest(claimed ?? Digest.OfSha256(response.Body.Span), type, response.Body)
            : new RegistryProblem(RegistryProblemKind.InvalidAnswer, $"cannot {verb}: {access.Repository.Domain} sends no manifest");
    }

    /// <summary>Puts the same bytes under the tag, so that the digest stays, and then looks whether it did.</summary>
    public async Task<RegistryAnswer<string>> PutAsync(RegistryAccess access, string tag, StoredManifest manifest, CancellationToken cancellationToken)
    {
        var verb = $"put {access.Repository}:{tag} on {manifest.Digest}";
        if (!NewCall(access, HttpMethod.Put, tag, verb, Push).IsOk(out var call, out var problem))
        {
            return problem;
        }

        call = call with { Payload = new RegistryPayload(manifest.Bytes, manifest.MediaType) };
        if (!(await client.AskAsync(access, call, RegistryProblemKind.RepositoryNotFound, cancellationToken)).IsOk(out var answer, out problem))
        {
            return problem;
        }

        if (!answer.IsSuccess)
        {
            return Refusal(access, verb).OfPut(answer.Status, RegistryErrors.Codes(answer.Body.Span));
        }

        var now = await client.ResolveAsync(access, tag, cancellationToken);
        return now.IsOk(out var digest, out problem) && digest != manifest.Digest
            ? new RegistryProblem(
                RegistryProblemKind.DigestMismatch,
                $"{access.Repository}:{tag} was put on {manifest.Digest} and is on {digest}: somebody moved it at the same time, or the registry rewrites manifests; try again")
            : now;
    }

    /// <summary>Removes a tag, or by its digest a manifest with all tags that are on it.</summary>
    public async Task<RegistryAnswer<bool>> RemoveAsync(RegistryAccess access, string reference, CancellationToken cancellationToken)
    {
        var byTag = !ContentDigest.IsValid(reference);
        var verb = byTag ? $"remove the tag {access.Repository}:{reference}" : $"remove {access.Repository}@{reference}";
        if (!NewCall(access, HttpMethod.Delete, reference, verb, Delete).IsOk(out var call, out var problem))
        {
            return problem;
        }

        if (!(await client.AskAsync(access, call, RegistryProblemKind.TagNotFound, cancellationToken)).IsOk(out var answer, out problem))
        {
            return problem;
        }

        return answer.IsSuccess ? true : Refusal(access, verb).OfDelete(answer.Status, RegistryErrors.Codes(answer.Body.Span), byTag);
    }

    private RegistryAnswer<RegistryCall> NewCall(RegistryAccess access, HttpMethod method, string reference, string verb, string actions)
    {
        if (!ReferenceGrammar.IsTag(reference) && !ContentDigest.IsValid(reference))
        {
            return new RegistryProblem(RegistryProblemKind.TagNotFound, $"cannot {verb}: this is neither a tag nor a digest");
        }

        // What is redirected is asked for again as something else; a write goes where it was meant to go, or nowhere.
        return client.NewCall(access, method, $"manifests/{reference}", verb, MaxAnswerBytes).IsOk(out var call, out var problem)
            ? call with { Actions = actions, Explained = WriteRefusal.Statuses, FollowsRedirects = false }
            : problem;
    }

    private static WriteRefusal Refusal(RegistryAccess access, string verb) => new(verb, access.Repository, access.Credential is not null);

    // What the bytes say counts before what the header says: it is covered by the digest (OCI image spec, manifest.md, "mediaType").
    private static string? MediaTypeOf(RegistryResponse response)
    {
        try
        {
            var reader = new Utf8JsonReader(response.Body.Span, new JsonReaderOptions { MaxDepth = 32 });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("mediaType"u8))
                {
                    return reader.Read() && reader.TokenType is JsonTokenType.String && reader.GetString() is { Length: > 0 and <= 256 } type ? type : null;
                }
            }

            return response.MediaType?.Split(';')[0].Trim() is { Length: > 0 } header ? header : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
