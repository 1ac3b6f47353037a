namespace Slipway.Registry;

/// <summary>Why a registry's answer cannot be used. The names are the reasons that users see in conditions.</summary>
public enum RegistryProblemKind
{
    /// <summary>The registry says that it has no such repository; many say so too where a credential is missing.</summary>
    RepositoryNotFound,

    /// <summary>The repository is there, the tag or manifest is not.</summary>
    TagNotFound,

    /// <summary>401: no credential, or one that the registry does not know.</summary>
    Unauthorized,

    /// <summary>403: the credential is known, and may not read this repository.</summary>
    Forbidden,

    /// <summary>429, or an error code that says the same.</summary>
    RateLimited,

    /// <summary>No answer in time, no connection, no trust in its certificate, or a 5xx.</summary>
    RegistryUnavailable,

    /// <summary>An answer that cannot be read: garbage, too large, without end, or leading elsewhere.</summary>
    InvalidAnswer,

    /// <summary>The bytes are not those that the digest names.</summary>
    DigestMismatch,
}

/// <param name="Message">Names the host, the repository and the way out. It contains nothing that the registry or a secret could have put into it.</param>
/// <param name="RetryAfter">How long not to ask this host again, where it said so or is being spared.</param>
/// <param name="Spared">Nothing was sent: the host had this problem before, and is being left alone.</param>
public sealed record RegistryProblem(RegistryProblemKind Kind, string Message, TimeSpan? RetryAfter = null, bool Spared = false)
{
    /// <summary>What HTTP says where the answer was a no; null where there was none, or one that cannot be read.</summary>
    public int? Status { get; init; }

    /// <summary>Whether the host as a whole is in trouble, rather than one repository.</summary>
    public bool ConcernsHost => Kind is RegistryProblemKind.RateLimited or RegistryProblemKind.RegistryUnavailable;
}
