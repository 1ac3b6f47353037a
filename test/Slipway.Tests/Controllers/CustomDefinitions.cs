using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Controllers;

/// <summary>
/// The kinds of other projects, with as much of their schema as matters here: which lists are atomic, and what is kept unseen. Their
/// controllers are played by the tests.
/// </summary>
internal static class CustomDefinitions
{
    public static readonly ResourceType Rollouts = new("argoproj.io", "v1alpha1", "rollouts", "Rollout");
    public static readonly ResourceType Applications = new("argoproj.io", "v1alpha1", "applications", "Application");
    public static readonly ResourceType HelmReleases = new("helm.toolkit.fluxcd.io", "v2", "helmreleases", "HelmRelease");
    public static readonly ResourceType KnativeServices = new("serving.knative.dev", "v1", "services", "Service");

    /// <summary>Neither a status nor a list that tells its items apart.</summary>
    public static readonly ResourceType Plain = new("example.com", "v1", "plains", "Plain");

    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);

    public static Task DefineAsync(this ControllerWorld world, ResourceType type) => world.Any(Definitions).CreateAsync(null, Definition(type), TestContext.Current.CancellationToken);

    /// <summary>What the kind's own controller would report of the object as it is now.</summary>
    public static async Task ReportAsync(this ControllerWorld world, ResourceType type, string status, string name = "shop")
    {
        var key = new ObjectKey("default", name);
        var live = (await world.Any(type).GetAsync(key, TestContext.Current.CancellationToken))!.Value;
        var text = status.Replace("$GENERATION", $"{live["metadata"]!["generation"]}", StringComparison.Ordinal);
        await world.Any(type).MergePatchAsync(key, new JsonObject { ["status"] = JsonNode.Parse(text) }, TestContext.Current.CancellationToken, "status", manager: "its-controller");
    }

    public static async Task<JsonObject> ObjectAsync(this ControllerWorld world, ResourceType type, string name = "shop") =>
        (await world.Any(type).GetAsync(new ObjectKey("default", name), TestContext.Current.CancellationToken))!.Value;

    private static JsonObject Definition(ResourceType type)
    {
        var anything = JsonNode.Parse("""{"type":"object","x-kubernetes-preserve-unknown-fields":true}""")!;
        var spec = type == KnativeServices || type == Rollouts
            ? JsonNode.Parse("""
                {"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"template":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{
                  "spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"containers":{"type":"array","items":
                    {"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}}}}
                """)!
            : anything.DeepClone();
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{type.Plural}.{type.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = type.Group,
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject { ["kind"] = type.Kind, ["listKind"] = $"{type.Kind}List", ["plural"] = type.Plural, ["singular"] = type.Kind.ToLowerInvariant() },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = type.Version,
                    ["served"] = true,
                    ["storage"] = true,
                    ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                    ["schema"] = new JsonObject
                    {
                        ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["spec"] = spec, ["status"] = anything.DeepClone() } },
                    },
                }),
            },
        };
    }
}
