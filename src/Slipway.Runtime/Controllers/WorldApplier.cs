using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.History;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Brings about the world that a stored state describes. What holds already costs nothing; what does not is one conditional write.</summary>
public sealed partial class WorldApplier(
    ClusterView cluster, JobRecreation jobs, VersionPublisher publisher, SideApplier sides, DeliveryChecks checks, TimeProvider time, ILogger<WorldApplier> log)
{
    // For so long the API server's answer to our own write is as good as a read.
    private static readonly TimeSpan AnswerIsLive = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ObjectKey, (string Version, long At)> _stored = new();

    /// <summary>Told of each state that was stored, with the version that the API server gave it.</summary>
    public void Stored(ResourceItem<Delivery> written) => _stored[written.Key] = (written.ResourceVersion, time.GetTimestamp());

    public void Forget(ObjectKey delivery) => _stored.TryRemove(delivery, out _);

    /// <returns>Whether something came of it that the status tells and no watch does.</returns>
    public async Task<bool> ApplyAsync(ResourceItem<Delivery> delivery, DeliveryFacts facts, DeliverySnapshot now, World world, CancellationToken cancellationToken)
    {
        var wishes = world.Images.Where(wish => !Holds(facts, now, wish)).ToArray();
        var publishes = world.Publish is { } version && publisher.IsDue(delivery.Key, version);
        var writes = wishes.Length > 0 || !world.Unstick.IsEmpty || !world.Unpartition.IsEmpty || publishes;

        // The history first: what, why, from where to where is written down before its effect can be seen.
        await Task.WhenAll(
            world.Release is { } release ? RecordAsync(release, cancellationToken) : Task.CompletedTask,
            writes ? RequireUnchangedAsync(delivery, cancellationToken) : Task.CompletedTask);
        checks.Follow(delivery.Key, world.Measure);
        var fence = new Fence(() => writes ? Task.CompletedTask : RequireUnchangedAsync(delivery, cancellationToken));
        foreach (var wish in wishes)
        {
            await WriteAsync(delivery.Key, facts, now, wish, world.Release?.Metadata.Name ?? Newest(now), cancellationToken);
        }

        foreach (var pod in world.Unstick)
        {
            await cluster.PodClient.DeleteAsync(new ObjectKey(pod.Namespace, pod.Name), new DeleteTerms(pod.Uid), cancellationToken);
            LogUnstuck(delivery.Key, pod.Name);
        }

        foreach (var given in world.Unpartition)
        {
            await GiveBackAsync(now, given, cancellationToken);
        }

        foreach (var expired in world.Prune)
        {
            await cluster.ReleaseClient.DeleteAsync(new ObjectKey(delivery.Key.Namespace, expired.Name), new DeleteTerms(expired.Uid), cancellationToken);
        }

        if (publishes)
        {
            await publisher.PublishAsync(delivery.Key, world.Publish!, cancellationToken);
        }

        return await sides.ApplyAsync(delivery, facts, world, Beside, fence, cancellationToken) || publishes;

        IReadOnlyDictionary<string, string> Beside(SideWish side, WorkloadSnapshot workload) =>
            Images(workload, facts, now, new TargetWish(side.Stable, side.Tag, side.Digest, side.Release));
    }

    /// <summary>Lets a Delivery that is being deleted go.</summary>
    public Task LetGoAsync(ResourceItem<Delivery> delivery, CancellationToken cancellationToken) => sides.LetGoAsync(delivery, cancellationToken);

    private static bool Holds(DeliveryFacts facts, DeliverySnapshot now, TargetWish wish)
    {
        var target = now.Targets.First(target => target.Key == wish.Target);
        return now.Runs(target, wish.Tag, wish.Digest)
            && (wish.Partition is { } partition ? target.Partition == partition : facts.Targets.Targets.First(target => target.Key == wish.Target).Workload is not { Progress.PartitionIsOurs: true });
    }

    // The name is derived from the cause: where it is taken, an earlier pass that did not live to see its answer was here.
    private async Task RecordAsync(Release wished, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wished.Metadata.Namespace!, wished.Metadata.Name);
        if (cluster.Releases.Get(key) is not { } cached)
        {
            try
            {
                cluster.Wrote(await cluster.ReleaseClient.CreateAsync(key.Namespace, wished, cancellationToken));
                return;
            }
            catch (KubeException e) when (e.IsAlreadyExists)
            {
                // It is looked at below.
            }
        }
        else if (Outcomes.IsFinal(cached.Record.Outcome) || !Tells(wished, cached.Record.Transitions))
        {
            return;
        }

        // The whole one, which no cache has. A result is final: "Running" never overwrites it.
        var known = await cluster.ReleaseClient.GetAsync(key, cancellationToken);
        if (known is not null && !Outcomes.IsFinal(known.Value.Status?.Outcome ?? "") && Tells(wished, CachedRelease.Of(known.Value, new ValuePool()).Record.Transitions))
        {
            var finished = known.Value with { Metadata = known.Value.Metadata with { ResourceVersion = known.ResourceVersion }, Status = wished.Status };
            known = await cluster.ReleaseClient.ReplaceAsync(key, finished, cancellationToken);
        }

        if (known is not null)
        {
            cluster.Wrote(known);
        }
    }

    // An outcome, or another transition: what happens is on record before its effect can be seen.
    private static bool Tells(Release wished, int known) =>
        Outcomes.IsFinal(wished.Status!.Outcome) || (wished.Status.Transitions is [.., var last] && last.Ordinal > known);

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

    private async Task WriteAsync(ObjectKey delivery, DeliveryFacts facts, DeliverySnapshot now, TargetWish wish, string? release, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wish.Target.Namespace, wish.Target.Name);
        var target = facts.Targets.Targets.First(target => target.Key == wish.Target);
        var annotations = ImagePatch.Annotations(wish.Release, wish.Tag);
        if (wish.Target.Kind == WorkloadKinds.Job.Name)
        {
            var record = new ObjectKey(delivery.Namespace, release ?? throw Moved($"the history of {delivery}"));
            await jobs.ApplyAsync(record, key, Images(target.Workload!, facts, now, wish), annotations, cancellationToken);
        }
        else if (wish.Target.IsCustom)
        {
            await PatchFieldsAsync(key, facts, target, now.Terms.Repository, wish, annotations, cancellationToken);
        }
        else
        {
            var workload = cluster.Workload(wish.Target) ?? throw Moved($"{wish.Target} is gone");
            var patch = ImagePatch.For(workload, Images(workload, facts, now, wish), annotations, wish.Partition ?? GivenUp(workload));
            cluster.Workloads[wish.Target.Kind].Wrote(await cluster.WorkloadClients[wish.Target.Kind].ApplyAsync(key, patch, cancellationToken));
        }

        LogWrote(delivery, wish.Target, wish.Tag, wish.Digest, wish.Release);
    }

    /// <summary>
    /// A partition is let go of in two writes: first it is 0, then it is no longer ours. To leave it out at once would leave it as it is wherever a
    /// client-side apply has created the workload, since that owns the server's default too (seen on 1.20).
    /// </summary>
    private static int? GivenUp(WorkloadSnapshot workload) => workload.Progress is { PartitionIsOurs: true, Partition: > 0 } ? 0 : null;

    private static string? Newest(DeliverySnapshot now) => now.History.MaxBy(release => release.Number)?.Name;

    private static Dictionary<string, string> Images(WorkloadSnapshot workload, DeliveryFacts facts, DeliverySnapshot now, TargetWish wish)
    {
        var moved = now.Targets.First(target => target.Key == wish.Target).Images.Select(image => image.Container);
        return workload.Containers
            .Where(container => moved.Contains(container.Container))
            .ToDictionary(container => container.Container, container => Pinned(container, now.Terms.Repository, facts.Terms.Pin, wish).Written);
    }

    private async Task PatchFieldsAsync(
        ObjectKey key, DeliveryFacts facts, ResolvedTarget target, string repository, TargetWish wish, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        var index = facts.Terms.Targets.First(written => TargetKind.NameOf(written) == wish.Target.Kind);
        var kind = TargetKind.TryRead("", index, out var read, out _) ? cluster.Follow(index, read) : throw Moved($"{wish.Target.Kind} is no longer named");
        var (client, workload) = (kind.Client ?? throw Moved($"{wish.Target.Kind} is not followed yet"), target.Workload!);
        var fields = target.Layouts.SelectMany(layout =>
            layout.Spell(Pinned(workload.Containers.First(image => image.Container == layout.Name), repository, facts.Terms.Pin, wish), wish.Tag, wish.Digest));
        try
        {
            kind.Objects?.Wrote(await client.JsonPatchAsync(key, FieldPatch.For(workload, fields, annotations), cancellationToken));
        }
        catch (KubeException e) when (e.Code == 422)
        {
            // A test of the patch failed: it was changed meanwhile. On the same version it is the kind's own schema that refuses.
            var live = await client.GetAsync(key, cancellationToken);
            if (live?.ResourceVersion == workload.ResourceVersion)
            {
                throw;
            }

            throw Moved($"{wish.Target} has changed");
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            throw new KubeException($"{e.Message}; {kind.MissingRule}", e) { Code = e.Code, Reason = e.Reason };
        }
    }

    // The ordinal alone: images and annotations stay as they are.
    private async Task GiveBackAsync(DeliverySnapshot now, WorkloadKey target, CancellationToken cancellationToken)
    {
        var workload = cluster.Workload(target) ?? throw Moved($"{target} is gone");
        var release = long.TryParse(workload.WrittenBy, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var patch = ImagePatch.For(workload, new Dictionary<string, string>(), ImagePatch.Annotations(release, now.History.FirstOrDefault(known => known.Number == release)?.Tag));
        cluster.Workloads[target.Kind].Wrote(await cluster.WorkloadClients[target.Kind].ApplyAsync(new ObjectKey(target.Namespace, target.Name), patch, cancellationToken));
    }

    private static KubeException Moved(string what) => new($"{what} since it was looked at: it is looked at again") { Code = 409, Reason = "Conflict" };

    // In the spelling that the user gave the repository, so that a diff of manifests shows the version and nothing else.
    private static ImageReference Pinned(ContainerImage present, string repository, PinForm pin, TargetWish wish)
    {
        var name = FieldPatch.Named(present, repository);
        return pin switch
        {
            PinForm.Tag => name.With(wish.Tag, null),
            PinForm.Digest => name.With(null, wish.Digest),
            _ => name.With(wish.Tag, wish.Digest),
        };
    }

    [LoggerMessage(LogLevel.Information, "{Delivery}: {Target} → {Tag} ({Digest}), release {Release}")]
    private partial void LogWrote(ObjectKey delivery, WorkloadKey target, string? tag, string digest, long release);

    [LoggerMessage(LogLevel.Information, "{Delivery}: deleted pod {Pod}, which is broken and held up its StatefulSet")]
    private partial void LogUnstuck(ObjectKey delivery, string pod);
}
