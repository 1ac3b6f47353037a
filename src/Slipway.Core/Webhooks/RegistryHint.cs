using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks;

/// <summary>What a notification says was pushed: where to look, and never what to believe (rule 14).</summary>
/// <param name="Tag">Null where the push was by digest alone, or the sender told none.</param>
/// <param name="Digest">As it was told, in the shape of a digest and no more than that: it is shown, and decides nothing.</param>
public sealed record RegistryHint(RepositoryName Repository, string? Tag, string? Digest)
{
    /// <summary>Whether a look may bring anything: Deliveries follow tags, and a push by digest alone (a platform of an index) moves none.</summary>
    public bool MovesTag => Tag is not null || Digest is null;
}

/// <summary>What a parser makes of a body.</summary>
public abstract record PayloadReading
{
    private PayloadReading() { }

    /// <param name="Events">At least one, each once, in the order in which they were told.</param>
    public sealed record Hints(ImmutableArray<RegistryHint> Events) : PayloadReading;

    /// <summary>It was understood, and tells of nothing to look at: a ping, a pull, an artifact that is no image.</summary>
    /// <param name="Artifact">What was pushed instead of an image, where that is known: <c>helm-chart</c>.</param>
    public sealed record Ignored(string Why, string? Artifact = null) : PayloadReading;

    /// <summary>It is not what this receiver takes; the reason says what to send.</summary>
    public sealed record Refused(string Why) : PayloadReading;
}

/// <summary>Reads one vendor's notification. It throws nothing for what a stranger sends; the element lives as long as the call.</summary>
public delegate PayloadReading PayloadParser(WebhookRequest request, JsonElement body);
