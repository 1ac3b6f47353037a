using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>What a registry's no to a write means, and what its reader can do about it: another advice than to who wanted to read.</summary>
/// <param name="Doing">"put ghcr.io/acme/shop:prod on sha256:…".</param>
public sealed record WriteRefusal(string Doing, RepositoryName Repository, bool HasCredential)
{
    /// <summary>The statuses that are explained here; what else a registry may say is the same for readers and writers.</summary>
    public static readonly ImmutableArray<int> Statuses = [400, 401, 403, 404, 405, 409, 412];

    // Their registries speak the distribution API and remove tags by another one.
    private static readonly ImmutableArray<(string Domain, string Way)> OwnWays =
    [
        ("docker.io", "on Docker Hub tags are removed on its web site, or by its own API (hub.docker.com/v2)"),
        ("ghcr.io", "on GHCR versions of packages are removed on GitHub, or by its packages API"),
        (".amazonaws.com", "on ECR: aws ecr batch-delete-image --repository-name NAME --image-ids imageTag=TAG"),
        ("quay.io", "on Quay tags are removed on its web site, or by its own API"),
    ];

    /// <summary>Of a PUT of a manifest (distribution spec v1.1, "Pushing Manifests").</summary>
    public RegistryProblem OfPut(int status, ImmutableArray<string> codes) => status switch
    {
        401 or 403 => NotAllowed("push to"),
        404 => Problem(RegistryProblemKind.RepositoryNotFound, $"{Repository.Domain} has no repository {Repository.Path}, or hides it from this login"),
        _ when codes.Contains("MANIFEST_BLOB_UNKNOWN") || codes.Contains("BLOB_UNKNOWN") || codes.Contains("MANIFEST_UNKNOWN") =>
            Problem(RegistryProblemKind.InvalidAnswer, $"{Repository.Domain} misses a part of the image; push it again"),

        // Harbor says 412 where a rule makes the tag immutable, ECR 400 with a code of its own.
        _ => Problem(
            RegistryProblemKind.Forbidden,
            $"{Repository.Domain} answers {status}{Said(codes)}: it does not take the tag; see whether tags are immutable in {Repository.Path}, and whether it is read-only"),
    };

    /// <summary>Of a DELETE of a tag or manifest (distribution spec v1.1, "Deleting tags", "Deleting Manifests"): 202, or 405 and 400 where it is off.</summary>
    /// <param name="byTag">Whether a tag was named, and not a digest.</param>
    public RegistryProblem OfDelete(int status, ImmutableArray<string> codes, bool byTag) => status switch
    {
        401 or 403 => NotAllowed("delete in"),
        404 => Problem(RegistryProblemKind.TagNotFound, $"{Repository.Domain} has no such {(byTag ? "tag" : "manifest")} in {Repository.Path}"),
        _ => Problem(RegistryProblemKind.Forbidden, $"{Repository.Domain} answers {status}{Said(codes)}: {WayOut(byTag)}"),
    };

    private string WayOut(bool byTag) =>
        OwnWays.FirstOrDefault(own => Repository.Domain == own.Domain || (own.Domain[0] == '.' && Repository.Domain.EndsWith(own.Domain, StringComparison.Ordinal))).Way
        ?? (byTag
            ? "it does not remove single tags, or its deletion is switched off (on docker-registry: storage.delete.enabled). Move the tag to another image instead, or remove the "
                + "image with all of its tags: --digest"
            : "its deletion is switched off (on docker-registry: storage.delete.enabled)");

    private RegistryProblem NotAllowed(string what) => HasCredential
        ? Problem(RegistryProblemKind.Forbidden, $"the login for {Repository.Domain} may not {what} {Repository.Path}; give it the right, or use another one")
        : Problem(
            RegistryProblemKind.Unauthorized,
            $"{Repository.Domain} lets only those write who log in; 'docker login {Repository.Domain}', or --username with --password-stdin");

    private static string Said(ImmutableArray<string> codes) => codes.IsEmpty ? "" : $" ({string.Join(", ", codes)})";

    private RegistryProblem Problem(RegistryProblemKind kind, string why) => new(kind, $"cannot {Doing}: {why}");
}
