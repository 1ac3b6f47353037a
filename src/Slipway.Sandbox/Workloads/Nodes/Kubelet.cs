using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>
/// The kubelets of all nodes: pulls what a pod needs, runs its containers as their images behave, tells how they are, and lets a pod go
/// once its containers have ended.
/// </summary>
internal sealed class Kubelet(ObjectStore store, NodeImages images, EventRecorder events, NodeTimings timings, TimeProvider time) : IWorkloadController
{
    private readonly Dictionary<ObjectKey, PodRuntime> _running = [];
    private int _addresses;

    /// <summary>Set once, before the first event: it and the loop know one another.</summary>
    public WorkLoop? Loop { get; set; }

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.Pods && change.Value.Text("spec", "nodeName").Length > 0 ? [change.Key] : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } pod || store.Find(Known.Nodes, "", pod.Text("spec", "nodeName")) is not { } node)
        {
            _running.Remove(key);
            return null;
        }

        var now = time.GetUtcNow();
        var runtime = Runtime(key, pod, node, now);
        if (pod.IsBeingDeleted())
        {
            return Stop(key, pod, runtime, now);
        }

        if (pod.IsFinished())
        {
            return null;
        }

        AdvanceAll(key, pod, node, runtime, now);
        store.WriteStatus(key, pod, latest => PodStatus.Of(latest, runtime, HostIp(node), timings, now));
        return Due(runtime, now);
    }

    private PodRuntime Runtime(ObjectKey key, JsonObject pod, JsonObject node, DateTimeOffset now)
    {
        if (!_running.TryGetValue(key, out var runtime) || runtime.Uid != pod.Uid())
        {
            _addresses++;
            var ip = $"10.244.{_addresses / 250 % 250}.{(_addresses % 250) + 2}";
            _running[key] = runtime = PodRuntime.Of(pod, ip, PlatformOf(node).Architecture, now);
        }

        return runtime;
    }

    private static Platform PlatformOf(JsonObject node) => new(node.Label("kubernetes.io/os") ?? "linux", node.Label("kubernetes.io/arch") ?? "amd64");

    private static string HostIp(JsonObject node) =>
        node.Objects("status", "addresses").FirstOrDefault(address => address.Text("type") == "InternalIP")?.Text("address") ?? "127.0.0.1";

    private void AdvanceAll(ObjectKey key, JsonObject pod, JsonObject node, PodRuntime runtime, DateTimeOffset now)
    {
        // Each init container that ends gives the next one its turn.
        for (var turn = 0; turn <= runtime.Init.Count; turn++)
        {
            foreach (var container in runtime.Active.ToArray())
            {
                var before = container.State;
                container.State = Advance(key, pod, node, container, now);
                if (container.State != before)
                {
                    Tell(pod, container, before);
                }
            }
        }
    }

    private ContainerState Advance(ObjectKey key, JsonObject pod, JsonObject node, ContainerRuntime container, DateTimeOffset now)
    {
        if (container.State is ContainerState.Waiting or ContainerState.PullFailed)
        {
            container.State = Fetch(key, pod, node, container, now);
        }

        return ContainerMachine.Advance(container.State, container.Role, timings, now);
    }

    private ContainerState Fetch(ObjectKey key, JsonObject pod, JsonObject node, ContainerRuntime container, DateTimeOffset now)
    {
        if (container.Ticket is { } ticket)
        {
            return ticket.Result is { } result ? Fetched(container, result, now) : container.State;
        }

        if (container.Reference is not { } reference)
        {
            return new ContainerState.PullFailed(new("InvalidImageName", $"Failed to apply default image tag \"{container.Image}\": couldn't parse image name \"{container.Image}\": invalid reference format"), 1, now);
        }

        var present = container.PullPolicy == "Always" ? null : images.Find(node.Name(), reference);
        if (present is not null)
        {
            return ContainerMachine.Start(present, now);
        }

        if (container.PullPolicy == "Never")
        {
            return new ContainerState.PullFailed(new("ErrImageNeverPull", $"Container image \"{container.Image}\" is not present with pull policy of Never"), 1, now);
        }

        if (RetryAt(container.State) is not { } retry || retry <= now)
        {
            Pull(key, pod, node, container, reference);
        }

        return container.State;
    }

    private void Pull(ObjectKey key, JsonObject pod, JsonObject node, ContainerRuntime container, ImageReference reference)
    {
        var login = PullSecrets.Find(store, pod, reference.Domain);
        events.Record(pod, "Normal", "Pulling", $"Pulling image \"{container.Image}\"", "kubelet");
        container.Ticket = images.Pull(node.Name(), PlatformOf(node), reference, login, work => _ = Loop!.OutsideAsync(this, async cancellationToken =>
        {
            // The pull must not begin on this thread: the pod is only about to wait for it.
            await Task.Yield();
            return await work(cancellationToken);
        }));
        container.Ticket.Wait(key);
        if (container.Ticket.Result is not null)
        {
            Loop!.Add(this, key);
        }
    }

    private static ContainerState Fetched(ContainerRuntime container, (PulledImage? Image, PullFailure? Failure) result, DateTimeOffset now)
    {
        container.Ticket = null;
        return result.Image is { } image
            ? ContainerMachine.Start(image, now)
            : new ContainerState.PullFailed(result.Failure!, container.State is ContainerState.PullFailed before ? before.Failures + 1 : 1, now);
    }

    private DateTimeOffset? RetryAt(ContainerState state) => state is ContainerState.PullFailed failed ? failed.At + ContainerMachine.Pause(failed.Failures, timings) : null;

    private DateTimeOffset? Due(PodRuntime runtime, DateTimeOffset now) => runtime.Active.Select(container => Due(container, now)).Min();

    private DateTimeOffset? Due(ContainerRuntime container, DateTimeOffset now)
    {
        DateTimeOffset?[] instants =
        [
            ContainerMachine.Due(container.State, container.Role, timings),
            container.State is ContainerState.Running running ? ContainerMachine.NextReadiness(running, timings, now) : null,
            container.Ticket is null && container.State is ContainerState.PullFailed { Failure.Reason: "ErrImagePull" } ? RetryAt(container.State) : null,
            container.State is ContainerState.PullFailed shown ? shown.At + timings.PullFailureShown : null,
        ];
        return instants.Where(at => at > now).Min();
    }

    private DateTimeOffset? Stop(ObjectKey key, JsonObject pod, PodRuntime runtime, DateTimeOffset now)
    {
        if (runtime.StoppingSince is null)
        {
            runtime.StoppingSince = now;
            foreach (var container in runtime.All.Where(container => container.State is ContainerState.Running))
            {
                events.Record(pod, "Normal", "Killing", $"Stopping container {container.Name}", "kubelet");
            }
        }

        var grace = TimeSpan.FromSeconds(pod.Int("metadata", "deletionGracePeriodSeconds") ?? 30);
        var longest = runtime.All.Select(container => container.State).OfType<ContainerState.Running>()
            .Select(running => running.Image.Behaviour.StopAfter ?? timings.Stop).DefaultIfEmpty(TimeSpan.Zero).Max();
        var end = runtime.StoppingSince.Value + (longest < grace ? longest : grace);
        if (end > now)
        {
            return end;
        }

        store.TryDelete(key, new() { GracePeriodSeconds = 0, Uid = pod.Uid() });
        return null;
    }

    private void Tell(JsonObject pod, ContainerRuntime container, ContainerState before)
    {
        switch (container.State)
        {
            case ContainerState.Starting or ContainerState.Running when before is ContainerState.Waiting or ContainerState.PullFailed:
                events.Record(pod, "Normal", "Pulled", $"Container image \"{container.Image}\" is on the node", "kubelet");
                Annotate(pod, container);
                break;
            case ContainerState.Running:
                events.Record(pod, "Normal", "Started", $"Started container {container.Name}", "kubelet");
                break;
            case ContainerState.PullFailed failed:
                events.Record(pod, "Warning", "Failed", $"Failed to pull image \"{container.Image}\": {failed.Failure.Message}", "kubelet");
                break;
            case ContainerState.Misconfigured wrong:
                events.Record(pod, "Warning", "Failed", $"Error: {wrong.Message}", "kubelet");
                break;
            case ContainerState.BackingOff:
                events.Record(pod, "Warning", "BackOff", $"Back-off restarting failed container {container.Name} in pod {pod.Name()}_{pod.Namespace()}({pod.Uid()})", "kubelet");
                break;
        }
    }

    private void Annotate(JsonObject pod, ContainerRuntime container)
    {
        if (container.Reference is { } reference
            && images.Find(pod.Text("spec", "nodeName"), reference)?.Labels.GetValueOrDefault(ImageBehaviour.ErrorRateLabel) is { } rate)
        {
            store.Update(pod.KeyIn(Known.Pods), value =>
            {
                value.Ensure("metadata", "annotations")[ImageBehaviour.ErrorRateLabel] = rate;
                return value;
            });
        }
    }
}
