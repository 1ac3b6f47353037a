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

/// <summary>Keeps each Delivery's question to the registry in line with its spec, and hands on what its feed knows.</summary>
public sealed class SourceBinding(FeedSet feeds, SignatureChecks signatures, PullCredentials credentials, WorkQueue<ObjectKey> queue)
{
    public async Task<(SourceView View, Verification Verification)> BindAsync(ObjectKey key, Delivery delivery, DeliveryTerms terms, TargetSet targets, CancellationToken cancellationToken)
    {
        if (targets.Repository is not { } repository)
        {
            Unfollow(key);
            return (SourceView.Pending, new Verification.Pending());
        }

        var latest = feeds.Latest($"{key}");
        var chain = await credentials.ForAsync(key, repository, terms, targets, Refused(latest), cancellationToken);
        var status = delivery.Status;
        var known = status?.Current is { Tag: { } tag } current ? new KnownImage(tag, current.Digest) : null;
        var running = status?.Current is null ? RunningImages.Tag(targets) : null;
        feeds.Watch($"{key}", new FeedRequest(repository, chain, terms.Question, terms.Interval, running, known), () => queue.Add(key, Urgency.Urgent));
        if (delivery.Metadata.Annotations?.GetValueOrDefault(ApiNames.CheckAnnotation) is { Length: > 0 } asked && asked != status?.Handled?.Check)
        {
            feeds.CheckNow($"{key}");
            signatures.CheckNow(key);
        }

        var view = feeds.Latest($"{key}");
        return (view, Verify(key, delivery, terms, repository, chain, view));
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
    }

    // Only what could start now is verified: what runs, or is on its way, was, and a registry that is asked for nothing costs nothing.
    private Verification Verify(ObjectKey key, Delivery delivery, DeliveryTerms terms, RepositoryName repository, CredentialChain chain, SourceView view)
    {
        if (!signatures.AreRequired(repository, terms.Signatures))
        {
            signatures.Forget(key);
            return new Verification.NotRequired();
        }

        var underWay = (delivery.Status?.Rollout as RolloutState.Advancing)?.Attempt.Digest;
        if (view.Sighting is not Sighting.Seen seen || seen.Digest == underWay || seen.Digest == delivery.Status?.Current?.Digest)
        {
            signatures.Forget(key);
            return new Verification.Pending();
        }

        ImmutableArray<string> tags = terms.Question is FollowQuestion.MovingTag moving && moving.Name != seen.Tag ? [seen.Tag, moving.Name] : [seen.Tag];
        return signatures.Follow(key, new SignatureWish(repository, seen.Digest, tags, terms.Signatures, chain), () => queue.Add(key, Urgency.Urgent));
    }

    private static bool Refused(SourceView view) =>
        view.Sighting is Sighting.Problem { Reason: nameof(RegistryProblemKind.Unauthorized) or nameof(RegistryProblemKind.Forbidden) or nameof(RegistryProblemKind.RepositoryNotFound) };
}
