using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Registry;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Keeps each Delivery's question to the registry in line with its spec, and hands on what its feed knows.</summary>
public sealed class SourceBinding(FeedSet feeds, PullCredentials credentials, WorkQueue<ObjectKey> queue)
{
    public async Task<SourceView> BindAsync(ObjectKey key, Delivery delivery, DeliveryTerms terms, TargetSet targets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (targets.Repository is not { } repository)
        {
            feeds.Forget($"{key}");
            return SourceView.Pending;
        }

        var latest = feeds.Latest($"{key}");
        var chain = await credentials.ForAsync(key, repository, terms, targets, Refused(latest), cancellationToken);
        var status = delivery.Status;
        var known = status?.Current is { Tag: { } tag } current ? new KnownImage(tag, current.Digest) : null;
        var running = status?.Current is null ? RunningImages.Tag(targets) : null;
        var rested = Resting.Ripe(status, terms.Rollout, now) is { Tag: { } ripeTag } ripe ? new KnownImage(ripeTag, ripe.Digest) : null;
        feeds.Watch($"{key}", new FeedRequest(repository, chain, terms.Question, terms.Interval, running, known) { Rested = rested }, () => queue.Add(key, Urgency.Urgent));
        if (delivery.Metadata.Annotations?.GetValueOrDefault(ApiNames.CheckAnnotation) is { Length: > 0 } asked && asked != status?.Handled?.Check)
        {
            feeds.CheckNow($"{key}");
        }

        return feeds.Latest($"{key}");
    }

    public void Forget(ObjectKey key)
    {
        feeds.Forget($"{key}");
        credentials.Forget(key);
    }

    private static bool Refused(SourceView view) =>
        view.Sighting is Sighting.Problem { Reason: nameof(RegistryProblemKind.Unauthorized) or nameof(RegistryProblemKind.Forbidden) or nameof(RegistryProblemKind.RepositoryNotFound) };
}
