using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.History;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Brings about the world that a stored state describes. What holds already costs nothing; what does not is one conditional write.</summary>
public sealed partial class WorldApplier(ClusterView cluster, TimeProvider time, ILogger<WorldApplier> log)
{
    // For so long the API server's answer to our own write is as good as a read.
    private static readonly TimeSpan AnswerIsLive = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ObjectKey, (string Version, long At)> _stored = new();

    /// <summary>Told of each state that was stored, with the version that the API server gave it.</summary>
    public void Stored(ResourceItem<Delivery> written) => _stored[written.Key] = (written.ResourceVersion, time.GetTimestamp());

    public void Forget(ObjectKey delivery) => _stored.TryRemove(delivery, out _);

    public async Task ApplyAsync(ResourceItem<Delivery> delivery, DeliveryTerms terms, DeliverySnapshot now, World world, CancellationToken cancellationToken)
    {
        var wishes = world.Images.Where(wish => !now.Runs(now.Targets.First(target => target.Key == wish.Target), wish.Tag, wish.Digest)).ToArray();
        var writes = wishes.Length > 0 || !world.Unstick.IsEmpty;

        // The history first: what, why, from where to where is written down before its effect can be seen.
        await Task.WhenAll(
            world.Release is { } release ? RecordAsync(release, cancellationToken) : Task.CompletedTask,
            writes ? RequireUnchangedAsync(delivery, cancellationToken) : Task.CompletedTask);
        foreach (var wish in wishes)
        {
            await WriteAsync(delivery.Key, terms, now, wish, cancellationToken);
        }

        foreach (var pod in world.Unstick)
        {
            await cluster.PodClient.DeleteAsync(new ObjectKey(pod.Namespace, pod.Name), new DeleteTerms(pod.Uid), cancellationToken);
            LogUnstuck(delivery.Key, pod.Name);
        }

        foreach (var expired in world.Prune)
        {
            await cluster.ReleaseClient.DeleteAsync(new ObjectKey(delivery.Key.Namespace, expired.Name), new DeleteTerms(expired.Uid), cancellationToken);
        }
    }

    // The name is derived from the cause: where it is taken, an earlier pass that did not live to see its answer was here.
    private async Task RecordAsync(Release wished, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wished.Metadata.Namespace!, wished.Metadata.Name);
        var known = cluster.Releases.Find(key);
        if (known is null)
        {
            try
            {
                cluster.Releases.Wrote(await cluster.ReleaseClient.CreateAsync(key.Namespace, wished, cancellationToken));
                return;
            }
            catch (KubeException e) when (e.IsAlreadyExists)
            {
                known = await cluster.ReleaseClient.GetAsync(key, cancellationToken);
            }
        }

        // A result is final: "Running" never overwrites it.
        if (known is not null && !Outcomes.IsFinal(known.Value.Status?.Outcome ?? "") && Outcomes.IsFinal(wished.Status!.Outcome))
        {
            var finished = known.Value with { Metadata = known.Value.Metadata with { ResourceVersion = known.ResourceVersion }, Status = wished.Status };
            known = await cluster.ReleaseClient.ReplaceAsync(key, finished, cancellationToken);
        }

        if (known is not null)
        {
            cluster.Releases.Wrote(known);
        }
    }

    /// <summary>
    /// A live read before every write to a workload. The workload's own version fences the write itself; this fences the decision, which
    /// hangs on the Delivery: a cache that is behind must not ship what was rejected or suspended meanwhile. The answer to the write that
    /// stored the state a moment ago is such a read.
    /// </summary>
    private async Task RequireUnchangedAsync(ResourceItem<Delivery> decided, CancellationToken cancellationToken)
    {
        if (_stored.TryRemove(decided.Key, out var stored) && stored.Version == decided.ResourceVersion && time.GetElapsedTime(stored.At) < AnswerIsLive)
        {
            return;
        }

        var live = await cluster.DeliveryClient.GetAsync(decided.Key, cancellationToken);
        if (live?.ResourceVersion != decided.ResourceVersion)
        {
            if (live is not null)
            {
                cluster.Deliveries.Wrote(live);
            }

            throw new KubeException($"Delivery {decided.Key} has changed since it was looked at: it is looked at again") { Code = 409, Reason = "Conflict" };
        }
    }

    private async Task WriteAsync(ObjectKey delivery, DeliveryTerms terms, DeliverySnapshot now, TargetWish wish, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wish.Target.Namespace, wish.Target.Name);
        var workload = cluster.Workload(wish.Target)
            ?? throw new KubeException($"{wish.Target} is gone since it was looked at: it is looked at again") { Code = 409, Reason = "Conflict" };
        var moved = now.Targets.First(target => target.Key == wish.Target).Images.Select(image => image.Container);
        var images = workload.Containers
            .Where(container => moved.Contains(container.Container))
            .ToDictionary(container => container.Container, container => ImageText(now.Terms.Repository, container.Image, terms.Pin, wish));
        var patch = ImagePatch.For(workload, images, ImagePatch.Annotations(wish.Release, wish.Tag));
        cluster.Workloads[wish.Target.Kind].Wrote(await cluster.WorkloadClients[wish.Target.Kind].ApplyAsync(key, patch, cancellationToken));
        LogWrote(delivery, wish.Target, wish.Tag, wish.Digest, wish.Release);
    }

    // In the spelling that the user gave the repository, so that a diff of manifests shows the version and nothing else.
    private static string ImageText(string repository, string present, PinForm pin, TargetWish wish)
    {
        var name = Named(present) is { } image && image.Repository.ToString() == repository ? image : Named(repository)!;
        return pin switch
        {
            PinForm.Tag => name.With(wish.Tag, null).Written,
            PinForm.Digest => name.With(null, wish.Digest).Written,
            _ => name.With(wish.Tag, wish.Digest).Written,
        };
    }

    private static ImageReference? Named(string text) => ImageReference.TryParse(text, out var image, out _) ? image : null;

    [LoggerMessage(LogLevel.Information, "{Delivery}: {Target} → {Tag} ({Digest}), release {Release}")]
    private partial void LogWrote(ObjectKey delivery, WorkloadKey target, string? tag, string digest, long release);

    [LoggerMessage(LogLevel.Information, "{Delivery}: deleted pod {Pod}, which is broken and held up its StatefulSet")]
    private partial void LogUnstuck(ObjectKey delivery, string pod);
}
