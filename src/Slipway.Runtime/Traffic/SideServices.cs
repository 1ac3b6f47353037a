using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>The Services that Slipway makes before the new version's pods.</summary>
public sealed partial class SideServices(TrafficView view, ILogger<SideServices> log)
{
    /// <summary>Makes it where it is missing.</summary>
    /// <returns>Whether it was made now.</returns>
    /// <exception cref="TrafficRefusedException">The name is somebody else's.</exception>
    public async Task<bool> EnsureAsync(SidePlace place, string name, Fence fence, CancellationToken cancellationToken)
    {
        if (view.Services(place.Namespace).Get(place.Key(name)) is { } known)
        {
            return known.Owner == place.Uid ? false : throw new TrafficRefusedException(Taken(place, name));
        }

        var stable = await view.ServiceClient.GetAsync(place.Key(place.Service), cancellationToken) ?? throw new TrafficRefusedException($"Service {place.Service} is gone");
        await fence.PassAsync();
        try
        {
            view.Wrote(await view.ServiceClient.CreateAsync(place.Namespace, ServiceCopy.Of(stable.Value, name, place.Sibling, place.Track, Copies.Owner(place.Delivery.Name, place.Uid)), cancellationToken));
            LogMade(place.Delivery, name);
            return true;
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // Ours, of which we had no answer, or somebody's: the next pass sees which.
            var there = await view.ServiceClient.GetAsync(place.Key(name), cancellationToken);
            if (there is not null)
            {
                view.Wrote(there);
            }

            return true;
        }
    }

    public static string Taken(SidePlace place, string name) =>
        $"Service {name} stands where Slipway would make one before the new version of {place.Stable}, and is not its own; rename or delete it";

    /// <summary>Deletes those that were made for the side.</summary>
    public async Task<bool> RemoveAsync(string ns, string sibling, string uid, Fence fence, CancellationToken cancellationToken)
    {
        var found = await view.ServiceClient.ListAsync(new ListScope(ns, sibling.Length == 0 ? SideMark.SideLabel : $"{SideMark.SideLabel}={sibling}"), cancellationToken);
        var ours = found.Items.Where(service => IsOwned(service.Value, uid) && service.Value["metadata"]!["deletionTimestamp"] is null).ToArray();
        foreach (var service in ours)
        {
            await fence.PassAsync();
            await view.ServiceClient.DeleteAsync(service.Key, new DeleteTerms(service.Uid, service.ResourceVersion), cancellationToken);
            LogRemoved(service.Key);
        }

        return ours.Length > 0;
    }

    internal static bool IsOwned(JsonObject made, string uid) =>
        (made["metadata"]!["ownerReferences"] as JsonArray ?? []).Any(owner => (string?)owner?["uid"] == uid && (bool?)owner?["controller"] == true);

    [LoggerMessage(LogLevel.Information, "{Delivery}: made Service {Service} before the new version")]
    private partial void LogMade(ObjectKey delivery, string service);

    [LoggerMessage(LogLevel.Information, "Service {Service}: deleted, nothing runs behind it any more")]
    private partial void LogRemoved(ObjectKey service);
}
