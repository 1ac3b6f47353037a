using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>What of a world stands beside the workload: the finalizer, the sibling, the division of requests, in the order in which nothing is dropped.</summary>
public sealed partial class SideApplier(
    ClusterView cluster, SidePlaces places, SideServices services, ServingGates gates, LiveSide live, TrafficTroubles troubles, ILogger<SideApplier> log)
{
    // Between two tries where something must change first that nobody tells us of.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <param name="images">The new version's image, by container, in the spelling of the stable workload.</param>
    /// <returns>Whether to look again at once.</returns>
    public async Task<bool> ApplyAsync(
        ResourceItem<Delivery> delivery, DeliveryFacts facts, World world, Func<SideWish, WorkloadSnapshot, IReadOnlyDictionary<string, string>> images, Fence fence, CancellationToken cancellationToken)
    {
        var held = delivery.Value.Metadata.Finalizers?.Contains(ApiNames.SideFinalizer) == true;
        if (world.Finalizer == true && !held)
        {
            // Whoever deletes the Delivery a moment after the first thing was made must not leave it behind.
            await fence.PassAsync();
            await WriteFinalizerAsync(delivery, held: true, cancellationToken);
            return true;
        }

        try
        {
            var wrote = await BesideAsync(delivery, facts, world, images, fence, cancellationToken);
            troubles.Forget(delivery.Key);
            return world.Finalizer == false && held ? await ReleaseAsync(delivery, fence, cancellationToken) : wrote;
        }
        catch (TrafficRefusedException e)
        {
            LogRefused(delivery.Key, e.Message);
            return troubles.Note(delivery.Key, e.Message) ? true : throw new NotReadyException(e.Message, Again);
        }
    }

    /// <summary>Lets the Delivery go, whatever is left: what it owns goes with it.</summary>
    public Task LetGoAsync(ResourceItem<Delivery> delivery, CancellationToken cancellationToken) => WriteFinalizerAsync(delivery, held: false, cancellationToken);

    private async Task<bool> BesideAsync(
        ResourceItem<Delivery> delivery, DeliveryFacts facts, World world, Func<SideWish, WorkloadSnapshot, IReadOnlyDictionary<string, string>> images, Fence fence, CancellationToken cancellationToken)
    {
        var uid = delivery.Value.Metadata.Uid ?? "";
        var siblings = cluster.Siblings(uid);
        if (world.Side is { } side && await EnsureAsync(delivery, facts, side, siblings, images, fence, cancellationToken))
        {
            return false;
        }

        if (world.Traffic is { } wish && wish.Traffic.Router != RouterKind.Partition && await DivideAsync(delivery, facts, world, wish, siblings, fence, cancellationToken))
        {
            return false;
        }

        if (world.NoSide && facts.Beside.Traffic is not { Touched: true })
        {
            await RemoveAsync(delivery.Key, siblings, uid, fence, cancellationToken);
        }

        return false;
    }

    /// <returns>Whether anything was written: the rest waits for what comes of it.</returns>
    private async Task<bool> EnsureAsync(
        ResourceItem<Delivery> delivery, DeliveryFacts facts, SideWish wish, IReadOnlyList<WorkloadSnapshot> siblings,
        Func<SideWish, WorkloadSnapshot, IReadOnlyDictionary<string, string>> images, Fence fence, CancellationToken cancellationToken)
    {
        var name = SideNames.Sibling(wish.Stable.Name, wish.Traffic.Router);
        if (siblings.FirstOrDefault(one => one.Key.Name == name) is not { } sibling)
        {
            if (cluster.Workload(wish.Stable with { Name = name }) is { Side: null })
            {
                throw new TrafficRefusedException(Preflight.Taken(wish.Stable.Name, name));
            }

            await CreateAsync(delivery, wish, name, images, fence, cancellationToken);
            return true;
        }

        // One of another digest is never given this one (I8): the planner takes it away first.
        if (sibling.Deleting || facts.Beside.Side?.Digest != wish.Digest || sibling.Progress.Desired == wish.Replicas)
        {
            return false;
        }

        await fence.PassAsync();
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = sibling.ResourceVersion }, ["spec"] = new JsonObject { ["replicas"] = wish.Replicas } };
        Wrote(await cluster.WorkloadClients[WorkloadKinds.Deployment.Name].MergePatchAsync(new(sibling.Key.Namespace, name), patch, cancellationToken));
        LogScaled(delivery.Key, name, sibling.Progress.Desired, wish.Replicas);
        return true;
    }

    private async Task CreateAsync(
        ResourceItem<Delivery> delivery, SideWish wish, string name, Func<SideWish, WorkloadSnapshot, IReadOnlyDictionary<string, string>> images, Fence fence, CancellationToken cancellationToken)
    {
        var uid = delivery.Value.Metadata.Uid ?? "";
        var (place, stable) = await places.ResolveAsync(delivery.Key, uid, wish.Stable.Name, wish.Traffic, live, withLabel: true, cancellationToken);
        using var json = JsonDocument.Parse(stable.ToJsonString());
        var workload = new WorkloadReader(new ValuePool()).Read(WorkloadKinds.Deployment, WorkloadKinds.Deployment.ApiVersions[0], json.RootElement);
        var copy = SiblingCopy.Of(stable, new SiblingTerms(name, delivery.Key.Name, uid, wish, images(wish, workload), place.Services, place.Label));
        await fence.PassAsync();
        try
        {
            Wrote(await cluster.WorkloadClients[WorkloadKinds.Deployment.Name].CreateAsync(delivery.Key.Namespace, copy, cancellationToken));
            LogCreated(delivery.Key, name, wish.Replicas, wish.Tag, wish.Digest);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // Ours, of which we had no answer; or somebody's, who was faster.
            var there = await cluster.WorkloadClients[WorkloadKinds.Deployment.Name].GetAsync(new(delivery.Key.Namespace, name), cancellationToken);
            if (there is { Value.Side: null })
            {
                throw new TrafficRefusedException(Preflight.Taken(wish.Stable.Name, name));
            }

            if (there is not null)
            {
                Wrote(there);
            }
        }
    }

    /// <returns>Whether anything was written.</returns>
    private async Task<bool> DivideAsync(
        ResourceItem<Delivery> delivery, DeliveryFacts facts, World world, TrafficWish wish, IReadOnlyList<WorkloadSnapshot> siblings, Fence fence, CancellationToken cancellationToken)
    {
        var uid = delivery.Value.Metadata.Uid ?? "";
        var wrote = false;
        foreach (var sibling in siblings.Where(one => one.Side is { Gated: true }))
        {
            // Of one that nobody asked for, every gate is closed.
            var open = world.Side is { } side && facts.Beside.Side?.Digest == side.Digest ? side.Open : 0;
            var place = SidePlaces.Of(delivery.Key, uid, wish.Traffic with { Router = RouterKind.Pods }, sibling.Side!);
            var stable = facts.Targets.Targets is [{ Workload: { } first }, ..] ? first.Progress.Desired : 0;
            wrote |= await gates.ApplyAsync(place, facts.Pods.GetValueOrDefault(sibling.Key, []), open, stable, fence, cancellationToken);
        }

        if (places.RouterOf(wish.Traffic.Router) is not { } router)
        {
            return wrote;
        }

        if (siblings is [{ Side: { Services: not [] } mark }, ..])
        {
            var place = SidePlaces.Of(delivery.Key, uid, wish.Traffic, mark) with { Prepared = facts.Beside.Side is { Going: false, Prepared: > 0 } };
            wrote |= !wish.Restore && wish.Traffic.Router != RouterKind.Selector && place.Prepared
                && await services.EnsureAsync(place, place.CanaryService, fence, cancellationToken);
            return await router.ApplyAsync(place, wish, fence, cancellationToken) || wrote;
        }

        // Its sibling is gone by another hand: what is left in the router is taken back all the same.
        return facts.Beside.Traffic is { Touched: true }
            && await router.ApplyAsync((await places.ResolveAsync(delivery.Key, uid, wish.Stable.Name, wish.Traffic, live, withLabel: false, cancellationToken)).Place, wish with { Weight = 0, Rules = null, RulesStep = null }, fence, cancellationToken);
    }

    private async Task RemoveAsync(ObjectKey delivery, IReadOnlyList<WorkloadSnapshot> siblings, string uid, Fence fence, CancellationToken cancellationToken)
    {
        foreach (var sibling in siblings.Where(one => !one.Deleting))
        {
            await services.RemoveAsync(delivery.Namespace, sibling.Key.Name, uid, fence, cancellationToken);
            await fence.PassAsync();

            // In the foreground: it is there until its last pod is gone, and so everybody sees when that is. Never as an orphan, which the stable
            // Deployment would take for its own.
            await cluster.WorkloadClients[WorkloadKinds.Deployment.Name].DeleteAsync(
                new(sibling.Key.Namespace, sibling.Key.Name), new DeleteTerms(sibling.Uid, sibling.ResourceVersion, "Foreground"), cancellationToken);
            LogDeleted(delivery, sibling.Key.Name);
        }
    }

    /// <summary>Nothing is left, by a live look: what a cache does not know of would stay for ever.</summary>
    private async Task<bool> ReleaseAsync(ResourceItem<Delivery> delivery, Fence fence, CancellationToken cancellationToken)
    {
        var uid = delivery.Value.Metadata.Uid ?? "";
        var found = await cluster.WorkloadClients[WorkloadKinds.Deployment.Name].ListAsync(new ListScope(delivery.Key.Namespace, SideMark.SideLabel), cancellationToken);
        foreach (var sibling in found.Items.Where(one => one.Value.Side?.Owner == uid))
        {
            Wrote(sibling);
        }

        if (found.Items.Any(one => one.Value.Side?.Owner == uid))
        {
            return true;
        }

        await services.RemoveAsync(delivery.Key.Namespace, "", uid, fence, cancellationToken);
        await fence.PassAsync();
        await WriteFinalizerAsync(delivery, held: false, cancellationToken);
        return false;
    }

    private async Task WriteFinalizerAsync(ResourceItem<Delivery> delivery, bool held, CancellationToken cancellationToken)
    {
        var others = (delivery.Value.Metadata.Finalizers ?? []).Where(name => name != ApiNames.SideFinalizer);
        var finalizers = new JsonArray([.. (held ? others.Append(ApiNames.SideFinalizer) : others).Select(name => (JsonNode?)name)]);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = delivery.ResourceVersion, ["finalizers"] = finalizers } };
        try
        {
            cluster.Deliveries.Wrote(await cluster.DeliveryClient.MergePatchAsync(delivery.Key, patch, cancellationToken));
        }
        catch (KubeException e) when (e.IsNotFound && !held)
        {
            // It was the last thing that held it.
        }
    }

    private void Wrote(ResourceItem<WorkloadSnapshot> sibling) => cluster.Workloads[WorkloadKinds.Deployment.Name].Wrote(sibling);

    [LoggerMessage(LogLevel.Information, "{Delivery}: made Deployment {Sibling} with {Replicas} replicas of {Tag} ({Digest})")]
    private partial void LogCreated(ObjectKey delivery, string sibling, int replicas, string? tag, string digest);

    [LoggerMessage(LogLevel.Information, "{Delivery}: Deployment {Sibling} scaled from {From} to {Replicas}")]
    private partial void LogScaled(ObjectKey delivery, string sibling, int from, int replicas);

    [LoggerMessage(LogLevel.Information, "{Delivery}: deleted Deployment {Sibling}: nothing goes there any more")]
    private partial void LogDeleted(ObjectKey delivery, string sibling);

    [LoggerMessage(LogLevel.Warning, "{Delivery}: requests are not divided as wished: {Why}")]
    private partial void LogRefused(ObjectKey delivery, string why);
}
