using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>A switch that works like a ResourceQuota on pods.</summary>
public sealed class PodQuota
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _limits = [];

    internal event Action<string>? Changed;

    /// <summary>So many pods may there be in the namespace; null for any number.</summary>
    public void SetLimit(string ns, int? pods)
    {
        lock (_gate)
        {
            if (pods is { } limit)
            {
                _limits[ns] = limit;
            }
            else
            {
                _limits.Remove(ns);
            }
        }

        Changed?.Invoke(ns);
    }

    internal int? LimitOf(string ns)
    {
        lock (_gate)
        {
            return _limits.TryGetValue(ns, out var limit) ? limit : null;
        }
    }
}

/// <summary>Creates pods for controllers, within the quota, and says so in events.</summary>
internal sealed class PodCreation(ObjectStore store, PodQuota quota, EventRecorder events)
{
    /// <returns>Why not; null when it is there.</returns>
    public string? Create(JsonObject owner, JsonObject pod)
    {
        var why = Refusal(owner.Namespace(), pod);
        if (why is null)
        {
            try
            {
                var created = store.Create(Known.Pods, pod);
                events.Record(owner, "Normal", "SuccessfulCreate", Told(owner, $"Created pod: {created.Name()}", $"create Pod {created.Name()} in {owner.Kind()} {owner.Name()} successful"));
            }
            catch (StatusException e) when (e.Status.Code is 403 or 409)
            {
                why = e.Status.Message;
            }
        }

        if (why is not null)
        {
            events.Record(owner, "Warning", "FailedCreate", Told(owner, $"Error creating: {why}", $"create Pod {pod.Name()} in {owner.Kind()} {owner.Name()} failed error: {why}"));
        }

        return why;
    }

    public void Delete(JsonObject owner, JsonObject pod)
    {
        if (store.TryDelete(pod.KeyIn(Known.Pods), new() { Uid = pod.Uid() }))
        {
            events.Record(owner, "Normal", "SuccessfulDelete", Told(owner, $"Deleted pod: {pod.Name()}", $"delete Pod {pod.Name()} in {owner.Kind()} {owner.Name()} successful"));
        }
    }

    // StatefulSets say it in other words than all the others.
    private static string Told(JsonObject owner, string plain, string stateful) => owner.Kind() == "StatefulSet" ? stateful : plain;

    private string? Refusal(string ns, JsonObject pod)
    {
        if (quota.LimitOf(ns) is not { } limit)
        {
            return null;
        }

        var used = store.List(Known.Pods, ns).Items.Count(one => !one.IsFinished());
        var name = pod.Name() is { Length: > 0 } given ? given : pod.Text("metadata", "generateName");
        return used < limit ? null : $"pods \"{name}\" is forbidden: exceeded quota: sandbox, requested: pods=1, used: pods={used}, limited: pods={limit}";
    }
}
