using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Registry;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>What is known of a Delivery's source now, and whether its images are signed as they must be.</summary>
public sealed record BoundSource(SourceView View, Verification Verification, Verification RestedVerification);

/// <summary>Keeps each Delivery's question to the registry in line with its spec, and hands on what its feed knows.</summary>
public sealed class SourceBinding(FeedSet feeds, SignatureChecks signatures, PullCredentials credentials, WorkQueue<ObjectKey> queue)
{
    public async Task<BoundSource> BindAsync(
        ObjectKey key, Delivery delivery, DeliveryTerms terms, TargetSet targets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (targets.Repository is not { } repository)
        {
            Unfollow(key);
            return new BoundSource(SourceView.Pending, new Verification.Pending(), new Verification.Pending());
        }

        var latest = feeds.Latest($"{key}");
        var refused = Refused(latest);
        var chain = await credentials.ForAsync(key, repository, terms, targets, refused, cancellationToken);
        if (refused)
        {
            // Whoever mends a pull secret tells nobody, and a registry that refuses has no news.
            queue.AddAfter(key, PullCredentials.Reread, Urgency.Routine);
        }

        var status = delivery.Status;
        var known = status?.Current is { Tag: { } tag } current ? new KnownImage(tag, current.Digest) : null;
        var running = status?.Current is null ? RunningImages.Tag(targets) : null;
        var rested = Resting.Ripe(status, terms.Rollout, now) is { Tag: { } ripeTag } ripe ? new KnownImage(ripeTag, ripe.Digest) : null;
        feeds.Watch($"{key}", new FeedRequest(repository, chain, terms.Question, terms.Interval, running, known) { Rested = rested }, () => queue.Add(key, Urgency.Urgent));
        if (delivery.Metadata.Annotations?.GetValueOrDefault(ApiNames.CheckAnnotation) is { Length: > 0 } asked && asked != status?.Handled?.Check)
        {
            feeds.CheckNow($"{key}");
            signatures.CheckNow(key);
            signatures.CheckNow(RestedOf(key));
        }

        var view = feeds.Latest($"{key}");
        return new BoundSource(
            view,
            Verify(key, key, delivery, terms, repository, chain, view.Sighting as Sighting.Seen),
            Verify(RestedOf(key), key, delivery, terms, repository, chain, rested is null ? null : view.Rested?.Seen));
    }

    public void Forget(ObjectKey key)
    {
        Unfollow(key);
        credentials.Forget(key);
    }

    private void Unfollow(ObjectKey key)
    {
        feeds.Forget($"{key}");
        signatures.Forget(key);
        signatures.Forget(RestedOf(key));
    }

    // Who waits for the signatures of the older image; no Delivery can be called so.
    private static ObjectKey RestedOf(ObjectKey key) => key with { Name = $"{key.Name}/rested" };

    // Only what could start now is verified: what runs, or is on its way, was, and a registry that is asked for nothing costs nothing.
    private Verification Verify(
        ObjectKey follower, ObjectKey key, Delivery delivery, DeliveryTerms terms, RepositoryName repository, CredentialChain chain, Sighting.Seen? seen)
    {
        if (!signatures.AreRequired(repository, terms.Signatures))
        {
            signatures.Forget(follower);
            return new Verification.NotRequired();
        }

        var underWay = (delivery.Status?.Rollout as RolloutState.Advancing)?.Attempt.Digest;
        if (seen is null || seen.Digest == underWay || seen.Digest == delivery.Status?.Current?.Digest)
        {
            signatures.Forget(follower);
            return new Verification.Pending();
        }

        ImmutableArray<string> tags = terms.Question is FollowQuestion.MovingTag moving && moving.Name != seen.Tag ? [seen.Tag, moving.Name] : [seen.Tag];
        return signatures.Follow(follower, new SignatureWish(repository, seen.Digest, tags, terms.Signatures, chain), () => queue.Add(key, Urgency.Urgent));
    }

    private static bool Refused(SourceView view) =>
        view.Sighting is Sighting.Problem { Reason: nameof(RegistryProblemKind.Unauthorized) or nameof(RegistryProblemKind.Forbidden) or nameof(RegistryProblemKind.RepositoryNotFound) };
}
