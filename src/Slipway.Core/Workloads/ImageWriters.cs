using System.Collections.Frozen;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>What kind of writer set an image: it decides what happens on drift (rule 9).</summary>
public enum ImageWriter
{
    /// <summary>Slipway.</summary>
    Ours,

    /// <summary>A tool that writes what is declared elsewhere. It knows nothing of what was shipped since, so its stale tag is put right.</summary>
    Declarative,

    /// <summary>A person, by an imperative command or a dashboard. It is a decision, and is respected.</summary>
    Person,
}

/// <summary>Tells the field managers of declarative tools from those of people.</summary>
/// <remarks>
/// A client that names no manager is recorded under its User-Agent up to the first slash (kubernetes/apiserver,
/// pkg/endpoints/handlers/create.go, <c>managerOrUserAgent</c>; see k3s-io/k3s#3433), which is how browsers and command-line
/// tools get there. kubectl's names are those of kubernetes/kubernetes#88885; those of 1.35 were also seen written by a server of 1.20.
/// </remarks>
public static class ImageWriters
{
    private const string Apply = "Apply";

    /// <summary>Managers that write with Update (their entries' operation) what a manifest declares.</summary>
    private static readonly FrozenSet<string> Declarative = FrozenSet.ToFrozenSet(
        [
            // kubectl apply without --server-side, and kubectl create.
            "kubectl-client-side-apply",
            "kubectl-create",

            // What stood there when the object was first applied by anyone: nobody's decision (Kubernetes, "Server-Side Apply").
            "before-first-apply",

            // Helm since 3.7; before, the name of Go's HTTP client (helm/helm#9859, #9870).
            "helm",
            "Go-http-client",

            // Argo CD: by server-side and by client-side apply, and by create and replace (argoproj/argo-cd#16813, #20815).
            "argocd",
            "argocd-controller",
            "argocd-application-controller",

            // Flux (fluxcd/kustomize-controller#527, fluxcd.io/flux/faq).
            "kustomize-controller",
            "helm-controller",
            "flux",
            "flux-client-side-apply",
            "gotk-sync-manager",

            // Terraform (hashicorp/terraform-provider-kubernetes#1333), also under its User-Agent.
            "terraform",
            "Terraform",
            "HashiCorp",
        ]);

    /// <summary>Families of names: Pulumi adds the provider or a random suffix (pulumi/pulumi-kubernetes#2271), k3s the node (k3s-io/k3s#3434).</summary>
    private static readonly string[] DeclarativePrefixes = ["pulumi", "deploy@", "terraform-provider-"];

    /// <summary>An owner who is not known counts as a person: to hold destroys nothing.</summary>
    public static ImageWriter Classify(FieldOwner? owner) => owner switch
    {
        null => ImageWriter.Person,
        { Manager: ApiNames.FieldManager } => ImageWriter.Ours,
        { Operation: Apply } => ImageWriter.Declarative,
        _ when Declarative.Contains(owner.Manager) => ImageWriter.Declarative,
        _ when DeclarativePrefixes.Any(prefix => owner.Manager.StartsWith(prefix, StringComparison.Ordinal)) => ImageWriter.Declarative,

        // kubectl-set, -edit, -patch and -rollout; "kubectl" itself with Update, which is what rollout undo leaves; kubectl-replace,
        // because "get | sed | replace" is an edit by hand; browsers (Mozilla), node-fetch (Lens), k9s; and whoever is not known here.
        _ => ImageWriter.Person,
    };

    /// <summary>The writer in words for a sentence: <c>kubectl set (field manager kubectl-set)</c>.</summary>
    public static string Describe(FieldOwner? owner) => owner switch
    {
        null or { Manager: "" } => "an unknown writer",
        { Manager: "kubectl", Operation: not Apply } => "kubectl rollout undo or an old kubectl (field manager kubectl)",
        { Manager: "kubectl" } => "kubectl apply --server-side (field manager kubectl)",
        { Manager: "kubectl-client-side-apply" } => "kubectl apply (field manager kubectl-client-side-apply)",
        { Manager: "Mozilla" } => "a dashboard in a browser (field manager Mozilla)",
        { Manager: "node-fetch" } => "Lens or another desktop tool (field manager node-fetch)",
        { Manager: ['k', 'u', 'b', 'e', 'c', 't', 'l', '-', .. var command] } => $"kubectl {command} (field manager {owner.Manager})",
        _ => $"field manager {owner.Manager}",
    };
}
