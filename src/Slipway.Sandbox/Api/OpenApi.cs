using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// As much of OpenAPI v3 as tells a client that this server checks fields itself (fieldValidation), so that kubectl does not ask
/// for the types: they are not published.
/// </summary>
internal sealed class OpenApi(ResourceTable resources)
{
    /// <returns>Null when the path is not one of OpenAPI, or names what is not served.</returns>
    public JsonObject? Find(string path)
    {
        switch (path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["openapi", "v3"]:
                return Index();
            case ["openapi", "v3", "api", var version]:
                return Document("", version);
            case ["openapi", "v3", "apis", var group, var version]:
                return Document(group, version);
            default:
                return null;
        }
    }

    private JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var resource in resources.Served)
        {
            paths[Root(resource.Group, resource.Version)[1..]] = new JsonObject
            {
                ["serverRelativeURL"] = $"/openapi/v3{Root(resource.Group, resource.Version)}?hash={resources.Revision}",
            };
        }
        return new() { ["paths"] = paths };
    }

    private JsonObject? Document(string group, string version)
    {
        var paths = new JsonObject();
        foreach (var resource in resources.Served.Where(resource => resource.Group == group && resource.Version == version && !resource.CreateOnly))
        {
            var ns = resource.Namespaced ? "/namespaces/{namespace}" : "";
            paths[$"{Root(group, version)}{ns}/{resource.Plural}/{{name}}"] = new JsonObject { ["patch"] = PatchOperation(resource) };
        }
        return paths.Count == 0 ? null : new()
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
        };
    }

    private static JsonObject PatchOperation(ResourceDefinition resource) => new()
    {
        ["parameters"] = new JsonArray(
            Parameter("dryRun", "string"), Parameter("fieldManager", "string"), Parameter("fieldValidation", "string"), Parameter("force", "boolean")),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = resource.Group, ["version"] = resource.Version, ["kind"] = resource.Kind },
    };

    private static JsonObject Parameter(string name, string type) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true },
    };

    private static string Root(string group, string version) => group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
}
