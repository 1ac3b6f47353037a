using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Lists behind each Service the pods that its selector matches: those that are ready, and those that are not.</summary>
internal sealed class EndpointsController(ObjectStore store) : IWorkloadController
{
    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.Services ? [change.Key]
        : change.Key.Resource == Known.Pods ? store.List(Known.Services, change.Key.Namespace).Objects.Where(service => Selects(service.Value, change)).Select(service => service.Key)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        var target = new ObjectKey(Known.Endpoints, key.Namespace, key.Name);
        if (store.Find(key) is not { } service || service.IsBeingDeleted())
        {
            store.TryDelete(target);
        }
        else if (Selector(service) is not null)
        {
            Write(target, service);
        }

        return null;
    }

    private static JsonObject? Selector(JsonObject service) => service.Section("spec", "selector") is { Count: > 0 } selector ? selector : null;

    private static bool Selects(JsonObject service, WatchEvent change) =>
        Selector(service) is { } selector
        && (LabelSelectors.MatchesAll(selector, change.Value) || (change.Previous is { } before && LabelSelectors.MatchesAll(selector, before.Value)));

    private void Write(ObjectKey target, JsonObject service)
    {
        var subsets = Subsets(service);
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

    private JsonArray Subsets(JsonObject service)
    {
        var pods = store.List(Known.Pods, service.Namespace()).Items
            .Where(pod => pod.IsActive() && pod.Text("status", "podIP").Length > 0 && LabelSelectors.MatchesAll(Selector(service), pod))
            .ToArray();
        var subset = new JsonObject();
        AddIfAny(subset, "addresses", [.. pods.Where(pod => pod.IsReady()).Select(JsonNode (pod) => Address(pod))]);
        AddIfAny(subset, "notReadyAddresses", [.. pods.Where(pod => !pod.IsReady()).Select(JsonNode (pod) => Address(pod))]);
        if (subset.Count == 0)
        {
            return [];
        }

        subset["ports"] = new JsonArray([.. service.Objects("spec", "ports").Select(port => Port(port, pods))]);
        return new JsonArray(subset);
    }

    private static void AddIfAny(JsonObject subset, string name, JsonNode[] addresses)
    {
        if (addresses is not [])
        {
            subset[name] = new JsonArray(addresses);
        }
    }

    private static JsonObject Address(JsonObject pod) => new()
    {
        ["ip"] = pod.Text("status", "podIP"),
        ["nodeName"] = pod.Text("spec", "nodeName"),
        ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid() },
    };

    private static JsonObject Port(JsonObject port, JsonObject[] pods)
    {
        var named = JsonFields.AsText(port.Field("targetPort"));
        var number = named is null
            ? port.Number("targetPort") ?? port.Number("port") ?? 0
            : pods.SelectMany(pod => pod.Objects("spec", "containers")).SelectMany(container => container.Objects("ports"))
                .FirstOrDefault(one => one.Text("name") == named)?.Number("containerPort") ?? 0;
        var endpoint = new JsonObject { ["port"] = number, ["protocol"] = port.Text("protocol") is { Length: > 0 } protocol ? protocol : "TCP" };
        if (port.Text("name") is { Length: > 0 } name)
        {
            endpoint["name"] = name;
        }

        return endpoint;
    }
}
