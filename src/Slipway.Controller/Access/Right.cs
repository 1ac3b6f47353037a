using Slipway.Api;
using Slipway.Images;

namespace Slipway.Controller.Access;

/// <summary>What somebody must be permitted, in the words of RBAC ("Using RBAC Authorization"). The group is <c>slipway.dev</c>.</summary>
/// <param name="Subresource">May be virtual: <c>deliveries/approve</c> is no path of the API server, only a name for the right to approve.</param>
/// <param name="Namespace">Null: in all of them, or the kind has none.</param>
/// <param name="Name">Null: any.</param>
internal sealed record Right(string Verb, string Resource, string? Subresource = null, string? Namespace = null, string? Name = null)
{
    public string Target => Subresource is null ? Resource : $"{Resource}/{Subresource}";

    /// <summary>What was refused, as a sentence.</summary>
    public string Refusal(string caller) => $"{UntrustedText.Quote(caller)} may not {Verb} {Target}{Where}";

    /// <summary>What would allow it.</summary>
    public string Rule =>
        $"a Role or ClusterRole with the rule apiGroups: [\"{ApiNames.Group}\"], resources: [\"{Target}\"], verbs: [\"{Verb}\"], bound {(Namespace is null ? "by a ClusterRoleBinding" : $"in namespace {UntrustedText.Quote(Namespace)}")}";

    private string Where => Namespace is null ? " in all namespaces" : $"{(Name is null ? "" : $" {UntrustedText.Quote(Name)}")} in namespace {UntrustedText.Quote(Namespace)}";
}
