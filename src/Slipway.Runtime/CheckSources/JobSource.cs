using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.CheckSources;

/// <summary>
/// Runs a Job and waits for its end. The Job has a name that follows from the measurement: whoever makes the measurement again, after a restart, finds
/// the Job that is running, or has ended, and starts no second one.
/// </summary>
internal sealed class JobSource(ClusterConnection cluster, TimeProvider time)
{
    // The Job ends by its own deadline; where nobody enforces that, the measurement does.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // Left to itself, the server deletes a Job and lets its pods run on (kubernetes: pkg/registry/batch/job/strategy.go, DefaultGarbageCollectionPolicy).
    private const string WithPods = "Background";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ResourceClient<JsonObject> _jobs = new(cluster, ResourceTypes.Jobs, json => JsonNode.Parse(json.GetRawText())!.AsObject());
    private readonly ResourceClient<JobPod> _pods = new(cluster, ResourceTypes.Pods, JobPod.Read);

    public async Task<Measurement> MeasureAsync(MeasureWish wish, CheckSource.Job source, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wish.Context.Namespace, MeasurementName.Of(wish));
        var until = time.GetUtcNow() + source.Timeout + Grace;
        if (JobManifest.TryMake(wish, source, out var problem) is not { } manifest)
        {
            return Made(MeasuredAs.Error, null, problem);
        }

        var (created, sight) = (false, new Sight());
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause + FirstPause : LongestPause)
        {
            try
            {
                var live = await _jobs.GetAsync(key, cancellationToken);
                if (live is null && created)
                {
                    return Made(MeasuredAs.Error, null, $"Job {key.Name} was deleted before it had ended");
                }

                live ??= await CreateAsync(key, manifest, cancellationToken);
                created |= live is not null;
                if (live is not null && await LookAsync(live, wish, sight, cancellationToken) is { } measured)
                {
                    return measured;
                }
            }
            catch (KubeException e) when (e.IsTransient && time.GetUtcNow() < until)
            {
                // The API server comes back; the Job has its own deadline meanwhile.
            }
            catch (KubeException e)
            {
                return Made(MeasuredAs.Error, null, e.Message);
            }

            if (time.GetUtcNow() >= until)
            {
                return Made(MeasuredAs.Error, null, $"Job {key.Name} has not ended {Grace.TotalSeconds:0} s after its deadline: nobody looks after Jobs in this cluster");
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Ends a Job that nobody waits for any more. One that has ended is kept for its lifetime: its log may still be wanted.</summary>
    /// <exception cref="KubeException"/>
    public async Task AbandonAsync(MeasureWish wish, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wish.Context.Namespace, MeasurementName.Of(wish));
        if (await _jobs.GetAsync(key, cancellationToken) is { } live && IsOurs(live, wish) && Condition(live.Value, "Complete") is null && Condition(live.Value, "Failed") is null)
        {
            await _jobs.DeleteAsync(key, new DeleteTerms(live.Uid, null, WithPods), cancellationToken);
        }
    }

    private async Task<ResourceItem<JsonObject>?> CreateAsync(ObjectKey key, JsonObject manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await _jobs.CreateAsync(key.Namespace, manifest, cancellationToken);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // An answer that was lost: it is looked at next time.
            return null;
        }
    }

    private async Task<Measurement?> LookAsync(ResourceItem<JsonObject> live, MeasureWish wish, Sight sight, CancellationToken cancellationToken)
    {
        if (!IsOurs(live, wish))
        {
            return Made(MeasuredAs.Error, null, $"Job {live.Key.Name} is somebody else's: delete it");
        }

        var (complete, failed) = (Condition(live.Value, "Complete"), Condition(live.Value, "Failed"));
        var pods = await _pods.ListPageAsync(new ListScope(live.Key.Namespace, $"job-name={live.Key.Name}"), null, 10, cancellationToken);
        var pod = pods.Items.Select(item => item.Value).OrderByDescending(one => one.CreatedAt).FirstOrDefault();
        (sight.Ran, sight.Problem) = (sight.Ran || pod?.Started == true, pod is null ? sight.Problem : pod.Problem);
        if (complete is null && failed is null)
        {
            return pod?.Problem is { } stuck && PodProblems.IsFailing(stuck.Reason) ? await GiveUpAsync(live, $"{stuck.Reason}: {stuck.Message}", cancellationToken) : null;
        }

        var log = pod is null ? null : await LogAsync(live.Key.Namespace, pod.Name, cancellationToken);
        var exit = pod?.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"exit {code}") : null;
        return complete is not null ? Made(MeasuredAs.Pass, exit ?? "complete", null) with { Log = log } : Failed(failed!, sight, exit) with { Log = log };
    }

    // At its deadline Kubernetes deletes the pod, and with it what it would tell of itself.
    private Measurement Failed(JsonObject condition, Sight sight, string? exit) => (exit, Text(condition, "reason") == "DeadlineExceeded") switch
    {
        (_, true) when sight.Ran || sight.Problem is null => Made(MeasuredAs.Fail, exit, "it did not end within its timeout"),
        (_, true) => Made(MeasuredAs.Error, null, $"its pod never ran: {sight.Problem!.Reason}: {sight.Problem.Message}"),
        ({ } code, _) => Made(MeasuredAs.Fail, code, $"it ended with {code}"),
        _ => Made(MeasuredAs.Error, null, $"its pod was lost before it had ended: {Text(condition, "reason")}: {Text(condition, "message")}"),
    };

    // Waiting does not help: that nobody could run it says nothing of the new version.
    private async Task<Measurement> GiveUpAsync(ResourceItem<JsonObject> live, string why, CancellationToken cancellationToken)
    {
        await _jobs.DeleteAsync(live.Key, new DeleteTerms(live.Uid, null, WithPods), cancellationToken);
        return Made(MeasuredAs.Error, null, why);
    }

    private async Task<string?> LogAsync(string ns, string pod, CancellationToken cancellationToken)
    {
        var path = $"{ResourceTypes.Pods.ObjectPath(new ObjectKey(ns, pod), "log")}?container={JobManifest.Container}&tailLines={LogTail.MostLines}&limitBytes=16384";
        try
        {
            using var response = await cluster.OpenAsync(new KubeCall(HttpMethod.Get, "get", $"log of Pod {ns}/{pod}", path), cancellationToken);
            using var body = new BoundedBody();
            await body.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), 32 << 10, cancellationToken);
            return LogTail.Of(Encoding.UTF8.GetString(body.Bytes.Span));
        }
        catch (Exception e) when (e is KubeException or IOException or HttpRequestException)
        {
            return LogTail.Of($"(its log cannot be read: {e.Message})");
        }
    }

    private static bool IsOurs(ResourceItem<JsonObject> live, MeasureWish wish) =>
        (string?)live.Value["metadata"]?["annotations"]?[JobManifest.MeasurementAnnotation] == MeasurementName.Identity(wish);

    private static JsonObject? Condition(JsonObject job, string type) =>
        (job["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(condition => Text(condition, "type") == type && Text(condition, "status") == "True");

    private static string? Text(JsonObject owner, string name) => (string?)owner[name];

    /// <summary>What was seen of its pod while there was one.</summary>
    private sealed class Sight
    {
        public bool Ran { get; set; }

        public WorkloadFailure? Problem { get; set; }
    }

    private Measurement Made(MeasuredAs result, string? value, string? why) => new(result, Instant.Of(time.GetUtcNow()), value, why is null ? null : BoundedText.Of(why, 240));
}
