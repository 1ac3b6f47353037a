using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Traffic;

/// <summary>
/// Stands in for a gateway where somebody installed the CRD of HTTPRoutes: hands them to the data plane, and says in their status, for each
/// parent, whether they are accepted and what they refer to is there (Gateway API, RouteParentStatus).
/// </summary>
internal sealed class GatewayController(ObjectStore store, SandboxTraffic traffic, TimeProvider time) : IWorkloadController
{
    public const string Name = "sandbox.slipway.dev/gateway";

    public static readonly GroupResource Routes = new("gateway.networking.k8s.io", "httproutes");

    private readonly Dictionary<ObjectKey, Sight> _seen = [];

    private sealed record Sight(string Uid, long Generation, DateTimeOffset At);

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Routes ? [change.Key]
        : change.Key.Resource == Known.Services && change.Type is not WatchEventType.Modified ? store.List(Routes, change.Key.Namespace).Objects.Select(route => route.Key)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } route || route.IsBeingDeleted())
        {
            if (_seen.Remove(key))
            {
                traffic.Program(key, null);
            }

            return null;
        }

        var now = time.GetUtcNow();
        var refusal = traffic.Refusal(route);
        if (!_seen.TryGetValue(key, out var sight) || sight.Uid != route.Uid() || sight.Generation != route.Generation())
        {
            _seen[key] = sight = new(route.Uid(), route.Generation(), now);
            traffic.Program(key, refusal is null ? route : null);
        }

        var due = sight.At + traffic.StatusLag;
        if (due > now)
        {
            return due;
        }

        store.WriteStatus(key, route, current => Status(current, refusal, now));
        return null;
    }

    private JsonObject Status(JsonObject route, string? refusal, DateTimeOffset now)
    {
        var status = JsonTree.Copy(route.Section("status") ?? []);
        var before = status.Objects("parents").Select(JsonTree.Copy).ToArray();
        var others = before.Where(parent => parent.Text("controllerName") != Name);
        var ours = route.Objects("spec", "parentRefs").Select(parent => Parent(route, parent, before, refusal, now));
        status["parents"] = new JsonArray([.. others.Concat(ours)]);
        return status;
    }

    private JsonObject Parent(JsonObject route, JsonObject parentRef, JsonObject[] before, string? refusal, DateTimeOffset now)
    {
        var parent = before.FirstOrDefault(one => one.Text("controllerName") == Name && JsonTree.Equal(one.Section("parentRef") ?? [], parentRef))
            ?? new JsonObject { ["parentRef"] = JsonTree.Copy(parentRef), ["controllerName"] = Name };
        var missing = route.Objects("spec", "rules").SelectMany(rule => rule.Objects("backendRefs")).Select(backend => backend.Text("name"))
            .FirstOrDefault(name => store.Find(Known.Services, route.Namespace(), name) is null);
        Set(parent, "Accepted", refusal is null, refusal ?? "Accepted", "", route.Generation(), now);
        Set(parent, "ResolvedRefs", missing is null, missing is null ? "ResolvedRefs" : "BackendNotFound", missing is null ? "" : $"Service {missing} is not there", route.Generation(), now);
        return parent;
    }

    private static void Set(JsonObject parent, string type, bool holds, string reason, string message, long generation, DateTimeOffset now)
    {
        Conditions.Set(parent, type, holds ? "True" : "False", reason, message, now);
        var condition = Conditions.Find(parent, type)!;
        condition["observedGeneration"] = generation;

        // metav1.Condition requires one.
        condition["message"] = message;
    }
}
