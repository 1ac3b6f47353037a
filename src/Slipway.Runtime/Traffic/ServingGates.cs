using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Opens and closes the gates of a side's pods, where the pods are the weight.</summary>
public sealed partial class ServingGates(ClusterView cluster, LiveSide live, ILogger<ServingGates> log)
{
    /// <param name="known">The side's pods as the cache has them: when they are as wished, nothing is asked.</param>
    /// <param name="replicas">Of the stable side, for which <paramref name="open"/> was reckoned.</param>
    /// <exception cref="TrafficRefusedException">The stable side is not what it was thought to be.</exception>
    public async Task<bool> ApplyAsync(SidePlace place, IReadOnlyList<PodSnapshot> known, int open, int replicas, Fence fence, CancellationToken cancellationToken)
    {
        if (IsDone(GateChoice.Choose(known, open, place.MinReadySeconds, live.Now)))
        {
            return false;
        }

        // What a cache says may be old, and with it one pod too many would be opened (I26).
        var pods = await live.SideAsync(place, cancellationToken);
        var choice = GateChoice.Choose(pods.Select(pod => pod.Value), open, place.MinReadySeconds, live.Now);
        foreach (var pod in pods)
        {
            cluster.Pods.For(place.Namespace).Wrote(pod);
        }

        if (IsDone(choice))
        {
            return true;
        }

        if (choice.Open.Length > 0)
        {
            var stable = LiveSide.Replicas(await live.StableAsync(place, cancellationToken));
            if (stable < replicas)
            {
                // Beside fewer stable pods the same number is a larger share (I6): it is reckoned again.
                throw new KubeException($"Deployment {place.Stable} has {stable} replicas, and {replicas} when it was looked at") { Code = 409, Reason = "Conflict" };
            }
        }

        await fence.PassAsync();
        foreach (var pod in choice.Close)
        {
            await SetAsync(pods.First(one => one.Uid == pod.Uid), isOpen: false, cancellationToken);
        }

        foreach (var pod in choice.Open)
        {
            await SetAsync(pods.First(one => one.Uid == pod.Uid), isOpen: true, cancellationToken);
        }

        LogSet(place.Delivery, place.Sibling, choice.Open.Length, choice.Close.Length, open);
        return true;
    }

    private static bool IsDone((System.Collections.Immutable.ImmutableArray<PodSnapshot> Open, System.Collections.Immutable.ImmutableArray<PodSnapshot> Close) choice) =>
        choice is { Open.IsEmpty: true, Close.IsEmpty: true };

    private async Task SetAsync(ResourceItem<PodSnapshot> pod, bool isOpen, CancellationToken cancellationToken)
    {
        var condition = new JsonObject
        {
            ["type"] = ApiNames.ServingGate,
            ["status"] = isOpen ? "True" : "False",
            ["lastTransitionTime"] = live.Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["reason"] = isOpen ? "Open" : "Closed",
            ["message"] = isOpen ? "Slipway sends requests to this pod" : "Slipway sends no requests to this pod",
        };
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = pod.ResourceVersion, ["uid"] = pod.Uid },
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) },
        };
        cluster.Pods.For(pod.Key.Namespace).Wrote(await live.Pods.StrategicPatchAsync(pod.Key, patch, cancellationToken, "status"));
    }

    [LoggerMessage(LogLevel.Information, "{Delivery}: {Sibling}: {Opened} gates opened and {Closed} closed, {Open} wished open")]
    private partial void LogSet(ObjectKey delivery, string sibling, int opened, int closed, int open);
}
