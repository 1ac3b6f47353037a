using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>The subresources that are neither status nor scale: each belongs to one kind.</summary>
internal sealed class Subresources(ObjectStore store, ObjectReader reader, Tokens tokens, Func<JsonObject, string, string> podLog)
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    /// <returns>False when the kind has no such subresource with this verb.</returns>
    public async Task<bool> TryServeAsync(ApiRequest request)
    {
        switch (request.Http.Request.Method, request.Resource.Plural, request.Path.Subresource)
        {
            case ("GET", "pods", "log"):
                await LogAsync(request);
                return true;
            case ("POST", "pods", "binding"):
                await BindAsync(request);
                return true;
            case ("POST", "pods", "eviction"):
                await EvictAsync(request);
                return true;
            case ("POST", "serviceaccounts", "token"):
                await IssueTokenAsync(request);
                return true;
            case ("PUT", "namespaces", "finalize"):
                await FinalizeAsync(request);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The subresources of a kind, for discovery: name, kind, and verbs.</summary>
    public static IEnumerable<(string Name, string Group, string Version, string Kind, string[] Verbs)> Of(ResourceDefinition resource)
    {
        if (resource.HasStatus)
        {
            yield return ("status", "", "", resource.Kind, ["get", "patch", "update"]);
        }
        if (resource.Scale is not null)
        {
            yield return ("scale", "autoscaling", "v1", "Scale", ["get", "patch", "update"]);
        }
        switch (resource.Storage)
        {
            case { Group: "", Plural: "pods" }:
                yield return ("binding", "", "", "Binding", ["create"]);
                yield return ("eviction", "policy", "v1", "Eviction", ["create"]);
                yield return ("log", "", "", "Pod", ["get"]);
                break;
            case { Group: "", Plural: "serviceaccounts" }:
                yield return ("token", "authentication.k8s.io", "v1", "TokenRequest", ["create"]);
                break;
            case { Group: "", Plural: "namespaces" }:
                yield return ("finalize", "", "", "Namespace", ["update"]);
                break;
        }
    }

    private async Task LogAsync(ApiRequest request)
    {
        var pod = Find(request).Value;
        var container = request.Query("container");
        var names = pod.Objects("spec", "containers").Concat(pod.Objects("spec", "initContainers")).Select(one => one.Text("name")).ToArray();
        if (container.Length == 0 && names.Length > 1)
        {
            throw ApiStatus.BadRequest($"a container name must be specified for pod {pod.Name()}, choose one of: [{string.Join(' ', names)}]").Thrown();
        }
        if (container.Length > 0 && !names.Contains(container))
        {
            throw ApiStatus.BadRequest($"container {container} is not valid for pod {pod.Name()}").Thrown();
        }
        request.Http.Response.ContentType = "text/plain";
        await request.Http.Response.WriteAsync(podLog(pod, container.Length > 0 ? container : names.FirstOrDefault("")), request.Aborted);
    }

    private async Task BindAsync(ApiRequest request)
    {
        var node = (await RequestBody.ReadAsync(request.Http) as JsonObject)?.Text("target", "name") ?? "";
        if (node.Length == 0)
        {
            throw ApiStatus.BadRequest("a Binding names a node: target.name").Thrown();
        }
        var current = Find(request);
        if (current.Value.Text("spec", "nodeName") is { Length: > 0 } other)
        {
            throw ApiStatus.Conflict(Known.Pods, request.Path.Name, $"pod {request.Path.Name} is already assigned to node \"{other}\"").Thrown();
        }
        store.Update(current.Key, value =>
        {
            value.Ensure("spec")["nodeName"] = node;
            return value;
        });
        await ResponseJson.WriteAsync(request.Http, Succeeded(), 201);
    }

    private async Task EvictAsync(ApiRequest request)
    {
        await RequestBody.ReadAsync(request.Http);
        store.Delete(Find(request).Key);
        await ResponseJson.WriteAsync(request.Http, Succeeded(), 201);
    }

    private async Task IssueTokenAsync(ApiRequest request)
    {
        var asked = await RequestBody.ReadAsync(request.Http) as JsonObject ?? throw ApiStatus.BadRequest("a TokenRequest has a body").Thrown();
        var account = Find(request).Value;
        asked["kind"] = "TokenRequest";
        asked["apiVersion"] = "authentication.k8s.io/v1";
        asked["status"] = new JsonObject
        {
            ["token"] = tokens.IssueFor(account.Namespace(), account.Name(), account.Uid()),
            ["expirationTimestamp"] = NewObject.Instant(store.Time.GetUtcNow() + TokenLife),
        };
        await ResponseJson.WriteAsync(request.Http, asked, 201);
    }

    private async Task FinalizeAsync(ApiRequest request)
    {
        var wanted = await RequestBody.ReadAsync(request.Http) as JsonObject ?? [];
        var current = Find(request);
        var updated = store.Update(current.Key, value =>
        {
            value.Ensure("spec")["finalizers"] = wanted.Field("spec", "finalizers")?.DeepClone();
            return value;
        });
        await reader.WriteAsync(request, updated is null ? current : store.FindStored(current.Key) ?? current, Representation.Whole);
    }

    private StoredObject Find(ApiRequest request) =>
        store.FindStored(request.Key) ?? throw ApiStatus.NotFound(request.Resource.Resource, request.Path.Name).Thrown();

    private static JsonObject Succeeded() =>
        new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };
}
