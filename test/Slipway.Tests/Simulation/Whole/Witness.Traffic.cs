using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Traffic;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>The user's workload, what stands beside it, and the way of the requests.</summary>
internal sealed partial class Witness
{
    private bool _promotedByHand;

    /// <summary>Somebody else writes an image: what runs then is not our doing.</summary>
    public void ImageSetByOthers() => _promotedByHand = true;

    /// <summary>What a client sees at this instant.</summary>
    public void Looks()
    {
        if (world.Store.Find(Known.Services, "default", "shop") is null || world.Delivery.Status?.Current is null)
        {
            return;
        }

        var traffic = world.Workloads.Traffic;
        var reply = world.Schedule.Way == Way.CanaryByRoute ? traffic.Send("default", "shop", new RouteRequest(), world.Draw) : traffic.Send("default", "shop", world.Draw);
        Check("a request is answered", !reply.IsDropped, $"{reply.Failure} in {world.Delivery.Status?.Rollout}");
        var weight = world.Schedule.Way == Way.CanaryByRoute ? traffic.Weights("default", "shop").FirstOrDefault(one => one.Service == "shop-canary").Weight : 0;
        if (weight > 0)
        {
            Check("traffic only to ready pods", !traffic.Backends("default", "shop-canary").IsEmpty, $"the canary has weight {weight} and no ready pod");
        }
    }

    private void Stable(WatchEvent change, string body)
    {
        if (change.Previous is not { } before || change.Type is WatchEventType.Deleted)
        {
            Check("the workload stays", false, $"{change.Key} was {change.Type}");
            return;
        }

        Check("replicas are never ours", !body.Contains("\"replicas\"", StringComparison.Ordinal), $"{body} names them");
        Check("replicas are never ours", before.Value.Number("spec", "replicas") == change.Value.Number("spec", "replicas"), $"replicas {before.Value.Number("spec", "replicas")} → {change.Value.Number("spec", "replicas")}");
        var (from, to) = (ImageOf(before.Value), ImageOf(change.Value));
        if (from == to)
        {
            return;
        }

        var (digest, state) = (world.Images.DigestIn(to), world.Delivery.Status?.Rollout);
        world.Log.Note($"IMAGE {from} → {to}");
        var known = state switch
        {
            RolloutState.Stepping at when world.Schedule.Way == Way.Partition => at.Attempt.Digest == digest && change.Value.Number("spec", "updateStrategy", "rollingUpdate", "partition") > 0,
            RolloutState.Advancing at => at.Attempt.Digest == digest,
            RolloutState.Reverting back => back.Attempt.Previous?.Digest == digest,
            RolloutState.Correcting => world.Delivery.Status?.Current?.Digest == digest,
            RolloutState.Draining { Then: RolloutState.Reverting back } => back.Attempt.Previous?.Digest == digest,
            _ => false,
        };
        Check("an image is written only as the state says", known, $"{to} was written in {state}");
        Check("deployed only with a Release", world.Store.List(Releases).Items.Any(release => release.Text("spec", "digest") == digest), $"{to} was written, and no Release tells of it");
        if (WholeObjects.IsBeside(world.Schedule.Way) && state is RolloutState.Advancing { Attempt.Cause: not Causes.Rollback })
        {
            var fate = SharedImages.FateOf(world.Images.TagOf(digest));
            Check("stable untouched before it passed", fate == Fate.Good || (fate == Fate.FailsChecks && !world.Schedule.Checks) || _promotedByHand, $"{to} was promoted, and its fate is {fate}");
        }
    }

    // I8: what stands beside is made for one digest.
    private void Side(WatchEvent change)
    {
        if (change is { Type: WatchEventType.Modified, Previous: { } before })
        {
            Check("a side keeps its digest", ImageOf(before.Value) == ImageOf(change.Value), $"{change.Key.Name}: {ImageOf(before.Value)} → {ImageOf(change.Value)}");
        }
        else if (change.Type is WatchEventType.Deleted || change.Value.IsBeingDeleted())
        {
            var weight = world.Workloads.Traffic.Weights("default", "shop").FirstOrDefault(one => one.Service == "shop-canary").Weight;
            Check("a side goes only without traffic", world.Schedule.Way != Way.CanaryByRoute || weight == 0, $"{change.Key.Name} was deleted with weight {weight}");
        }
    }

    private void Pod(WatchEvent change)
    {
        if (change is { Type: WatchEventType.Modified, Previous: { } before } && Condition(change.Value, ApiNames.ServingGate) && !Condition(before.Value, ApiNames.ServingGate))
        {
            Check("traffic only to ready pods", Condition(change.Value, "ContainersReady"), $"the gate of {change.Key.Name} was opened, and its containers are not ready");
            Check("traffic only as the state says", world.Delivery.Status?.Rollout is { Beside.IsExposed: true }, $"the gate of {change.Key.Name} was opened in {world.Delivery.Status?.Rollout}");
        }
    }

    // I9.
    private void Service(WatchEvent change)
    {
        if (change.Previous is not { } before || JsonTree.Equal(before.Value.Field("spec", "selector"), change.Value.Field("spec", "selector")))
        {
            return;
        }

        var selector = change.Value.Section("spec", "selector")!;
        var ready = world.Store.List(Known.Pods, "default").Items.Count(pod => Condition(pod, "Ready") && selector.All(label => pod.Label(label.Key) == (string?)label.Value));
        world.Log.Note($"SELECTOR {selector.ToJsonString()}: {ready} ready");
        Check("traffic only to ready pods", ready > 0, $"the selector {selector.ToJsonString()} matches no ready pod");
    }

    private void Route(WatchEvent change)
    {
        var (before, after) = (WeightIn(change.Previous?.Value), WeightIn(change.Value));
        world.Log.Note($"WEIGHT {before} → {after}");
        if (after <= before)
        {
            return;
        }

        var ready = world.Store.List(Known.EndpointSlices, "default").Items.Where(slice => slice.Label("kubernetes.io/service-name") == "shop-canary")
            .SelectMany(slice => slice.Objects("endpoints")).Count(endpoint => endpoint.Flag("conditions", "ready"));
        Check("traffic only to ready pods", ready > 0, $"weight {after} was written, and the canary has no ready pod");
        Check("traffic only as the state says", world.Delivery.Status?.Rollout is { Beside.IsExposed: true }, $"weight {after} was written in {world.Delivery.Status?.Rollout}");
        Check("a weight is what the step says", after is 20 or 40, $"weight {after}");
    }

    private static long WeightIn(JsonObject? route) => route?.Objects("spec", "rules").SelectMany(rule => rule.Objects("backendRefs"))
        .Where(backend => backend.Text("name") == "shop-canary").Sum(backend => backend.Number("weight") ?? 1) ?? 0;

    private static bool Condition(JsonObject pod, string type) => pod.Objects("status", "conditions").Any(one => one.Text("type") == type && one.Text("status") == "True");

    private static string ImageOf(JsonObject workload) => workload.Objects("spec", "template", "spec", "containers").First().Text("image");
}
