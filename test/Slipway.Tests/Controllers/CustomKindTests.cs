using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Controllers;

/// <summary>Images in kinds of other projects: found by path, written by path, judged by what their controllers report.</summary>
public sealed class CustomKindTests
{
    private const string HelmTarget = """
        [{"apiVersion":"helm.toolkit.fluxcd.io/v2","kind":"HelmRelease","name":"shop","imagePaths":[
          {"path":"spec.values.image.repository","as":"Repository"},{"path":"spec.values.image.tag","as":"Tag"}]}]
        """;

    private const string Ready = """{"observedGeneration":$GENERATION,"conditions":[{"type":"Ready","status":"True","reason":"Succeeded","message":"ok"}]}""";

    [Fact]
    public async Task The_tag_in_the_values_of_a_helm_release_ships_and_goes_back_when_flux_gives_up()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.DefineAsync(CustomDefinitions.HelmReleases);
        await world.PushAsync("1.0.0");
        await world.ApplyAsync(CustomDefinitions.HelmReleases, "shop", Values(world, "1.0.0"));
        await world.ReportAsync(CustomDefinitions.HelmReleases, Ready);
        await world.DeliverAsync(HelmTarget);
        Assert.Equal("Adopted", (await world.EndsAsync(1, "Succeeded")).Spec.Cause);

        await world.PushAsync("1.1.0");
        await TagAsync(world, "1.1.0");
        Assert.Equal("Running", (await world.HistoryAsync())[1].Status!.Outcome);
        await world.ReportAsync(CustomDefinitions.HelmReleases, Ready);
        await world.EndsAsync(2, "Succeeded");

        await world.PushAsync("1.2.0");
        await TagAsync(world, "1.2.0");
        await world.ReportAsync(CustomDefinitions.HelmReleases, """
            {"observedGeneration":$GENERATION,"conditions":[{"type":"Ready","status":"False","reason":"UpgradeFailed","message":"x"},
              {"type":"Stalled","status":"True","reason":"RetriesExceeded","message":"failed to upgrade after 3 attempts"}]}
            """);
        await TagAsync(world, "1.1.0");
        await world.ReportAsync(CustomDefinitions.HelmReleases, """
            {"observedGeneration":$GENERATION,"conditions":[{"type":"Ready","status":"True","reason":"Succeeded","message":"ok"},{"type":"Stalled","status":"False","reason":"x","message":""}]}
            """);
        Assert.Equal("RetriesExceeded", (await world.EndsAsync(3, "RolledBack")).Status!.Reason);

        var live = await world.ObjectAsync(CustomDefinitions.HelmReleases);
        Assert.Equal("3", $"{live["spec"]!["values"]!["replicas"]}");
        Assert.Equal("2", (string?)live["metadata"]!["annotations"]!["slipway.dev/release"]);
        Assert.Contains(live["metadata"]!["managedFields"]!.AsArray(), entry =>
            (string?)entry!["manager"] == "slipway" && entry["fieldsV1"]!["f:spec"]!["f:values"]!["f:image"]!["f:tag"] is not null && entry["fieldsV1"]!["f:spec"]!["f:values"]!["f:replicas"] is null);
    }

    [Fact]
    public async Task A_parameter_of_an_argo_cd_application_is_judged_only_after_argo_cd_has_compared_it()
    {
        const string Parameter = "spec.source.helm.parameters[name=image.tag].value";
        await using var world = await ControllerWorld.StartAsync();
        await world.DefineAsync(CustomDefinitions.Applications);
        await world.PushAsync("1.0.0");
        await world.ApplyAsync(CustomDefinitions.Applications, "shop", JsonNode.Parse("""
            {"spec":{"source":{"repoURL":"https://charts.example","helm":{"parameters":[{"name":"debug","value":"true"},{"name":"image.tag","value":"1.0.0"}]}}}}
            """)!.AsObject());
        await world.ReportAsync(CustomDefinitions.Applications, Compared("1.0.0"));
        await world.DeliverAsync(
            $$"""[{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","name":"shop","imagePaths":[{"path":"{{Parameter}}","as":"Tag"}]}]""",
            $$"""{"repository":"{{world.Sandbox.Registry.Address}}/acme/shop","follow":{"semver":{} },"interval":"1s"}""");
        await world.EndsAsync(1, "Succeeded");

        await world.PushAsync("1.1.0");
        var applied = await world.UntilAsync("the parameter is written", async () =>
            (await world.ObjectAsync(CustomDefinitions.Applications))["spec"]!["source"]!["helm"]!["parameters"]!.AsArray() is var parameters && (string?)parameters[1]!["value"] == "1.1.0" ? parameters : null);
        Assert.Equal("true", (string?)applied[0]!["value"]);

        // It still says Synced and Healthy, of the source before.
        var waiting = await world.ConditionAsync("Reconciling", "Advancing");
        Assert.Equal("True", waiting.Status);
        Assert.Equal("Running", (await world.HistoryAsync())[1].Status!.Outcome);

        await world.ReportAsync(CustomDefinitions.Applications, Compared("1.1.0"));
        await world.EndsAsync(2, "Succeeded");
    }

    [Theory]
    [InlineData("Rollout", """{"observedGeneration":"$GENERATION","phase":"Healthy"}""", """{"observedGeneration":"$GENERATION","phase":"Degraded","message":"ProgressDeadlineExceeded"}""", "Degraded")]
    [InlineData(
        "Service",
        """{"observedGeneration":$GENERATION,"conditions":[{"type":"Ready","status":"True"}]}""",
        """{"observedGeneration":$GENERATION,"conditions":[{"type":"Ready","status":"False","reason":"RevisionFailed","message":"exit 1"}]}""",
        "RevisionFailed")]
    public async Task Of_a_list_that_is_atomic_one_image_is_written_and_nothing_else_is_touched(string kind, string good, string bad, string reason)
    {
        var type = kind == "Rollout" ? CustomDefinitions.Rollouts : CustomDefinitions.KnativeServices;
        await using var world = await ControllerWorld.StartAsync();
        await world.DefineAsync(type);
        await world.PushAsync("1.0.0");
        await world.ApplyAsync(type, "shop", JsonNode.Parse($$"""
            {"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"proxy","image":"envoy:1"},{"name":"web","image":"{{world.Sandbox.Image("acme/shop", "1.0.0")}}","ports":[{"containerPort":80}]}]} } } }
            """)!.AsObject());
        await world.ReportAsync(type, good);
        await world.DeliverAsync($$"""[{"apiVersion":"{{type.ApiVersion}}","kind":"{{kind}}","name":"shop","imagePaths":[{"path":"spec.template.spec.containers[name=web].image"}]}]""");
        await world.EndsAsync(1, "Succeeded");

        var digest = await world.PushAsync("1.1.0");
        await ImageAsync(world, type, $"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}");
        await world.ReportAsync(type, good);
        await world.EndsAsync(2, "Succeeded");
        var containers = (await world.ObjectAsync(type))["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal("""{"name":"proxy","image":"envoy:1"}""", containers[0]!.ToJsonString());
        Assert.Equal("80", $"{containers[1]!["ports"]![0]!["containerPort"]}");

        await world.PushAsync("1.2.0");
        await world.UntilAsync("1.2.0 is written", async () => (await PresentAsync(world, type)).Contains(":1.2.0@", StringComparison.Ordinal) ? "" : null);
        await world.ReportAsync(type, bad);
        await ImageAsync(world, type, $"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}");
        await world.ReportAsync(type, good);
        Assert.Equal(reason, (await world.EndsAsync(3, "RolledBack")).Status!.Reason);
    }

    [Fact]
    public async Task Of_a_kind_without_a_status_the_written_image_is_success_and_drift_is_told_from_managed_fields()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.DefineAsync(CustomDefinitions.Plain);
        var first = await world.PushAsync("1.0.0");
        await world.ApplyAsync(CustomDefinitions.Plain, "shop", Values(world, "1.0.0"));
        await world.DeliverAsync(Plain("spec.values.image.tag", "Tag", "spec.values.image.digest", "Digest"), Source(world));
        Assert.Equal(first, (await world.EndsAsync(1, "Succeeded")).Spec.Digest);

        var second = await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");
        Assert.Equal(("1.1.0", second), await PlainImageAsync(world));

        // A tool applies its manifest again: put right.
        await world.ApplyAsync(CustomDefinitions.Plain, "shop", Values(world, "1.0.0"));
        await world.UntilAsync("the tag is put right", async () => await PlainImageAsync(world) == ("1.1.0", second) ? "" : null);

        // A person edits it: respected.
        await world.Any(CustomDefinitions.Plain).MergePatchAsync(
            new ObjectKey("default", "shop"), JsonNode.Parse("""{"spec":{"values":{"image":{"tag":"1.0.0","digest":null}}}}""")!.AsObject(), TestContext.Current.CancellationToken, manager: "kubectl-edit");
        var held = await world.ConditionAsync("Ready", "Drifted");
        Assert.Contains("kubectl edit", held.Message, StringComparison.Ordinal);
        Assert.Equal(("1.0.0", null), await PlainImageAsync(world));
    }

    [Fact]
    public async Task What_cannot_be_followed_or_found_is_told_with_the_way_out_and_goes_on_once_it_is_there()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.DeliverAsync(Plain("spec.values.image.version", "Tag"), Source(world));

        var missing = await world.ConditionAsync("Stalled", "KindNotFollowed");
        Assert.Contains("the API server has no Plain in example.com/v1; install its CustomResourceDefinition", missing.Message, StringComparison.Ordinal);

        await world.DefineAsync(CustomDefinitions.Plain);
        await world.ApplyAsync(CustomDefinitions.Plain, "shop", JsonNode.Parse("""{"spec":{"values":{"img":{"tag":"1.0.0"}}}}""")!.AsObject());
        await world.DeliverAsync(Plain("spec.values.image.tag", "Tag"), Source(world), name: "second");
        var lost = await world.ConditionAsync("Stalled", "ImagePathNotFound", "second");
        Assert.Contains("Plain.example.com default/shop has no image (it has img) in spec.values", lost.Message, StringComparison.Ordinal);

        await world.ApplyAsync(CustomDefinitions.Plain, "shop", Values(world, "1.0.0"));
        await world.EndsAsync(1, "Succeeded", "second");
    }

    [Fact]
    public async Task Two_deliveries_write_two_fields_of_one_object_and_not_one_field_both()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.DefineAsync(CustomDefinitions.Plain);
        await world.PushAsync("1.0.0");
        await world.ApplyAsync(CustomDefinitions.Plain, "shop", JsonNode.Parse("""{"spec":{"web":"1.0.0","worker":"1.0.0"}}""")!.AsObject());
        await world.DeliverAsync(Plain("spec.web", "Tag"), Source(world), name: "web");
        await world.EndsAsync(1, "Succeeded", "web");
        await world.DeliverAsync(Plain("spec.worker", "Tag"), Source(world), name: "worker");
        await world.EndsAsync(1, "Succeeded", "worker");
        await world.DeliverAsync(Plain("spec.worker", "Tag"), Source(world), name: "zworker");
        var claimed = await world.ConditionAsync("Stalled", "TargetClaimed", "zworker");
        Assert.Contains("field spec.worker of Plain.example.com default/shop is updated by Delivery default/worker", claimed.Message, StringComparison.Ordinal);

        await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded", "web");
        await world.EndsAsync(2, "Succeeded", "worker");
        var spec = (await world.ObjectAsync(CustomDefinitions.Plain))["spec"]!;
        Assert.Equal(("1.1.0", "1.1.0"), ((string?)spec["web"], (string?)spec["worker"]));
    }

    private static JsonObject Values(ControllerWorld world, string tag) => JsonNode.Parse(
        $$"""{"spec":{"values":{"replicas":3,"image":{"repository":"{{world.Sandbox.Registry.Address}}/acme/shop","tag":"{{tag}}"} } } }""")!.AsObject();

    private static string Source(ControllerWorld world) => $$"""{"repository":"{{world.Sandbox.Registry.Address}}/acme/shop","follow":{"semver":{} },"interval":"1s"}""";

    private static string Plain(string path, string part, string? other = null, string? otherPart = null)
    {
        var second = other is null ? "" : $$""",{"path":"{{other}}","as":"{{otherPart}}"}""";
        return $$"""[{"apiVersion":"example.com/v1","kind":"Plain","name":"shop","imagePaths":[{"path":"{{path}}","as":"{{part}}"}{{second}}]}]""";
    }

    private static string Compared(string tag) => $$"""
        {"health":{"status":"Healthy"},"sync":{"status":"Synced","comparedTo":{"source":{"helm":{"parameters":[{"name":"debug","value":"true"},{"name":"image.tag","value":"{{tag}}"}]} } } } }
        """;

    private static async Task<(string? Tag, string? Digest)> PlainImageAsync(ControllerWorld world)
    {
        var image = (await world.ObjectAsync(CustomDefinitions.Plain))["spec"]!["values"]!["image"]!;
        return ((string?)image["tag"], (string?)image["digest"]);
    }

    private static Task<string> TagAsync(ControllerWorld world, string tag) => world.UntilAsync($"the tag {tag} is written", async () =>
        (string?)(await world.ObjectAsync(CustomDefinitions.HelmReleases))["spec"]!["values"]!["image"]!["tag"] == tag ? tag : null);

    private static async Task<string> PresentAsync(ControllerWorld world, ResourceType type) =>
        (string)(await world.ObjectAsync(type))["spec"]!["template"]!["spec"]!["containers"]![1]!["image"]!;

    private static Task<string> ImageAsync(ControllerWorld world, ResourceType type, string image) =>
        world.UntilAsync($"{image} is written", async () => await PresentAsync(world, type) == image ? image : null);
}
