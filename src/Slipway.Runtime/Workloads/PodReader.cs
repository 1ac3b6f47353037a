using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>Reads a Pod: what it runs, whether it is ready, and what its kubelet complains of.</summary>
public sealed class PodReader(ValuePool pool)
{
    /// <summary>Prefix that the kubelet puts before an image that Docker pulled.</summary>
    private const string DockerPullable = "docker-pullable://";

    /// <summary>Reasons of a container that waits for its turn.</summary>
    private static readonly string[] Beginning = ["ContainerCreating", "PodInitializing"];

    /// <exception cref="FormatException">A field has the wrong type; the message names object and field.</exception>
    public PodSnapshot Read(JsonElement pod)
    {
        var root = JsonField.Root(pod, "Pod");
        var name = root["metadata"]["name"].RequiredText;
        root = JsonField.Root(pod, $"Pod {root["metadata"]["namespace"].Text}/{name}");
        var status = root["status"];
        return new(
            pool.Share(root["metadata"]["namespace"].Text ?? ""),
            name,
            root["metadata"]["uid"].Text ?? "",
            pool.SharedMap(root["metadata"]["labels"]),
            ByContainer(root["spec"], ["initContainers", "containers"], "image"),
            Ready: status["conditions"].Items.Any(condition => condition["type"].Text == "Ready" && condition["status"].Text == "True"),
            Terminating: root["metadata"]["deletionTimestamp"].Text is not null,
            Problem(status),
            ByContainer(status, ["initContainerStatuses", "containerStatuses"], "imageID"))
        {
            ReadySince = Since(status, "Ready"),
            ContainersReadySince = Since(status, "ContainersReady"),
            GateOpen = Since(status, ApiNames.ServingGate) is not null,
        };
    }

    // A condition that tells no instant has held for ever.
    private static DateTimeOffset? Since(JsonField status, string type) =>
        status["conditions"].Items.FirstOrDefault(condition => condition["type"].Text == type && condition["status"].Text == "True") is not { } holds ? null
        : DateTimeOffset.TryParse(holds["lastTransitionTime"].Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.MinValue;

    /// <summary>The pods of one template have the same images, so they share the map.</summary>
    private ImmutableDictionary<string, string> ByContainer(JsonField owner, ReadOnlySpan<string> lists, string field)
    {
        List<(string Container, string Image)> found = [];
        foreach (var list in lists)
        {
            found.AddRange(owner[list].Items.Select(container => (container["name"].RequiredText, WithoutScheme(container[field].Text ?? ""))));
        }

        found.RemoveAll(entry => entry.Image.Length == 0);
        return found.Count == 0
            ? ImmutableDictionary<string, string>.Empty
            : pool.SharedMap(
                string.Join('\n', found.Select(entry => $"{entry.Container} {entry.Image}")),
                () => found.ToImmutableDictionary(entry => pool.Share(entry.Container), entry => pool.Share(entry.Image)));
    }

    private static string WithoutScheme(string image) =>
        image.StartsWith(DockerPullable, StringComparison.Ordinal) ? image[DockerPullable.Length..] : image;

    /// <summary>The complaint that ends the wait comes first, then any other, then that no node takes the pod.</summary>
    private static WorkloadFailure? Problem(JsonField status)
    {
        // A pod that has ended (evicted, preempted) is replaced by another; what its containers last said means nothing any more.
        if (status["phase"].Text is "Failed" or "Succeeded")
        {
            return null;
        }

        WorkloadFailure[] complaints =
        [
            .. status["initContainerStatuses"].Items.Concat(status["containerStatuses"].Items).Select(Complaint).OfType<WorkloadFailure>(),
        ];
        return complaints.FirstOrDefault(complaint => PodProblems.IsFailing(complaint.Reason)) ?? complaints.FirstOrDefault() ?? Unplaced(status);
    }

    private static WorkloadFailure? Complaint(JsonField container)
    {
        var waiting = container["state"]["waiting"];
        if (waiting["reason"].Text is not { } reason || Beginning.Contains(reason))
        {
            return null;
        }

        // Not the message of the last end: with terminationMessagePolicy FallbackToLogsOnError it is the container's own log.
        var last = container["lastState"]["terminated"];
        var ended = last["exitCode"].Number is { } code ? $" (last exit code {code}{(last["reason"].Text is { } why ? $", {why}" : "")})" : "";
        var said = waiting["message"].Text is { } message ? $": {WithoutIds(message)}" : $" ({container["image"].Text})";
        return new(reason, BoundedText.Of($"container {container["name"].Text}{said}{ended}"));
    }

    // "back-off 10s restarting failed container=web pod=shop-7d-x1_prod(0c1d…)": who reads it knows the container and the pod already.
    private static string WithoutIds(string message) =>
        message.IndexOf(" container=", StringComparison.Ordinal) is > 0 and var end && message.StartsWith("back-off ", StringComparison.Ordinal) ? $"{message[..end]} container" : message;

    private static WorkloadFailure? Unplaced(JsonField status) =>
        status["conditions"].Items
            .Where(condition => condition["type"].Text == "PodScheduled" && condition["status"].Text == "False")
            .Select(condition => new WorkloadFailure(condition["reason"].Text ?? PodProblems.Unschedulable, BoundedText.Of(condition["message"].Text)))
            .FirstOrDefault();
}
