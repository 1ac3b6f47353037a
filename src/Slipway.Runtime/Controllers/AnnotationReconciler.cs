using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Annotations;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>
/// Keeps the Delivery that a workload asks for by its annotations. The key is that of the Delivery, which has the workload's name. It reads
/// caches only, and writes only what is not so already; what a Delivery does is none of its business.
/// </summary>
public sealed partial class AnnotationReconciler(ClusterView cluster, EventRecorder events, ILogger<AnnotationReconciler> log) : IReconciler
{
    // A manager of its own for one annotation: the spec stays as it was applied while something is wrong, and the mark goes without touching it.
    private const string MarkManager = ApiNames.FieldManager + "-annotations";

    // What was told of each name. An Event is told when it is news; at a restart it is told once more, and meets its own name.
    private readonly ConcurrentDictionary<ObjectKey, ImmutableArray<AnnotationRemark>> _told = new();

    public string Name => "annotations";

    public async Task<Requeue> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var delivery = cluster.Deliveries.Find(key);
        var decision = AnnotationPlanner.Plan(Workloads(key), delivery?.Value);
        Tell(key, decision.Remarks);
        switch (decision.Plan)
        {
            case AnnotationPlan.Write write when delivery is null:
                return await CreateAsync(key, write, cancellationToken);

            case AnnotationPlan.Write write:
                Wrote(await WriteAsync(delivery, write, cancellationToken));
                LogWrote(write.Owner.Key, key);
                return Requeue.OnChange;

            case AnnotationPlan.Mark mark:
                var fields = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [AnnotationNames.Problem] = mark.Problem } } };
                Wrote(await cluster.DeliveryClient.ApplyAsync(key, fields, delivery!.ResourceVersion, cancellationToken, manager: MarkManager));
                LogWrong(key, mark.Problem);
                return Requeue.OnChange;

            case AnnotationPlan.Delete:
                await cluster.DeliveryClient.DeleteAsync(key, new DeleteTerms(delivery!.Uid, delivery.ResourceVersion), cancellationToken);
                LogDeleted(key);
                return Requeue.OnChange;

            default:
                return Requeue.OnChange;
        }
    }

    private WorkloadSnapshot[] Workloads(ObjectKey key) =>
        [.. AnnotationNames.Kinds.Select(kind => cluster.Workload(new WorkloadKey(kind.Name, key.Namespace, key.Name))).OfType<WorkloadSnapshot>()];

    // An apply makes what is missing and changes what is there. So a live look comes first, and nothing is taken from another manager.
    private async Task<Requeue> CreateAsync(ObjectKey key, AnnotationPlan.Write write, CancellationToken cancellationToken)
    {
        if (await cluster.DeliveryClient.GetAsync(key, cancellationToken) is { } present)
        {
            Wrote(present);
            return Requeue.Now;
        }

        Wrote(await cluster.DeliveryClient.ApplyAsync(key, Fields(write), resourceVersion: null, cancellationToken, force: false));
        LogWrote(write.Owner.Key, key);
        return Requeue.OnChange;
    }

    // The mark goes last: a crash in between leaves the Delivery where it was, and the next pass takes the mark away.
    private async Task<ResourceItem<Delivery>> WriteAsync(ResourceItem<Delivery> present, AnnotationPlan.Write write, CancellationToken cancellationToken)
    {
        var written = await cluster.DeliveryClient.ApplyAsync(present.Key, Fields(write), present.ResourceVersion, cancellationToken);
        return write.Mends
            ? await cluster.DeliveryClient.ApplyAsync(present.Key, [], written.ResourceVersion, cancellationToken, manager: MarkManager)
            : written;
    }

    private void Wrote(ResourceItem<Delivery> item) => cluster.Deliveries.Wrote(item);

    private void Tell(ObjectKey key, ImmutableArray<AnnotationRemark> remarks)
    {
        var known = _told.GetValueOrDefault(key, []).Select(Text).ToHashSet();
        foreach (var remark in remarks.Where(remark => !known.Contains(Text(remark))))
        {
            var (workload, said) = (remark.Workload, remark.Said);
            events.Publish(new EventSubject(workload.ApiVersion, workload.Key.Kind, workload.Key.Namespace, workload.Key.Name, workload.Uid, ResourceVersion: null), [said]);
        }

        if (remarks.IsEmpty)
        {
            _told.TryRemove(key, out _);
        }
        else
        {
            _told[key] = remarks;
        }
    }

    private static string Text(AnnotationRemark remark) => $"{remark.Workload.Uid} {remark.Said.Reason} {remark.Said.Message}";

    private static JsonObject Fields(AnnotationPlan.Write write) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["labels"] = new JsonObject { [AnnotationNames.GeneratedFrom] = write.Owner.Key.Kind },
            ["annotations"] = new JsonObject { [AnnotationNames.GeneratedSpec] = write.Fingerprint },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = write.Owner.ApiVersion,
                ["kind"] = write.Owner.Key.Kind,
                ["name"] = write.Owner.Key.Name,
                ["uid"] = write.Owner.Uid,
                ["controller"] = true,
            }),
        },
        ["spec"] = JsonSerializer.SerializeToNode(write.Spec, ApiJson.Default.DeliverySpec),
    };

    [LoggerMessage(LogLevel.Information, "{Workload} asks by its annotations for Delivery {Delivery}: written")]
    private partial void LogWrote(WorkloadKey workload, ObjectKey delivery);

    [LoggerMessage(LogLevel.Warning, "Delivery {Delivery} stands still, an annotation of its workload cannot be read: {Why}")]
    private partial void LogWrong(ObjectKey delivery, string why);

    [LoggerMessage(LogLevel.Information, "Delivery {Delivery}: its workload no longer asks for it: deleted")]
    private partial void LogDeleted(ObjectKey delivery);
}
