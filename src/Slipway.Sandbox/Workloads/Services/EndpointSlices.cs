using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Services;

/// <summary>
/// The EndpointSlices of Services ("EndpointSlices" of the Kubernetes documentation): pods with the same ports, a hundred at most in each. An
/// endpoint stays in its slice for as long as it is there, so that one pod's change is one slice's.
/// </summary>
/// <remarks>
/// discovery.k8s.io/v1 shows pods that are ending, as <c>terminating</c> and not ready; 1.20, with v1beta1, leaves them out and knows of
/// no condition but <c>ready</c>.
/// </remarks>
internal sealed class EndpointSlices(ObjectStore store)
{
    private const int MaxEndpoints = 100;
    private const string ServiceLabel = "kubernetes.io/service-name";
    private const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    private const string HeadlessLabel = "service.kubernetes.io/headless";
    private const string Us = "endpointslice-controller.k8s.io";

    private readonly bool _isBeta = store.Resources.Release is KubernetesRelease.OneTwenty;

    /// <summary>The Service whose slice somebody else changed or deleted.</summary>
    public static IEnumerable<ObjectKey> ServiceOf(WatchEvent change) =>
        change.Value.Label(ManagedByLabel) == Us && change.Value.Label(ServiceLabel) is { } name
            ? [new ObjectKey(Known.Services, change.Key.Namespace, name)]
            : [];

    public void Write(JsonObject service, JsonObject[] pods)
    {
        var ours = store.WithOwners(owners => owners.DependentsOf(service.Uid()))
            .Where(key => key.Resource == Known.EndpointSlices)
            .Select(store.Find).OfType<JsonObject>()
            .Where(slice => slice.Label(ManagedByLabel) == Us && !slice.IsBeingDeleted())
            .OrderBy(slice => slice.Name(), StringComparer.Ordinal)
            .ToList();
        var groups = pods.Where(pod => !_isBeta || !pod.IsBeingDeleted() || ServicePods.PublishesAll(service))
            .GroupBy(pod => ServicePods.Ports(service, pod).ToJsonString())
            .ToDictionary(group => group.Key, group => group.ToDictionary(pod => pod.Uid()));
        if (groups.Count == 0)
        {
            // One slice tells that there is nobody, where none would tell nothing.
            groups.Add("[]", []);
        }

        foreach (var (ports, members) in groups)
        {
            Place(service, ports, members, [.. ours.Where(slice => PortsOf(slice) == ports)]);
        }

        foreach (var surplus in ours.Where(slice => !groups.ContainsKey(PortsOf(slice))))
        {
            store.TryDelete(surplus.KeyIn(Known.EndpointSlices));
        }
    }

    private void Place(JsonObject service, string ports, Dictionary<string, JsonObject> members, JsonObject[] slices)
    {
        var kept = slices.Select(slice => UidsOf(slice).Where(members.ContainsKey).ToList()).ToArray();
        var fresh = new Queue<string>(members.Keys.Except(kept.SelectMany(uids => uids)).Order(StringComparer.Ordinal));
        for (var i = 0; i < slices.Length; i++)
        {
            while (kept[i].Count < MaxEndpoints && fresh.TryDequeue(out var uid))
            {
                kept[i].Add(uid);
            }

            if (kept[i].Count == 0 && (members.Count > 0 || i > 0))
            {
                store.TryDelete(slices[i].KeyIn(Known.EndpointSlices));
            }
            else
            {
                Update(slices[i], Slice(service, ports, kept[i].Select(uid => members[uid])));
            }
        }

        for (var first = slices.Length == 0; first || fresh.Count > 0; first = false)
        {
            var taken = new List<string>();
            while (taken.Count < MaxEndpoints && fresh.TryDequeue(out var uid))
            {
                taken.Add(uid);
            }

            store.Create(Known.EndpointSlices, Slice(service, ports, taken.Select(uid => members[uid])));
        }
    }

    private void Update(JsonObject slice, JsonObject wanted) => store.Update(slice.KeyIn(Known.EndpointSlices), value =>
    {
        value["endpoints"] = wanted["endpoints"]?.DeepClone();
        value["ports"] = wanted["ports"]?.DeepClone();
        value.Ensure("metadata")["labels"] = wanted.Field("metadata", "labels")?.DeepClone();
        return value;
    });

    private JsonObject Slice(JsonObject service, string ports, IEnumerable<JsonObject> pods)
    {
        var labels = JsonTree.Copy(service.Section("metadata", "labels") ?? []);
        labels[ServiceLabel] = service.Name();
        labels[ManagedByLabel] = Us;
        if (service.Text("spec", "clusterIP") == "None")
        {
            labels[HeadlessLabel] = "";
        }

        var owner = Ownership.ReferenceTo(service);
        owner["apiVersion"] = "v1";
        owner["kind"] = "Service";
        var named = JsonNode.Parse(ports)!.AsArray();
        foreach (var port in named.OfType<JsonObject>().Where(port => port["name"] is null))
        {
            port["name"] = "";
        }

        // Go writes a list without items as null.
        var endpoints = new JsonArray([.. pods.Select(pod => Endpoint(service, pod))]);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["generateName"] = service.Name() + "-",
                ["namespace"] = service.Namespace(),
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(owner),
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = endpoints.Count == 0 ? null : endpoints,
            ["ports"] = named.Count == 0 ? null : named,
        };
    }

    private JsonObject Endpoint(JsonObject service, JsonObject pod)
    {
        var (serving, terminating) = (pod.IsReady(), pod.IsBeingDeleted());
        var conditions = new JsonObject { ["ready"] = ServicePods.PublishesAll(service) || (serving && !terminating) };
        var endpoint = new JsonObject { ["addresses"] = new JsonArray(pod.Text("status", "podIP")), ["conditions"] = conditions };
        if (_isBeta)
        {
            endpoint["topology"] = new JsonObject { ["kubernetes.io/hostname"] = pod.Text("spec", "nodeName") };
        }
        else
        {
            (conditions["serving"], conditions["terminating"]) = (serving, terminating);
            endpoint["nodeName"] = pod.Text("spec", "nodeName");
        }

        if (ServicePods.Hostname(service, pod) is { Length: > 0 } hostname)
        {
            endpoint["hostname"] = hostname;
        }

        endpoint["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid() };
        return endpoint;
    }

    private static IEnumerable<string> UidsOf(JsonObject slice) => slice.Objects("endpoints").Select(endpoint => endpoint.Text("targetRef", "uid"));

    // As ServicePods.Ports writes them: there a port without a name has none, here it has an empty one.
    private static string PortsOf(JsonObject slice)
    {
        var ports = (slice.Field("ports") as JsonArray)?.DeepClone().AsArray() ?? [];
        foreach (var port in ports.OfType<JsonObject>().Where(port => port.Text("name").Length == 0))
        {
            port.Remove("name");
        }

        return ports.ToJsonString();
    }
}
