using Slipway.Api;

namespace Slipway.Kube;

/// <summary>A resource as the API server addresses it ("API concepts", Standard API terminology). <see cref="Group"/> is empty for the core group.</summary>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>All objects of one namespace, or of all of them where <paramref name="ns"/> is null or empty.</summary>
    public string CollectionPath(string? ns)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return Namespaced && !string.IsNullOrEmpty(ns) ? $"{root}/namespaces/{Segment(ns)}/{Plural}" : $"{root}/{Plural}";
    }

    /// <exception cref="KubeException">The name cannot be one (reason Invalid), or the kind needs a namespace and there is none.</exception>
    public string ObjectPath(ObjectKey key, string? subresource = null)
    {
        if (Namespaced && string.IsNullOrEmpty(key.Namespace))
        {
            throw new KubeException($"{Kind} {key.Name}: this kind lives in a namespace, and none was named") { Reason = KubeException.Invalid };
        }

        var path = $"{CollectionPath(key.Namespace)}/{Segment(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <summary>How the object is called in messages.</summary>
    public string Describe(ObjectKey key) => $"{Kind} {key}";

    // Names come from specs that anyone may write. A name such as ".." would climb in the path and reach another resource; the
    // server refuses the same ones (apimachinery, path segment names), but it would see the path after it was folded.
    private string Segment(string name) => name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '%')
        ? throw new KubeException($"{Kind}: \"{name}\" cannot be the name of an object") { Reason = KubeException.Invalid }
        : Uri.EscapeDataString(name);
}

/// <summary>The resources that Slipway uses, in the version that it prefers; <see cref="ApiDiscovery"/> tells what a server has.</summary>
public static class ResourceTypes
{
    public static readonly ResourceType Deliveries = new(ApiNames.Group, ApiNames.Version, ApiNames.DeliveryPlural, ApiNames.DeliveryKind);
    public static readonly ResourceType Releases = new(ApiNames.Group, ApiNames.Version, ApiNames.ReleasePlural, ApiNames.ReleaseKind);

    public static readonly ResourceType Freezes = new(ApiNames.Group, ApiNames.Version, ApiNames.FreezePlural, ApiNames.FreezeKind, Namespaced: false);
    public static readonly ResourceType ClusterChecks = new(ApiNames.Group, ApiNames.Version, ApiNames.ClusterCheckPlural, ApiNames.ClusterCheckKind, Namespaced: false);
    public static readonly ResourceType Notifiers = new(ApiNames.Group, ApiNames.Version, ApiNames.NotifierPlural, ApiNames.NotifierKind);

    public static readonly ResourceType Deployments = new("apps", "v1", "deployments", "Deployment");
    public static readonly ResourceType ReplicaSets = new("apps", "v1", "replicasets", "ReplicaSet");
    public static readonly ResourceType StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet");
    public static readonly ResourceType DaemonSets = new("apps", "v1", "daemonsets", "DaemonSet");
    public static readonly ResourceType CronJobs = new("batch", "v1", "cronjobs", "CronJob");
    public static readonly ResourceType Jobs = new("batch", "v1", "jobs", "Job");

    public static readonly ResourceType Services = new("", "v1", "services", "Service");
    public static readonly ResourceType Endpoints = new("", "v1", "endpoints", "Endpoints");
    public static readonly ResourceType Ingresses = new("networking.k8s.io", "v1", "ingresses", "Ingress");

    public static readonly ResourceType Pods = new("", "v1", "pods", "Pod");
    public static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret");
    public static readonly ResourceType ServiceAccounts = new("", "v1", "serviceaccounts", "ServiceAccount");
    public static readonly ResourceType ConfigMaps = new("", "v1", "configmaps", "ConfigMap");
    public static readonly ResourceType Events = new("", "v1", "events", "Event");
    public static readonly ResourceType Nodes = new("", "v1", "nodes", "Node", Namespaced: false);
    public static readonly ResourceType Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false);

    public static readonly ResourceType Leases = new("coordination.k8s.io", "v1", "leases", "Lease");
}
