using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class ImageWritersTests
{
    [Theory]
    [InlineData("slipway", "Apply")]
    [InlineData("slipway", "Update")]
    public void What_slipway_wrote_is_ours(string manager, string operation) => Assert.Equal(ImageWriter.Ours, Classify(manager, operation));

    [Theory]
    [InlineData("kubectl")]
    [InlineData("argocd-controller")]
    [InlineData("kustomize-controller")]
    [InlineData("a-manager-nobody-has-heard-of")]
    [InlineData("kubectl-edit")]
    public void Whoever_applies_declares(string manager) => Assert.Equal(ImageWriter.Declarative, Classify(manager, "Apply"));

    [Theory]
    [InlineData("kubectl-client-side-apply")]
    [InlineData("kubectl-create")]
    [InlineData("before-first-apply")]
    [InlineData("helm")]
    [InlineData("Go-http-client")]
    [InlineData("argocd")]
    [InlineData("argocd-controller")]
    [InlineData("argocd-application-controller")]
    [InlineData("kustomize-controller")]
    [InlineData("helm-controller")]
    [InlineData("flux")]
    [InlineData("flux-client-side-apply")]
    [InlineData("terraform")]
    [InlineData("Terraform")]
    [InlineData("HashiCorp")]
    [InlineData("pulumi-kubernetes")]
    [InlineData("pulumi-kubernetes-3f2a")]
    [InlineData("deploy@ip-172-31-15-119")]
    public void Tools_that_update_from_a_manifest_declare_too(string manager) => Assert.Equal(ImageWriter.Declarative, Classify(manager, "Update"));

    [Theory]
    [InlineData("kubectl-set")]
    [InlineData("kubectl-edit")]
    [InlineData("kubectl-patch")]
    [InlineData("kubectl-rollout")]
    [InlineData("kubectl-replace")]
    [InlineData("kubectl")] // rollout undo
    [InlineData("Mozilla")]
    [InlineData("node-fetch")]
    [InlineData("k9s")]
    [InlineData("OpenAPI-Generator")]
    [InlineData("curl")]
    [InlineData("unknown")]
    [InlineData("helmet")] // not a prefix of helm's
    [InlineData("")]
    public void Everyone_else_who_updates_is_a_person(string manager) => Assert.Equal(ImageWriter.Person, Classify(manager, "Update"));

    [Fact]
    public void An_owner_who_is_not_known_counts_as_a_person() => Assert.Equal(ImageWriter.Person, ImageWriters.Classify(null));

    [Theory]
    [InlineData("kubectl-set", "Update", "kubectl set (field manager kubectl-set)")]
    [InlineData("kubectl-client-side-apply", "Update", "kubectl apply (field manager kubectl-client-side-apply)")]
    [InlineData("kubectl", "Apply", "kubectl apply --server-side (field manager kubectl)")]
    [InlineData("kubectl", "Update", "kubectl rollout undo or an old kubectl (field manager kubectl)")]
    [InlineData("Mozilla", "Update", "a dashboard in a browser (field manager Mozilla)")]
    [InlineData("node-fetch", "Update", "Lens or another desktop tool (field manager node-fetch)")]
    [InlineData("argocd-controller", "Apply", "field manager argocd-controller")]
    [InlineData("", "Update", "an unknown writer")]
    public void A_writer_is_named_in_words(string manager, string operation, string words) =>
        Assert.Equal(words, ImageWriters.Describe(new(manager, operation)));

    private static ImageWriter Classify(string manager, string operation) => ImageWriters.Classify(new(manager, operation));
}
