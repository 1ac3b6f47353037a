using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Cli.Install;

/// <summary>One line of a role: verbs on resources of a group.</summary>
internal sealed record Permission(string Group, ImmutableArray<string> Resources, ImmutableArray<string> Verbs)
{
    public JsonObject ToJson() => new()
    {
        ["apiGroups"] = new JsonArray(Group),
        ["resources"] = Strings(Resources),
        ["verbs"] = Strings(Verbs),
    };

    private static JsonArray Strings(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}

/// <summary>All that the controller may do. What is not here it cannot do, however it is tricked.</summary>
internal static class Permissions
{
    private static readonly ImmutableArray<string> Read = ["get", "list", "watch"];

    /// <summary>Where the Deliveries are.</summary>
    public static readonly ImmutableArray<Permission> Watched =
    [

        // The writes are for Deliveries that workloads ask for by their annotations.
        new(ApiNames.Group, [ApiNames.DeliveryPlural], [.. Read, "create", "patch", "delete"]),
        new(ApiNames.Group, [$"{ApiNames.DeliveryPlural}/status"], ["update"]),
        new(ApiNames.Group, [ApiNames.ReleasePlural], [.. Read, "create", "update", "delete"]),
        new(ApiNames.Group, [ApiNames.NotifierPlural], Read),
        new(ApiNames.Group, [$"{ApiNames.NotifierPlural}/status"], ["update"]),
        new("apps", ["deployments", "statefulsets", "daemonsets"], [.. Read, "patch"]),
        new("batch", ["cronjobs"], [.. Read, "patch"]),

        // Checks by Jobs of our own, by names that only they have; the end of their logs goes into the Release.
        new("batch", ["jobs"], ["get", "create", "delete"]),
        new("", ["pods/log"], ["get"]),

        // What runs the new version beside a Deployment is one of its own, made and deleted by name, and so is the Service before it.
        new("apps", ["deployments"], ["create", "delete"]),
        new("", ["services"], [.. Read, "create", "patch", "delete"]),
        new("", ["pods/status"], ["patch"]),

        // Which pods a Service's requests go to.
        new("discovery.k8s.io", ["endpointslices"], Read),
        new("", ["endpoints"], Read),

        // Routers: the weights of two backends, and with ingress-nginx a second Ingress.
        new("gateway.networking.k8s.io", ["httproutes"], [.. Read, "patch"]),
        new("traefik.io", ["traefikservices"], [.. Read, "patch"]),
        new("networking.k8s.io", ["ingresses"], [.. Read, "create", "patch", "delete"]),

        // Looked at before a label of the new version's pods gets another value: what would not find them then.
        new("networking.k8s.io", ["networkpolicies"], ["list"]),
        new("policy", ["poddisruptionbudgets"], ["list"]),
        new("monitoring.coreos.com", ["podmonitors"], ["list"]),

        // delete: a broken pod of a StatefulSet holds up its way back until it is deleted.
        new("", ["pods"], [.. Read, "delete"]),

        // One at a time and by name: no list of all Secrets, and no cache of them.
        new("", ["secrets", "serviceaccounts"], ["get"]),
        new("", ["events"], ["create"]),

        // Keys that verify signatures are read; spec.publish: one key of one ConfigMap, by name; what somebody else owns in it is not taken.
        new("", ["configmaps"], ["get", "create", "patch"]),
    ];

    /// <summary>Nodes have no namespace; without them the platforms of an image are not compared with those of the nodes.</summary>
    public static readonly Permission Nodes = new("", ["nodes"], Read);

    /// <summary>Freezes have no namespace either; without them nobody can freeze.</summary>
    public static readonly Permission Freezes = new(ApiNames.Group, [ApiNames.FreezePlural], Read);

    /// <summary>Templates of checks belong to no namespace either; without them a check by a template is refused.</summary>
    public static readonly Permission ClusterChecks = new(ApiNames.Group, [ApiNames.ClusterCheckPlural], Read);

    /// <summary>Where the controller itself is: of several, one acts, and the others see at once when it is their turn. delete: of replicas that are gone.</summary>
    public static readonly Permission Lease = new("coordination.k8s.io", ["leases"], [.. Read, "create", "patch", "delete"]);

    /// <summary>Who asks the HTTP API, and what they may: the cluster's word, and without it nobody is let in.</summary>
    public static readonly ImmutableArray<Permission> Reviews =
    [
        new("authentication.k8s.io", ["tokenreviews"], ["create"]),
        new("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
    ];
}
