using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Install;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>What the caller and the controller may do, by the cluster's own word (authorization.k8s.io/v1).</summary>
internal static class RightsProbe
{
    private const string Mine = "your rights";
    private const string Its = "its rights";
    private const int MostAtOnce = 8;
    private const int MostNamed = 6;

    private static readonly ResourceType SelfReviews = new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", Namespaced: false);
    private static readonly ResourceType Reviews = new("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", Namespaced: false);

    /// <param name="Namespace">Null: in all of them.</param>
    /// <param name="For">What needs it.</param>
    private sealed record Right(string Verb, string Group, string Resource, string? Namespace, string For = "")
    {
        public string Named => $"{Verb} {Resource}{(Group.Length > 0 ? $".{Group}" : "")}";

        public JsonObject ToJson()
        {
            var (resource, sub) = Resource.Split('/') is [var whole, var part] ? (whole, part) : (Resource, null);
            var json = new JsonObject { ["verb"] = Verb, ["group"] = Group, ["resource"] = resource };
            if (sub is not null)
            {
                json["subresource"] = sub;
            }

            if (Namespace is not null)
            {
                json["namespace"] = Namespace;
            }

            return json;
        }
    }

    public static async Task<IReadOnlyList<Finding>> OfCallerAsync(Examination examination, CancellationToken cancellationToken)
    {
        var ns = examination.Namespace;
        Right[] rights =
        [
            new("get", ApiNames.Group, ApiNames.DeliveryPlural, ns, "get, why, watch"),
            new("list", ApiNames.Group, ApiNames.DeliveryPlural, ns, "get, why, watch"),
            new("watch", ApiNames.Group, ApiNames.DeliveryPlural, ns, "get, why, watch"),
            new("patch", ApiNames.Group, ApiNames.DeliveryPlural, ns, "rollback, promote, approve and all other actions"),
            new("list", ApiNames.Group, ApiNames.ReleasePlural, ns, "history, why, diff, rollback"),
            new("list", "", "events", ns, "events, why"),
            new("get", "apps", "deployments", ns, "the pods in describe"),
            new("list", "", "pods", ns, "the pods in describe"),
            new("list", ApiNames.Group, ApiNames.FreezePlural, null, "freeze list"),
            new("create", ApiNames.Group, ApiNames.FreezePlural, null, "freeze"),
        ];
        var missing = await MissingAsync(examination.Connection, SelfReviews, null, rights, cancellationToken);
        return missing.Count == 0
            ? [new Finding(Mine, Verdict.Ok, $"you may do all that the verbs of slipway need {examination.Where}")]
            : [.. missing.GroupBy(right => right.For).Select(group => new Finding(
                Mine,
                Verdict.Warning,
                $"you may not {string.Join(", ", group.Select(right => right.Named))} {(group.First().Namespace is { } where ? $"in {where}" : "in the whole cluster")}: what needs it is {group.Key}",
                group.First().Namespace is null && ns is null ? "look at one namespace with -n, or ask for the right" : "ask for the right; docs/guides/access.md has roles"))];
    }

    public static async Task<IReadOnlyList<Finding>> OfControllerAsync(Examination examination, CancellationToken cancellationToken)
    {
        if (await examination.ControllerAsync(cancellationToken) is not { } controller)
        {
            return [new Finding(Its, Verdict.Unknown, "as there is no Deployment of the controller, nothing tells who it is")];
        }

        Right[] rights =
        [
            .. Of(Permissions.Watched, controller.Watched),
            .. controller.Watched is null ? Of([Permissions.Nodes, Permissions.Freezes, Permissions.ClusterChecks], null) : [],
            .. Of([Permissions.Lease], controller.Key.Namespace),
            .. Of(Permissions.Reviews, null),
        ];
        IReadOnlyList<Right> missing;
        try
        {
            missing = await MissingAsync(examination.Connection, Reviews, controller, rights, cancellationToken);
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            return [new Finding(Its, Verdict.Unknown, $"what {controller.User} may do is not for you to ask", "ask for create on subjectaccessreviews.authorization.k8s.io, or see the conditions of the Deliveries: what the controller may not do stands there")];
        }

        return missing.Count == 0
            ? [new Finding(Its, Verdict.Ok, $"{controller.User} may do all {rights.Length} things that it needs {(controller.Watched is { } one ? $"in namespace {one}" : "in the cluster")}")]
            : [new Finding(
                Its,
                Verdict.Problem,
                $"{controller.User} may not {string.Join(", ", missing.Take(MostNamed).Select(right => $"{right.Named}{(right.Namespace is { } ns ? $" in {ns}" : "")}"))}{(missing.Count > MostNamed ? $" and {missing.Count - MostNamed} more" : "")}",
                "slipway install | kubectl apply -f -   (with the flags that it was installed with)")];
    }

    private static IEnumerable<Right> Of(IEnumerable<Permission> permissions, string? ns) =>
        permissions.SelectMany(permission => permission.Resources.SelectMany(resource => permission.Verbs.Select(verb => new Right(verb, permission.Group, resource, ns)))).Distinct();

    private static async Task<IReadOnlyList<Right>> MissingAsync(ClusterConnection connection, ResourceType type, ControllerSight? controller, IReadOnlyList<Right> rights, CancellationToken cancellationToken)
    {
        var client = new ResourceClient<Answer>(connection, type, review => new Answer(review.Property("status") is { } status && status.Property("allowed") is { ValueKind: JsonValueKind.True }));
        using var turns = new SemaphoreSlim(MostAtOnce);
        var answers = await Task.WhenAll(rights.Select(async right =>
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                return (await client.CreateAsync(null, Review(type, controller, right), cancellationToken)).Value.Allowed;
            }
            finally
            {
                turns.Release();
            }
        }));
        return [.. rights.Zip(answers).Where(pair => !pair.Second).Select(pair => pair.First)];
    }

    private sealed record Answer(bool Allowed);

    private static JsonObject Review(ResourceType type, ControllerSight? controller, Right right)
    {
        var spec = new JsonObject { ["resourceAttributes"] = right.ToJson() };
        if (controller is not null)
        {
            // The groups that every service account has ("Authenticating", Service account tokens).
            spec["user"] = controller.User;
            spec["groups"] = new JsonArray("system:serviceaccounts", $"system:serviceaccounts:{controller.Key.Namespace}", "system:authenticated");
        }

        return new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject(), ["spec"] = spec };
    }
}
