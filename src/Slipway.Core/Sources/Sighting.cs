using Slipway.Images;

namespace Slipway.Sources;

/// <summary>What the registry last said to one Delivery's question.</summary>
public abstract record Sighting
{
    private Sighting() { }

    /// <summary>Why the registry is asked at other times than the spec says, in a sentence; null where it is not.</summary>
    public string? Pace { get; init; }

    /// <summary>Nobody has looked yet, or not at all that the question needs.</summary>
    /// <param name="Progress">How far it is, where that takes several looks.</param>
    public sealed record Pending(string? Progress = null) : Sighting;

    /// <summary>The policy picks this image; its manifest was fetched and its bytes match <paramref name="Digest"/>.</summary>
    /// <param name="Tag">The readable version; for a moving tag the version found on the same digest, else the tag itself.</param>
    /// <param name="Why">The sentence that explains the pick.</param>
    public sealed record Seen(string Tag, string Digest, string Why, PlatformSet Platforms) : Sighting
    {
        /// <summary>When it was built, where the policy goes by that.</summary>
        public DateTimeOffset? Built { get; init; }
    }

    /// <summary>The registry answered, and no tag fits.</summary>
    public sealed record NoMatch(string Why) : Sighting;

    /// <summary>The registry did not answer, or what it answered cannot be believed. What was known before stays in status.</summary>
    /// <param name="Reason">CamelCase: RepositoryNotFound, Unauthorized, RegistryUnavailable, DigestMismatch, ….</param>
    public sealed record Problem(string Reason, string Message) : Sighting;
}
