using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>What somebody wants to do.</summary>
/// <param name="Namespace">Null across the cluster.</param>
/// <param name="NonResourcePath">Set for paths that are not of objects; then the rest is empty.</param>
internal sealed record AccessQuestion(
    string Verb, string Group, string Resource, string Subresource, string? Namespace, string Name, string NonResourcePath = "")
{
    public string Target => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
}

/// <summary>
/// Decides by the roles that are stored ("Using RBAC Authorization" of the Kubernetes documentation). Aggregation of
/// cluster roles is not done.
/// </summary>
internal sealed class AccessRules(ObjectStore store)
{
    public bool Allows(Identity user, AccessQuestion question) =>
        user.IsMaster
        || RulesFor(user, Known.ClusterRoleBindings, null).Any(rule => Permits(rule, question))
        || (question.Namespace is { Length: > 0 } ns && RulesFor(user, Known.RoleBindings, ns).Any(rule => Permits(rule, question)));

    public static string Refusal(Identity user, AccessQuestion question)
    {
        if (question.NonResourcePath.Length > 0)
        {
            return $"User \"{user.Name}\" cannot {question.Verb} path \"{question.NonResourcePath}\"";
        }
        var where = question.Namespace is { Length: > 0 } ns ? $" in the namespace \"{ns}\"" : " at the cluster scope";
        return $"User \"{user.Name}\" cannot {question.Verb} resource \"{question.Target}\" in API group \"{question.Group}\"{where}";
    }

    private IEnumerable<JsonObject> RulesFor(Identity user, GroupResource bindings, string? ns) => store.List(bindings, ns).Items
        .Where(binding => binding.Objects("subjects").Any(subject => IsSubject(user, subject, binding.Namespace())))
        .SelectMany(binding => RoleOf(binding)?.Objects("rules") ?? []);

    private JsonObject? RoleOf(JsonObject binding) => binding.Text("roleRef", "kind") == "Role"
        ? store.Find(Known.Roles, binding.Namespace(), binding.Text("roleRef", "name"))
        : store.Find(Known.ClusterRoles, "", binding.Text("roleRef", "name"));

    private static bool IsSubject(Identity user, JsonObject subject, string ns) => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == user.Name,
        "Group" => user.Groups.Contains(subject.Text("name")),
        "ServiceAccount" => user.Name == $"system:serviceaccount:{(subject.Text("namespace") is { Length: > 0 } own ? own : ns)}:{subject.Text("name")}",
        _ => false,
    };

    private static bool Permits(JsonObject rule, AccessQuestion question)
    {
        if (!Has(rule, "verbs", question.Verb))
        {
            return false;
        }
        if (question.NonResourcePath.Length > 0)
        {
            return Texts(rule, "nonResourceURLs").Any(url => url == "*" || url == question.NonResourcePath
                || (url.EndsWith('*') && question.NonResourcePath.StartsWith(url[..^1], StringComparison.Ordinal)));
        }
        return Has(rule, "apiGroups", question.Group)
            && Texts(rule, "resources").Any(resource => resource == "*" || resource == question.Target
                || (question.Subresource.Length > 0 && resource == $"*/{question.Subresource}"))
            && (!Texts(rule, "resourceNames").Any() || Texts(rule, "resourceNames").Contains(question.Name));
    }

    private static bool Has(JsonObject rule, string field, string wanted) => Texts(rule, field).Any(text => text == "*" || text == wanted);

    private static IEnumerable<string> Texts(JsonObject rule, string field) => (rule[field] as JsonArray)?.Select(JsonFields.AsText).OfType<string>() ?? [];
}
