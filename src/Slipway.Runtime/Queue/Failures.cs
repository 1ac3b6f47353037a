namespace Slipway.Queue;

/// <summary>The spec cannot work as written. Retrying is of no use: only an edit by the user clears it.</summary>
public sealed class InvalidSpecException(string message) : Exception(message);

/// <summary>Something outside is not ready yet, and is expected to be. Not an error to alert on.</summary>
public sealed class NotReadyException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>A registry refused. It is asked again when it allows, not sooner.</summary>
/// <param name="reason">CamelCase: Unauthorized, RepositoryNotFound, RateLimited, ….</param>
/// <param name="retryAfter">What it said; null leaves it to the key's backoff.</param>
public sealed class RegistryRefusedException(string reason, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
