using System.Collections.Immutable;

namespace Slipway.Workloads;

/// <summary>What Slipway knows of a kind of workload.</summary>
/// <param name="Plural">As in the resource's path.</param>
/// <param name="ApiVersions">Those Slipway understands, the preferred one first; which of them exist is the server's business.</param>
/// <param name="PodSpecPath">Where in the object the containers are.</param>
public sealed record WorkloadKind(string Name, string Plural, ImmutableArray<string> ApiVersions, ImmutableArray<string> PodSpecPath);

/// <summary>The kinds that Slipway updates.</summary>
public static class WorkloadKinds
{
    private static readonly ImmutableArray<string> PodTemplate = ["spec", "template", "spec"];

    public static readonly WorkloadKind Deployment = new("Deployment", "deployments", ["apps/v1"], PodTemplate);

    public static readonly WorkloadKind StatefulSet = new("StatefulSet", "statefulsets", ["apps/v1"], PodTemplate);

    public static readonly WorkloadKind DaemonSet = new("DaemonSet", "daemonsets", ["apps/v1"], PodTemplate);

    /// <summary>batch/v1 has it since Kubernetes 1.21; 1.20 has it in batch/v1beta1 only.</summary>
    public static readonly WorkloadKind CronJob =
        new("CronJob", "cronjobs", ["batch/v1", "batch/v1beta1"], ["spec", "jobTemplate", "spec", "template", "spec"]);

    /// <summary>Only where a target asks for its re-creation: its template cannot be changed. It is followed only then, too.</summary>
    public static readonly WorkloadKind Job = new("Job", "jobs", ["batch/v1"], PodTemplate);

    /// <summary>Those that are followed always.</summary>
    public static readonly ImmutableArray<WorkloadKind> All = [Deployment, StatefulSet, DaemonSet, CronJob];

    /// <summary>Null when Slipway does not update that kind; <see cref="WhyNot"/> then says why.</summary>
    public static WorkloadKind? Find(string name) => name == Job.Name ? Job : All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Why a kind cannot be a target, with the way out.</summary>
    public static string WhyNot(string kind) => kind switch
    {
        "ReplicaSet" => "a ReplicaSet does not replace its pods when its template changes; name the Deployment that owns it",
        "Pod" => "a Pod is not updated in place by anything that would bring it back; name the workload that owns it",
        "Job" => "the template of a Job cannot be changed once it exists; 'recreate: WhenFinished' has it deleted and created anew for each version, or name the CronJob that owns it",
        "ReplicationController" => "a ReplicationController does not replace its pods when its template changes; use a Deployment",
        _ => $"Slipway updates {string.Join(", ", All.Select(known => known.Name))}; kinds are spelled as Kubernetes spells them; for any other kind say by apiVersion and imagePaths where its image is",
    };
}
