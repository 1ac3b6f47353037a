using System.Collections.Immutable;
using Slipway.Sandbox.Schema;

namespace Slipway.Sandbox.Storage;

/// <summary>Which Kubernetes the server passes for. The kinds' fields are those of a current one.</summary>
public enum KubernetesRelease
{
    Current,

    /// <summary>1.20: CronJobs, EndpointSlices and PodDisruptionBudgets are served in v1beta1 alone, autoscalers in v2beta2 instead of v2.</summary>
    OneTwenty,
}

/// <summary>The resources that a server has before any CRD. The list reads as the API does: <c>kubectl api-resources</c>.</summary>
public static class BuiltInResources
{
    private static readonly ScaleDefinition Replicas = new(["spec", "replicas"], ["status", "replicas"], []);

    public static ResourceTable Table(KubernetesRelease release = KubernetesRelease.Current) => new(For(release)) { Release = release };

    public static ImmutableArray<ResourceDefinition> For(KubernetesRelease release) =>
    [
        .. Core(),
        .. Apps(),
        .. Batch(release),
        .. Autoscaling(release),
        .. Network(release),
        .. Others(),
        .. AccessControl(),
    ];

    private static IEnumerable<ResourceDefinition> Core() =>
    [
        Define("", "v1", "namespaces", "Namespace", "ns") with { Namespaced = false, HasStatus = true },
        Define("", "v1", "nodes", "Node", "no") with { Namespaced = false, HasStatus = true },
        Define("", "v1", "pods", "Pod", "po") with { HasStatus = true, Categories = ["all"] },
        Define("", "v1", "services", "Service", "svc") with { HasStatus = true, Categories = ["all"] },
        Define("", "v1", "endpoints", "Endpoints", "ep") with { Singular = "endpoints" },
        Define("", "v1", "configmaps", "ConfigMap", "cm"),
        Define("", "v1", "secrets", "Secret"),
        Define("", "v1", "serviceaccounts", "ServiceAccount", "sa"),
        Define("", "v1", "events", "Event", "ev"),
    ];

    private static IEnumerable<ResourceDefinition> Apps() =>
    [
        Workload("deployments", "Deployment", "deploy") with { Generation = GenerationRule.SpecAndAnnotations, Scale = Replicas },
        Workload("replicasets", "ReplicaSet", "rs") with { Scale = Replicas },
        Workload("statefulsets", "StatefulSet", "sts") with { Scale = Replicas },
        Workload("daemonsets", "DaemonSet", "ds"),
        Define("apps", "v1", "controllerrevisions", "ControllerRevision"),
    ];

    private static IEnumerable<ResourceDefinition> Batch(KubernetesRelease release) =>
    [
        Define("batch", "v1", "jobs", "Job") with { HasStatus = true, Categories = ["all"], Generation = GenerationRule.Spec, OrphansByDefault = true },
        Define("batch", release is KubernetesRelease.OneTwenty ? "v1beta1" : "v1", "cronjobs", "CronJob", "cj") with
        {
            HasStatus = true,
            Categories = ["all"],
            Generation = release is KubernetesRelease.OneTwenty ? GenerationRule.None : GenerationRule.Spec,
        },
    ];

    private static IEnumerable<ResourceDefinition> Autoscaling(KubernetesRelease release)
    {
        var stored = Define("autoscaling", release is KubernetesRelease.OneTwenty ? "v2beta2" : "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa") with
        {
            HasStatus = true,
            Categories = ["all"],
        };
        return [stored, stored with { Version = "v1", Schema = BuiltInTypes.Named("HorizontalPodAutoscalerOne"), Form = AutoscalerForms.One }];
    }

    private static IEnumerable<ResourceDefinition> Network(KubernetesRelease release)
    {
        var old = release is KubernetesRelease.OneTwenty;
        var slices = Define("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice") with { Generation = GenerationRule.AllButMetadata };
        var ingresses = Define("networking.k8s.io", "v1", "ingresses", "Ingress", "ing") with { HasStatus = true, Generation = GenerationRule.Spec };
        yield return old ? slices with { Version = "v1beta1", Schema = BuiltInTypes.Named("EndpointSliceBeta") } : slices;
        yield return Define("policy", old ? "v1beta1" : "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb") with { HasStatus = true, Generation = GenerationRule.Spec };
        yield return Define("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol") with { Generation = GenerationRule.Spec };
        yield return ingresses;
        if (old)
        {
            yield return ingresses with { Version = "v1beta1", Schema = BuiltInTypes.Named("IngressBeta"), Form = IngressForms.Beta };
        }
    }

    private static IEnumerable<ResourceDefinition> Others() =>
    [
        Define("coordination.k8s.io", "v1", "leases", "Lease") with { UnconditionalUpdate = false },
        Define("events.k8s.io", "v1", "events", "Event", "ev") with { StoredAs = Known.Events, Form = EventForms.New },
        Define("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", "crd", "crds") with
        {
            Namespaced = false,
            HasStatus = true,
            Categories = ["api-extensions"],
            Generation = GenerationRule.Spec,
            UnconditionalUpdate = false,
        },
    ];

    private static IEnumerable<ResourceDefinition> AccessControl() =>
    [
        Define("rbac.authorization.k8s.io", "v1", "roles", "Role"),
        Define("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
        Define("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole") with { Namespaced = false },
        Define("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding") with { Namespaced = false },
        Define("authentication.k8s.io", "v1", "tokenreviews", "TokenReview") with { Namespaced = false, CreateOnly = true },
        Define("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview") with { Namespaced = false, CreateOnly = true },
        Define("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview") with { Namespaced = false, CreateOnly = true },
        Define("authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview") with { CreateOnly = true },
    ];

    private static ResourceDefinition Workload(string plural, string kind, string shortName) =>
        Define("apps", "v1", plural, kind, shortName) with { HasStatus = true, Categories = ["all"], Generation = GenerationRule.Spec };

    private static ResourceDefinition Define(string group, string version, string plural, string kind, params ImmutableArray<string> shortNames) => new()
    {
        Group = group,
        Version = version,
        Plural = plural,
        Kind = kind,
        Namespaced = true,
        Singular = kind.ToLowerInvariant(),
        ShortNames = shortNames,
        Schema = BuiltInTypes.Find(group, kind),
    };
}
