using Slipway.Images;
using Slipway.Sources;

namespace Slipway.Registry;

/// <summary>What one subscriber wants to be kept informed of.</summary>
/// <param name="Interval">Between two looks; of all subscribers of one feed the shortest counts.</param>
/// <param name="RunningTag">While it is not null, its digest is resolved too, once: for adopting what runs already.</param>
/// <param name="Known">What is deployed already, so that a restart need not ask for it.</param>
public sealed record FeedRequest(
    RepositoryName Repository,
    CredentialChain Credentials,
    FollowQuestion Question,
    TimeSpan Interval,
    string? RunningTag = null,
    KnownImage? Known = null)
{
    /// <summary>An older candidate, of which is asked whether it is still there: it may start before the one that is picked.</summary>
    public KnownImage? Rested { get; init; }
}

/// <summary>One subscriber of a feed, and what its question has come to. Only the feed's one look at a time writes to it.</summary>
internal sealed class FeedSubscription(FeedRequest request, Action changed)
{
    public FeedRequest Request { get; } = request;

    public Action Changed { get; } = changed;

    public SourceView View { get; set; } = SourceView.Pending;

    /// <summary>The list that <see cref="Selection"/> was chosen from: while it is the same, so is the choice.</summary>
    public TagFingerprint? Judged { get; set; }

    public Policies.Selection? Selection { get; set; }

    /// <summary>The last good answer, through all problems since.</summary>
    public Sighting.Seen? LastSeen { get; set; }

    /// <summary>Whether <see cref="LastSeen"/> has the name of a version tag, rather than one to make do with until there is one.</summary>
    public bool HasVersion { get; set; }

    /// <summary>Takes over what another subscriber's equal question has come to, so that it need not be asked again.</summary>
    public void Adopt(FeedSubscription other)
    {
        if (other.Request.Question == Request.Question)
        {
            (Judged, Selection, LastSeen, HasVersion) = (other.Judged, other.Selection, other.LastSeen, other.HasVersion);
            View = other.View with { RunningDigest = other.Request.RunningTag == Request.RunningTag ? other.View.RunningDigest : null };
        }
    }

    /// <summary>Whether everything that it asks has had an answer, a bad one included.</summary>
    public bool IsAnswered => View.Sighting is not Sighting.Pending && (Request.RunningTag is null || View.RunningDigest is not null)
        && (Request.Rested is null || View.Rested?.Digest == Request.Rested.Digest);
}
