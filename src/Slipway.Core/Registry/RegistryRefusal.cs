using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>An answer that is a no: which problem it is, and what its reader can do about it.</summary>
/// <param name="Doing">"list the tags of ghcr.io/acme/shop".</param>
/// <param name="IsControllers">Whether the credential is the controller's own, of its configuration.</param>
/// <param name="NotFound">What a 404 means for this question, where the body does not say it.</param>
public sealed record RegistryRefusal(string Doing, RepositoryName Repository, bool HasCredential, RegistryProblemKind NotFound, bool IsControllers = false)
{
    private const string WhereSecretsGo = "spec.source.pullSecrets, the workload or its service account";

    /// <param name="status">Of HTTP, not 2xx.</param>
    /// <param name="codes">Of the body; see <see cref="RegistryErrors.Codes"/>.</param>
    public RegistryProblem Of(int status, ImmutableArray<string> codes, TimeSpan? retryAfter = null)
    {
        var kind = KindOf(status, codes);
        return new RegistryProblem(kind, $"cannot {Doing}: {Explain(kind, status)}", kind is RegistryProblemKind.RateLimited or RegistryProblemKind.RegistryUnavailable ? retryAfter : null)
        {
            Status = status,
        };
    }

    private RegistryProblemKind KindOf(int status, ImmutableArray<string> codes) => status switch
    {
        429 => RegistryProblemKind.RateLimited,
        _ when codes.Contains("TOOMANYREQUESTS") => RegistryProblemKind.RateLimited,
        401 => RegistryProblemKind.Unauthorized,
        403 => RegistryProblemKind.Forbidden,
        404 when codes.Contains("NAME_UNKNOWN") => RegistryProblemKind.RepositoryNotFound,
        404 when codes.IsEmpty || !RegistryErrors.AreTemporary(status, codes) => NotFound,
        >= 500 => RegistryProblemKind.RegistryUnavailable,
        // A registry that does not know the question says so for good, whatever word it has for that.
        400 or 405 or 406 => RegistryProblemKind.InvalidAnswer,
        _ when RegistryErrors.AreTemporary(status, codes) => RegistryProblemKind.RegistryUnavailable,
        _ => RegistryProblemKind.InvalidAnswer,
    };

    private string Explain(RegistryProblemKind kind, int status) => kind switch
    {
        RegistryProblemKind.RateLimited when HasCredential => $"{Repository.Domain} says that it is asked too often; it is left alone for a while",
        RegistryProblemKind.RateLimited => $"{Repository.Domain} says that it is asked too often; it is left alone for a while. A pull secret raises the limit on most registries",
        RegistryProblemKind.Unauthorized or RegistryProblemKind.Forbidden when !HasCredential =>
            $"{Repository.Domain} shows it only to those who log in, or it does not exist; check the name, or add a pull secret for {Repository.Domain} to {WhereSecretsGo}",
        RegistryProblemKind.Unauthorized when IsControllers =>
            $"{Repository.Domain} does not accept the controller's own login; correct what the controller's configuration says of it, or add a pull secret to {WhereSecretsGo}",
        RegistryProblemKind.Forbidden when IsControllers =>
            $"the controller's own login at {Repository.Domain} may not read it; allow it to pull, or add a pull secret to {WhereSecretsGo}",
        RegistryProblemKind.Unauthorized => $"{Repository.Domain} does not accept the pull secret for it; renew the secret",
        RegistryProblemKind.Forbidden => $"the pull secret for {Repository.Domain} may not read it; allow it to pull, or name another repository",
        RegistryProblemKind.RepositoryNotFound => $"{Repository.Domain} has no repository {Repository.Path}, or hides it from this login; check the name, or add a pull secret for {Repository.Domain} to {WhereSecretsGo}",
        RegistryProblemKind.TagNotFound => $"{Repository.Domain} has no such manifest in {Repository.Path}",
        RegistryProblemKind.RegistryUnavailable => $"{Repository.Domain} answers {status}; it is asked again later",
        _ => $"{Repository.Domain} answers {status}, which is no answer to this question",
    };
}
