namespace Slipway.Sources;

/// <summary>All that a feed knows for one Delivery.</summary>
/// <param name="RunningDigest">The digest of the tag that the workload runs, while that was asked for; null as long as it is not known.</param>
public sealed record SourceView(Sighting Sighting, string? RunningDigest)
{
    /// <summary>Of the candidate that has rested, while that was asked for; null as long as it is not known.</summary>
    public RestedView? Rested { get; init; }

    public static readonly SourceView Pending = new(new Sighting.Pending(), null);
}

/// <param name="Digest">What was asked for.</param>
/// <param name="Seen">Null where the registry has it no longer under its tag.</param>
public sealed record RestedView(string Digest, Sighting.Seen? Seen);

/// <summary>
/// The image that is already deployed, from status: it needs no request to be known. Never a candidate that is not deployed yet: what
/// must be checked before a rollout, such as its platforms, was known to the process before this one only.
/// </summary>
public sealed record KnownImage(string Tag, string Digest);
