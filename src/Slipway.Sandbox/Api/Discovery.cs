using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// What the server serves, in the older form of a document per group and version, and in the aggregated one ("API Discovery" of
/// the Kubernetes documentation).
/// </summary>
internal sealed class Discovery(ResourceTable resources, bool aggregates)
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// <returns>Null when the path is not one of discovery, or names what is not served.</returns>
    public JsonObject? Find(HttpRequest request, out string contentType)
    {
        contentType = ResponseJson.ContentType;
        var wantsAll = aggregates && request.Headers.Accept.ToString().Contains("g=apidiscovery.k8s.io;v=v2;", StringComparison.Ordinal);
        switch (request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["api"] when wantsAll:
                contentType = Aggregated;
                return GroupDiscoveryList(group => group.Length == 0);
            case ["apis"] when wantsAll:
                contentType = Aggregated;
                return GroupDiscoveryList(group => group.Length > 0);
            case ["api"]:
                return new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() };
            case ["apis"]:
                return Typed(new() { ["groups"] = new JsonArray([.. Groups().Where(group => group.Key.Length > 0).Select(Group)]) }, "APIGroupList");
            case ["apis", var name]:
                return Groups().FirstOrDefault(group => group.Key == name) is { } found ? Typed(Group(found), "APIGroup") : null;
            case ["api", var version]:
                return ResourceList("", version);
            case ["apis", var name, var version]:
                return ResourceList(name, version);
            default:
                return null;
        }
    }

    private IEnumerable<IGrouping<string, ResourceDefinition>> Groups() => resources.Served.GroupBy(resource => resource.Group);

    private static JsonObject Group(IGrouping<string, ResourceDefinition> group)
    {
        JsonObject Version(string version) => new() { ["groupVersion"] = $"{group.Key}/{version}", ["version"] = version };

        var versions = Versions(group);
        return new()
        {
            ["name"] = group.Key,
            ["versions"] = new JsonArray([.. versions.Select(Version)]),
            ["preferredVersion"] = Version(versions[0]),
        };
    }

    private static JsonObject Typed(JsonObject document, string kind)
    {
        document["kind"] = kind;
        document["apiVersion"] = "v1";
        return document;
    }

    // Stable versions first, then beta, then alpha; within each the higher first (apimachinery version.CompareKubeAwareVersionStrings).
    private static ImmutableArray<string> Versions(IEnumerable<ResourceDefinition> group) =>
    [
        .. group.Select(resource => resource.Version).Distinct()
            .OrderBy(version => version.Contains("alpha", StringComparison.Ordinal) ? 2 : version.Contains("beta", StringComparison.Ordinal) ? 1 : 0)
            .ThenByDescending(version => version.Length)
            .ThenByDescending(version => version, StringComparer.Ordinal),
    ];

    private JsonObject? ResourceList(string group, string version)
    {
        var served = resources.Served.Where(resource => resource.Group == group && resource.Version == version).ToArray();
        return served.Length == 0 ? null : new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. served.SelectMany(Entries)]),
        };
    }

    private static IEnumerable<JsonObject> Entries(ResourceDefinition resource)
    {
        var entry = new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.Namespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = Texts(Verbs(resource)),
        };
        AddNames(entry, resource);
        yield return entry;
        foreach (var (name, group, version, kind, verbs) in Subresources.Of(resource))
        {
            var sub = new JsonObject { ["name"] = $"{resource.Plural}/{name}", ["singularName"] = "", ["namespaced"] = resource.Namespaced };
            if (version.Length > 0)
            {
                (sub["group"], sub["version"]) = (group, version);
            }
            sub["kind"] = kind;
            sub["verbs"] = Texts(verbs);
            yield return sub;
        }
    }

    private JsonObject GroupDiscoveryList(Func<string, bool> wanted) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. Groups().Where(group => wanted(group.Key)).Select(GroupDiscovery)]),
    };

    private static JsonObject GroupDiscovery(IGrouping<string, ResourceDefinition> group) => new()
    {
        ["metadata"] = group.Key.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = group.Key },
        ["versions"] = new JsonArray([.. Versions(group).Select(version => new JsonObject
        {
            ["version"] = version,
            ["resources"] = new JsonArray([.. group.Where(resource => resource.Version == version).Select(ResourceDiscovery)]),
            ["freshness"] = "Current",
        })]),
    };

    private static JsonObject ResourceDiscovery(ResourceDefinition resource)
    {
        var entry = new JsonObject
        {
            ["resource"] = resource.Plural,
            ["responseKind"] = Kind(resource.Group, resource.Version, resource.Kind),
            ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = Texts(Verbs(resource)),
        };
        AddNames(entry, resource);
        var subresources = Subresources.Of(resource).Select(sub => new JsonObject
        {
            ["subresource"] = sub.Name,
            ["responseKind"] = sub.Version.Length > 0 ? Kind(sub.Group, sub.Version, sub.Kind) : Kind(resource.Group, resource.Version, sub.Kind),
            ["verbs"] = Texts(sub.Verbs),
        }).ToArray();
        if (subresources.Length > 0)
        {
            entry["subresources"] = new JsonArray([.. subresources]);
        }
        return entry;
    }

    private static void AddNames(JsonObject entry, ResourceDefinition resource)
    {
        if (!resource.ShortNames.IsEmpty)
        {
            entry["shortNames"] = Texts(resource.ShortNames);
        }
        if (!resource.Categories.IsEmpty)
        {
            entry["categories"] = Texts(resource.Categories);
        }
    }

    private static string[] Verbs(ResourceDefinition resource) =>
        resource.CreateOnly ? ["create"] : ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
