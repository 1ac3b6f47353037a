using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>The end of every schedule: no more faults, and then the world comes to rest, within bounds, where its people wanted it.</summary>
internal static class AtRest
{
    // With all deadlines of a rollout, and of one after it.
    private const int MostSeconds = 60 * 60;

    // A queue's longest pause is 5 minutes, and a watch that went silent is given up after 5.5: until then nothing may seem to be left to do.
    private const int QuietSeconds = 400;

    public static void Reach(WholeWorld world, People people)
    {
        world.Log.Note("*** the faults are over");
        world.EndTrouble();
        people.Suspend(false);
        var (seen, still) = ("", 0);
        for (var second = 0; still < QuietSeconds && second < MostSeconds; second += 10)
        {
            world.Advance(10);
            var now = Picture(world);
            still = now == seen && IsAtRest(world) ? still + 10 : 0;
            seen = now;
        }

        world.Witness.Check("converges", IsAtRest(world) && still >= QuietSeconds, $"after an hour without faults it is in {world.Delivery.Status?.Rollout}");
        Settled(world);
        world.Witness.ThrowIfBroken();
    }

    // What people wrote by hand is theirs to mend, and so is a way back of which it was said that it did not help.
    private static bool IsAtRest(WholeWorld world) => world.Delivery.Status is { } status && status.Candidate?.Digest == Newest(world)
        && (status.Rollout is RolloutState.Held || (status.Rollout is null or RolloutState.Idle && (Updated(Workload(world)) || GaveUp(world))));

    // What anybody has written. Pods, and counts of them, go on for ever where one crashes.
    private static string Picture(WholeWorld world) => string.Join('|',
        new[] { WholeWorld.Deliveries, WholeWorld.Releases, Known.Services, Known.Deployments, Known.StatefulSets, WholeWorld.Routes }
            .Where(resource => resource != WholeWorld.Routes || world.Schedule.Way == Way.CanaryByRoute)
            .SelectMany(resource => world.Store.List(resource, "default").Items)
            .Select(one => $"{one.Kind()} {one.Name()} {(one.Generation() > 0 && one.Kind() != "Delivery" ? one.Generation() : one.ResourceVersion())} {one.IsBeingDeleted()}"));

    private static void Settled(WholeWorld world)
    {
        var status = world.Delivery.Status ?? new();
        Residue(world);
        History(world, status);
        if (status.Rollout is RolloutState.Held held)
        {
            world.Witness.Check("a hold is told", status.Held?.Reason == held.Reason, $"held for {held.Reason}, and says {status.Held?.Reason}");
            world.Witness.Check("held for a reason of people", held.Reason is Reasons.ManualRollback or Reasons.Drifted or Reasons.Contested or Reasons.NothingToRollBackTo, $"held for {held.Reason}: {held.Message}");
            return;
        }

        var newest = Newest(world);
        var rejected = status.Rejected?.Any(rejection => rejection.Digest == newest) == true;
        world.Witness.Check("converges to the last wish", status.Current?.Digest == newest || rejected, $"{world.Images.TagOf(newest)} is neither deployed nor rejected; {status.Current?.Tag} is current, held {status.Held}");
        world.Witness.Check("converges to the last wish", status.Current?.Digest == newest || status.Held is not null, $"{world.Images.TagOf(newest)} is not deployed, and no reason is given");
        var image = Image(Workload(world));
        world.Witness.Check("what is current runs", world.Images.DigestIn(image) == status.Current?.Digest, $"{status.Current?.Tag} is current, and {image} runs");
    }

    private static void Residue(WholeWorld world)
    {
        var store = world.Store;
        var beside = store.List(Known.Deployments, "default").Items.Concat(store.List(Known.Services, "default").Items).Select(one => $"{one.Kind()} {one.Name()}").Where(one => !one.EndsWith(" shop", StringComparison.Ordinal) && !one.EndsWith(" kubernetes", StringComparison.Ordinal));
        world.Witness.Check("no residue", !beside.Any(), $"left behind: {string.Join(", ", beside)}");
        world.Witness.Check("no residue", store.List(Known.Pods, "default").Items.All(pod => pod.Label(ApiNames.TrackLabel) is null), "pods of a side are left");
        world.Witness.Check("no residue", world.Delivery.Metadata.Finalizers is null or { Count: 0 }, "the finalizer is left");
        world.Witness.Check("no residue", (Workload(world).Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0) == 0, "a partition is left");
        var selector = store.Find(Known.Services, "default", "shop")!.Field("spec", "selector")!;
        world.Witness.Check("no residue", selector.ToJsonString() == """{"app":"shop"}""", $"the selector is {selector.ToJsonString()}");
        if (world.Schedule.Way == Way.CanaryByRoute)
        {
            var route = store.Find(WholeWorld.Routes, "default", "shop")!;
            world.Witness.Check("no residue", JsonNode.DeepEquals(route["spec"], WholeObjects.Route()["spec"]), $"the route is {route["spec"]!.ToJsonString()}");
        }
    }

    private static void History(WholeWorld world, DeliveryStatus status)
    {
        var releases = world.Store.List(WholeWorld.Releases, "default").Items.ToDictionary(release => release.Number("spec", "number") ?? 0);
        world.Witness.Check("no Release lost", world.Witness.Numbers.All(releases.ContainsKey), $"of {string.Join(',', world.Witness.Numbers)} are left {string.Join(',', releases.Keys)}");
        world.Witness.Check("no Release lost", releases.Values.All(release => Outcomes.IsFinal(release.Text("status", "outcome"))), "a Release has no outcome");
        world.Witness.Check("no Release lost", status.Current is not { } current || releases.TryGetValue(current.Release, out var release) && release.Text("spec", "digest") == current.Digest, $"the Release of {status.Current} is missing");
    }

    private static string Newest(WholeWorld world) => world.Images.DigestOf(world.Pushed.OrderBy(tag => SharedImages.VersionOf(tag)).ThenBy(tag => (int)SharedImages.FateOf(tag)).Last());

    private static JsonObject Workload(WholeWorld world) => world.Store.Find(world.WorkloadResource, "default", "shop")!;

    private static string Image(JsonObject workload) => workload.Objects("spec", "template", "spec", "containers").First().Text("image");

    private static bool GaveUp(WholeWorld world) =>
        world.Store.List(WholeWorld.Releases, "default").Items.MaxBy(release => release.Number("spec", "number")) is { } last && last.Text("status", "reason") == Reasons.RollbackIneffective;

    private static bool Updated(JsonObject workload) =>
        workload.Number("status", "observedGeneration") == workload.Generation()
        && workload.Number("status", "updatedReplicas") == workload.Number("spec", "replicas") && workload.Number("status", "readyReplicas") == workload.Number("spec", "replicas");
}
