using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Services;

/// <summary>Lists behind each Service the pods that its selector matches, as Endpoints and as EndpointSlices.</summary>
internal sealed class EndpointsController(ObjectStore store) : IWorkloadController
{
    private readonly EndpointSlices _slices = new(store);

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.Services ? [change.Key]
        : change.Key.Resource == Known.Pods ? store.List(Known.Services, change.Key.Namespace).Objects
            .Where(service => ServicePods.Selects(service.Value, change)).Select(service => service.Key)
        : change.Key.Resource == Known.EndpointSlices ? EndpointSlices.ServiceOf(change)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        var target = new ObjectKey(Known.Endpoints, key.Namespace, key.Name);
        if (store.Find(key) is not { } service || service.IsBeingDeleted())
        {
            // The slices have an owner, and go with it.
            store.TryDelete(target);
        }
        else if (ServicePods.Selector(service) is not null)
        {
            var pods = ServicePods.Of(store, service);
            Write(target, service, EndpointSubsets.Of(service, pods));
            _slices.Write(service, pods);
        }

        return null;
    }

    private void Write(ObjectKey target, JsonObject service, JsonArray subsets)
    {
        if (store.Find(target) is null)
        {
            store.Create(Known.Endpoints, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = target.Name, ["namespace"] = target.Namespace, ["labels"] = JsonTree.Copy(service.Section("metadata", "labels") ?? []) },
                ["subsets"] = subsets,
            });
            return;
        }

        store.Update(target, value =>
        {
            value["subsets"] = subsets.DeepClone();
            return value;
        });
    }
}

/// <summary>The contents of an Endpoints object: one subset for each set of ports, with those that are ready and those that are not.</summary>
internal static class EndpointSubsets
{
    public static JsonArray Of(JsonObject service, JsonObject[] pods)
    {
        var all = ServicePods.PublishesAll(service);
        var groups = pods.Where(pod => all || !pod.IsBeingDeleted())
            .Select(pod => (Pod: pod, Ports: ServicePods.Ports(service, pod)))
            .GroupBy(one => one.Ports.ToJsonString());
        return new JsonArray([.. groups.Select(group => Subset(service, [.. group.Select(one => one.Pod)], group.First().Ports, all))]);
    }

    private static JsonObject Subset(JsonObject service, JsonObject[] pods, JsonArray ports, bool all)
    {
        var subset = new JsonObject();
        AddIfAny(subset, "addresses", [.. pods.Where(pod => all || pod.IsReady()).Select(JsonNode (pod) => Address(service, pod))]);
        AddIfAny(subset, "notReadyAddresses", [.. pods.Where(pod => !all && !pod.IsReady()).Select(JsonNode (pod) => Address(service, pod))]);
        subset["ports"] = ports;
        return subset;
    }

    private static void AddIfAny(JsonObject subset, string name, JsonNode[] addresses)
    {
        if (addresses is not [])
        {
            subset[name] = new JsonArray(addresses);
        }
    }

    private static JsonObject Address(JsonObject service, JsonObject pod)
    {
        var address = new JsonObject
        {
            ["ip"] = pod.Text("status", "podIP"),
            ["nodeName"] = pod.Text("spec", "nodeName"),
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid() },
        };
        if (ServicePods.Hostname(service, pod) is { Length: > 0 } hostname)
        {
            address["hostname"] = hostname;
        }

        return address;
    }
}
