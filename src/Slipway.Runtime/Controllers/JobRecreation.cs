using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>
/// Has a Job run another image: it is deleted and created anew, since its template cannot be changed.
/// </summary>
/// <remarks>
/// Between the two only the record is left of it. It is in the newest Release of the Delivery, and is written before anything is deleted.
/// Whoever comes next, after a crash at any point, finds either the Job as it was, or no Job and a record. Each step is one write that can be
/// done again: the record is the same, the deletion names the uid and version that were recorded, the creation meets its name.
/// </remarks>
public sealed partial class JobRecreation(ControllerContext context, ResourceClient<Release> releases, ILogger<JobRecreation> log)
{
    /// <summary>On a Release: Jobs, by name, as they can be created anew.</summary>
    public const string RecordAnnotation = ApiNames.Group + "/recreated-jobs";

    // What the server takes of annotations in all (256 KiB), and room for others.
    private const int Longest = 200 << 10;

    private readonly ResourceClient<JsonObject> _jobs = new(context.Connection, ResourceTypes.Jobs, json => JsonNode.Parse(json.GetRawText())!.AsObject());
    private readonly WorkloadReader _reader = new(new ValuePool());

    /// <summary>The Job as it was when it was recorded in <paramref name="release"/>; null where it was not.</summary>
    public async Task<WorkloadSnapshot?> RecordedAsync(ObjectKey release, string name, CancellationToken cancellationToken)
    {
        if (await releases.GetAsync(release, cancellationToken) is not { } found || Records(found.Value)[name] is not JsonObject record)
        {
            return null;
        }

        using var json = JsonDocument.Parse(record.ToJsonString());
        var job = _reader.Read(WorkloadKinds.Job, WorkloadKinds.Job.ApiVersions[0], json.RootElement);

        // Who wrote its image last is nobody's matter any more: it is ours to create.
        return job with { Gone = true, Progress = new(), Containers = [.. job.Containers.Select(container => container with { Owner = new(ApiNames.FieldManager, "Update") })] };
    }

    /// <param name="release">The newest Release of the Delivery.</param>
    /// <exception cref="KubeException">Something was not as expected; nothing is lost, and it is looked at again.</exception>
    public async Task ApplyAsync(
        ObjectKey release, ObjectKey key, IReadOnlyDictionary<string, string> images, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        var live = await _jobs.GetAsync(key, cancellationToken);
        if (live?.Value["metadata"]!["deletionTimestamp"] is not null)
        {
            // Its pods are still on their way out; the watch tells when they are gone.
            return;
        }

        if (live is not null && Runs(live.Value, images))
        {
            return;
        }

        if (live is not null)
        {
            var copy = JobCopy.Of(live.Value);
            await CheckAsync(key, JobCopy.With(copy, images, annotations), cancellationToken);
            await RecordAsync(release, key.Name, copy, cancellationToken);

            // Its pods first: the new one must not run beside them.
            await _jobs.DeleteAsync(key, new DeleteTerms(live.Uid, live.ResourceVersion, "Foreground"), cancellationToken);
            LogDeleted(key);
        }

        var recorded = await releases.GetAsync(release, cancellationToken);
        if (recorded is null || Records(recorded.Value)[key.Name] is not JsonObject record)
        {
            throw new KubeException($"Job {key} is gone, and release {release.Name} has no record of it: create it again") { Reason = KubeException.Invalid };
        }

        await CreateAsync(key, JobCopy.With(record, images, annotations), cancellationToken);
    }

    private static bool Runs(JsonObject job, IReadOnlyDictionary<string, string> images)
    {
        var pod = job["spec"]!["template"]!["spec"]!;
        return (pod["initContainers"] as JsonArray ?? []).Concat(pod["containers"] as JsonArray ?? [])
            .All(container => !images.TryGetValue((string?)container!["name"] ?? "", out var image) || (string?)container["image"] == image);
    }

    /// <summary>Has the server judge the new one while the old one is still there: what is refused later (a quota, a policy) would be lost.</summary>
    private async Task CheckAsync(ObjectKey key, JsonObject wanted, CancellationToken cancellationToken)
    {
        var trial = wanted.DeepClone().AsObject();
        var metadata = trial["metadata"]!.AsObject();
        metadata.Remove("name");
        metadata["generateName"] = $"{(key.Name.Length > 50 ? key.Name[..50] : key.Name)}-";
        await _jobs.TryCreateAsync(key.Namespace, trial, cancellationToken);
    }

    private async Task RecordAsync(ObjectKey release, string name, JsonObject copy, CancellationToken cancellationToken)
    {
        var found = await releases.GetAsync(release, cancellationToken)
            ?? throw new KubeException($"release {release} is gone, and a Job must not be deleted without a record") { Code = 409, Reason = "Conflict" };
        var records = Records(found.Value);
        if (JsonNode.DeepEquals(records[name], copy))
        {
            return;
        }

        records[name] = copy.DeepClone();
        var text = records.ToJsonString();
        if (text.Length > Longest)
        {
            throw new KubeException($"Job {release.Namespace}/{name} is too large to be kept while it is created anew ({text.Length >> 10} KiB of {Longest >> 10})") { Reason = KubeException.Invalid };
        }

        var metadata = found.Value.Metadata with
        {
            ResourceVersion = found.ResourceVersion,
            Annotations = (found.Value.Metadata.Annotations ?? ImmutableDictionary<string, string>.Empty).SetItem(RecordAnnotation, text),
        };
        await releases.ReplaceAsync(release, found.Value with { Metadata = metadata }, cancellationToken);
    }

    private async Task CreateAsync(ObjectKey key, JsonObject job, CancellationToken cancellationToken)
    {
        try
        {
            await _jobs.CreateAsync(key.Namespace, job, cancellationToken);
            LogCreated(key);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // The old one, on its way out, or the new one, of which we had no answer: the watch tells.
        }
    }

    private static JsonObject Records(Release release) =>
        release.Metadata.Annotations?.GetValueOrDefault(RecordAnnotation) is { } text && JsonNode.Parse(text) is JsonObject records ? records : [];

    [LoggerMessage(LogLevel.Information, "Job {Job}: deleted, to be created anew with another image")]
    private partial void LogDeleted(ObjectKey job);

    [LoggerMessage(LogLevel.Information, "Job {Job}: created anew")]
    private partial void LogCreated(ObjectKey job);
}
