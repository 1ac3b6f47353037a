using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>A container of a pod, as its node runs it.</summary>
internal sealed class ContainerRuntime(string name, string image, string pullPolicy, ContainerRole role)
{
    public string Name => name;

    /// <summary>As the pod says it.</summary>
    public string Image => image;

    public ImageReference? Reference { get; } = ImageReference.TryParse(image);

    public string PullPolicy => pullPolicy;

    public ContainerRole Role => role;

    public ContainerState State { get; set; } = new ContainerState.Waiting();

    /// <summary>The pull that it waits for.</summary>
    public PullTicket? Ticket { get; set; }

    public static ContainerRuntime Of(JsonObject container, ContainerRole role)
    {
        var image = container.Text("image");
        var policy = container.Text("imagePullPolicy");
        return new ContainerRuntime(container.Text("name"), image, policy.Length > 0 ? policy : DefaultPolicy(image), role);
    }

    // "Images", "Default image pull policy" of the Kubernetes documentation.
    private static string DefaultPolicy(string image) => ImageReference.TryParse(image) is { Tag: "latest", Digest: null } ? "Always" : "IfNotPresent";
}

/// <summary>A pod, as its node runs it: what a container runtime would know, and nothing of which is in the API.</summary>
internal sealed class PodRuntime(string uid, string ip, DateTimeOffset startedAt, IReadOnlyList<ContainerRuntime> init, IReadOnlyList<ContainerRuntime> main)
{
    public string Uid => uid;

    public string Ip => ip;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>They run one after the other, each to its end.</summary>
    public IReadOnlyList<ContainerRuntime> Init => init;

    public IReadOnlyList<ContainerRuntime> Main => main;

    public IEnumerable<ContainerRuntime> All => init.Concat(main);

    /// <summary>Since it was asked to end.</summary>
    public DateTimeOffset? StoppingSince { get; set; }

    public bool Initialized => init.All(container => container.State is ContainerState.Ended { Run.Last.ExitCode: 0 });

    /// <summary>Those whose turn it is.</summary>
    public IEnumerable<ContainerRuntime> Active =>
        Initialized ? main : init.SkipWhile(container => container.State is ContainerState.Ended { Run.Last.ExitCode: 0 }).Take(1);

    public static PodRuntime Of(JsonObject pod, string ip, string architecture, DateTimeOffset now)
    {
        var policy = pod.Text("spec", "restartPolicy");
        var restarts = policy is not ("Never" or "OnFailure");
        var initRole = new ContainerRole(Once: true, RestartsOnFailure: policy != "Never", RestartsOnSuccess: false, architecture);
        var role = new ContainerRole(Once: !restarts, RestartsOnFailure: policy != "Never", RestartsOnSuccess: restarts, architecture);
        return new PodRuntime(
            pod.Uid(),
            ip,
            now,
            [.. pod.Objects("spec", "initContainers").Select(container => ContainerRuntime.Of(container, initRole))],
            [.. pod.Objects("spec", "containers").Select(container => ContainerRuntime.Of(container, role))]);
    }
}
