using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Schemas;

namespace Slipway.Cli.Install;

/// <param name="Namespace">Where the controller runs.</param>
/// <param name="Watched">The one namespace whose Deliveries it looks after; null for all.</param>
/// <param name="Configuration">The text of a configuration file that was checked; null for none.</param>
/// <param name="Secrets">Names of Secrets in the namespace, whose keys the configuration names as files.</param>
internal sealed record InstallOptions(string Namespace, string Image, string? Watched, string? Configuration = null, IReadOnlyList<string>? Secrets = null)
{
    public IReadOnlyList<string> Mounted => Secrets ?? [];
}

/// <summary>Everything that a cluster needs, in the order in which it can be created.</summary>
internal static class Installation
{
    public const string Name = "slipway";

    /// <summary>What the users of a cluster add: rights on kinds of their own, and on Jobs.</summary>
    private const string KindsRole = "slipway-kinds";

    private const string Rbac = "rbac.authorization.k8s.io";

    public static ImmutableArray<JsonObject> Of(InstallOptions options) =>
    [
        Namespace(options.Namespace),
        .. CustomResources.All,
        Object("v1", "ServiceAccount", options.Namespace),
        .. options.Watched is null ? ForCluster(options) : ForNamespace(options, options.Watched),
        Role("Role", options.Namespace, "slipway-leader", [Permissions.Lease]),
        Binding("RoleBinding", options.Namespace, "Role", "slipway-leader", options.Namespace),

        // Reviews belong to no namespace, whatever the controller looks after.
        Role("ClusterRole", null, "slipway-reviews", Permissions.Reviews),
        Binding("ClusterRoleBinding", null, "ClusterRole", "slipway-reviews", options.Namespace),
        .. PeoplesRoles.All,
        .. ControllerWorkload.Configuration(options),
        ControllerWorkload.Deployment(options),
        ControllerWorkload.Service(options),
    ];

    public static JsonObject Labels => new() { ["app.kubernetes.io/name"] = Name };

    public static JsonObject Object(string apiVersion, string kind, string? ns, string name = Name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        metadata["labels"] = Labels;
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }

    private static JsonObject[] ForCluster(InstallOptions options) =>
    [
        Role("ClusterRole", null, Name, [.. Permissions.Watched, Permissions.Nodes, Permissions.Freezes, Permissions.ClusterChecks]),
        Binding("ClusterRoleBinding", null, "ClusterRole", Name, options.Namespace),
        Aggregated(),
        Binding("ClusterRoleBinding", null, "ClusterRole", KindsRole, options.Namespace),
    ];

    private static JsonObject[] ForNamespace(InstallOptions options, string watched) =>
    [
        Role("Role", watched, Name, Permissions.Watched),
        Binding("RoleBinding", watched, "Role", Name, options.Namespace),
    ];

    private static JsonObject Namespace(string name)
    {
        var json = Object("v1", "Namespace", null, name);

        // Pod Security Standards, profile Restricted: the controller needs none of what it forbids.
        json["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"] = "restricted";
        return json;
    }

    public static JsonObject Role(string kind, string? ns, string name, ImmutableArray<Permission> permissions)
    {
        var json = Object($"{Rbac}/v1", kind, ns, name);
        json["rules"] = new JsonArray([.. permissions.Select(permission => permission.ToJson())]);
        return json;
    }

    // Empty until somebody labels a ClusterRole: Kubernetes puts its rules in here ("Using RBAC Authorization", Aggregated ClusterRoles).
    private static JsonObject Aggregated()
    {
        var json = Object($"{Rbac}/v1", "ClusterRole", null, KindsRole);
        json["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [ApiNames.AggregationLabel] = "true" } }),
        };
        json["rules"] = new JsonArray();
        return json;
    }

    private static JsonObject Binding(string kind, string? ns, string roleKind, string role, string account)
    {
        var json = Object($"{Rbac}/v1", kind, ns, role);
        json["roleRef"] = new JsonObject { ["apiGroup"] = Rbac, ["kind"] = roleKind, ["name"] = role };
        json["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Name, ["namespace"] = account });
        return json;
    }
}
