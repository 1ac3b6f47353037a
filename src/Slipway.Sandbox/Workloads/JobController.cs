using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Runs the pods of a Job to their end ("Jobs" of the Kubernetes documentation).</summary>
internal sealed class JobController(ObjectStore store, PodCreation pods, EventRecorder events, TimeProvider time) : IWorkloadController
{
    private static readonly TimeSpan CreateRetry = TimeSpan.FromSeconds(5);

    private sealed record Tally(int Active, int Succeeded, int Failed);

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.Jobs ? [change.Key]
        : change.Key.Resource == Known.Pods ? store.OwnersOf(change, "Job", Known.Jobs)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } job || job.IsBeingDeleted() || IsOver(job))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var started = job.Instant("status", "startTime") ?? now;
        var owned = store.Owned(job, Known.Pods);
        var verdict = Judge(job, Count(owned), started, now);
        var refused = verdict is null ? Start(job, owned) : Stop(job, owned);
        var tally = Count(store.Owned(job, Known.Pods));
        store.WriteStatus(key, job, latest => Status(latest, tally, verdict, started, now));
        if (verdict is { } over)
        {
            events.Record(job, over.Type == "Complete" ? "Normal" : "Warning", over.Type == "Complete" ? "Completed" : over.Reason, over.Message);
        }

        return verdict is not null ? null : refused ? now + CreateRetry : Deadline(job, started);
    }

    private static bool IsOver(JsonObject job) => job.IsTrue("Complete") || job.IsTrue("Failed");

    private static int? Completions(JsonObject job) => job.Int("spec", "completions");

    private static int Parallelism(JsonObject job) => job.Flag("spec", "suspend") ? 0 : job.Int("spec", "parallelism") ?? 1;

    private static DateTimeOffset? Deadline(JsonObject job, DateTimeOffset started) =>
        job.Int("spec", "activeDeadlineSeconds") is { } seconds ? started + TimeSpan.FromSeconds(seconds) : null;

    private static Tally Count(ImmutableArray<JsonObject> owned) => new(
        owned.Count(pod => pod.IsActive()),
        owned.Count(pod => pod.Text("status", "phase") == "Succeeded"),
        owned.Count(pod => pod.Text("status", "phase") == "Failed"));

    private static (string Type, string Reason, string Message)? Judge(JsonObject job, Tally tally, DateTimeOffset started, DateTimeOffset now)
    {
        var wanted = Completions(job) ?? (job.Int("spec", "parallelism") is > 1 ? null : 1);
        if (tally.Failed > (job.Int("spec", "backoffLimit") ?? 6))
        {
            return ("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }

        if (Deadline(job, started) <= now)
        {
            return ("Failed", "DeadlineExceeded", "Job was active longer than specified deadline");
        }

        // Without a number of completions the first success means that the work is done, once the others have ended too.
        return wanted is { } count ? tally.Succeeded >= count ? Done : null : tally is { Succeeded: > 0, Active: 0 } ? Done : null;
    }

    private static readonly (string, string, string)? Done = ("Complete", "CompletionsReached", "Reached expected number of succeeded pods");

    private bool Start(JsonObject job, ImmutableArray<JsonObject> owned)
    {
        var tally = Count(owned);
        var wanted = Parallelism(job);
        if (Completions(job) is { } completions)
        {
            wanted = Math.Min(wanted, completions - tally.Succeeded);
        }
        else if (tally.Succeeded > 0)
        {
            wanted = tally.Active;
        }

        for (var missing = wanted - tally.Active; missing > 0; missing--)
        {
            var pod = PodTemplate.Pod(
                job,
                job.Section("spec", "template") ?? [],
                job.Name() + "-",
                null,
                ("job-name", job.Name()),
                ("controller-uid", job.Uid()),
                ("batch.kubernetes.io/job-name", job.Name()),
                ("batch.kubernetes.io/controller-uid", job.Uid()));
            if (pods.Create(job, pod) is not null)
            {
                return true;
            }
        }

        foreach (var surplus in ReplicaSetController.DeletionOrder(owned.Where(pod => pod.IsActive())).Take(Math.Max(0, tally.Active - wanted)))
        {
            pods.Delete(job, surplus);
        }

        return false;
    }

    private bool Stop(JsonObject job, ImmutableArray<JsonObject> owned)
    {
        foreach (var pod in owned.Where(pod => pod.IsActive()))
        {
            pods.Delete(job, pod);
        }

        return false;
    }

    private static JsonObject Status(JsonObject job, Tally tally, (string Type, string Reason, string Message)? verdict, DateTimeOffset started, DateTimeOffset now)
    {
        var status = JsonTree.Copy(job.Section("status") ?? []);
        status["startTime"] = WorkloadFields.Text(started);
        status.SetCount("active", tally.Active);
        status.SetCount("succeeded", tally.Succeeded);
        status.SetCount("failed", tally.Failed);
        if (verdict is { } over)
        {
            Conditions.Set(status, over.Type, "True", over.Reason, over.Message, now);
            if (over.Type == "Complete")
            {
                status["completionTime"] = WorkloadFields.Text(now);
            }
        }

        return status;
    }
}
