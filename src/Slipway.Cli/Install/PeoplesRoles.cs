using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Actions;
using Slipway.Api;

namespace Slipway.Cli.Install;

/// <summary>
/// Roles for people, by what the HTTP API asks for. They are part of Kubernetes' own (view, edit, admin) by aggregation ("Using RBAC Authorization",
/// User-facing roles), so that who may see or change a namespace's workloads may do as much with its Deliveries.
/// </summary>
internal static class PeoplesRoles
{
    private static readonly ActionKind[] Decisions = [ActionKind.Approve, ActionKind.Reject];

    public static ImmutableArray<JsonObject> All { get; } =
    [
        Role("slipway-viewer", ["view", "edit", "admin"], new Permission(ApiNames.Group, [ApiNames.DeliveryPlural, ApiNames.ReleasePlural, ApiNames.FreezePlural, ApiNames.ClusterCheckPlural], ["get", "list", "watch"])),

        // A yes is asked of somebody else than who changes things every day.
        Role("slipway-approver", ["admin"], Update(Decisions)),
        Role("slipway-operator", ["edit", "admin"], Update(ActionKind.All.Except(Decisions))),
    ];

    private static Permission Update(IEnumerable<ActionKind> kinds) => new(ApiNames.Group, [.. kinds.Select(kind => $"{ApiNames.DeliveryPlural}/{kind.Name}")], ["update"]);

    private static JsonObject Role(string name, string[] within, Permission permission)
    {
        var role = Installation.Role("ClusterRole", null, name, [permission]);
        foreach (var whole in within)
        {
            role["metadata"]!["labels"]![$"rbac.authorization.k8s.io/aggregate-to-{whole}"] = "true";
        }

        return role;
    }
}
