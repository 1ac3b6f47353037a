using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Slipway.Api;

namespace Slipway.Kube;

public sealed partial class ResourceClient<T>
{
    /// <exception cref="KubeException">IsAlreadyExists when the name is taken.</exception>
    public Task<ResourceItem<T>> CreateAsync(string? ns, T value, CancellationToken cancellationToken) =>
        CreateAsync(ns, JsonSerializer.SerializeToNode(value, Writable)!.AsObject(), cancellationToken);

    /// <inheritdoc cref="CreateAsync(string?,T,CancellationToken)"/>
    public Task<ResourceItem<T>> CreateAsync(string? ns, JsonObject value, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(ns ?? "", (string?)value["metadata"]?["name"] ?? "");
        var call = Call(HttpMethod.Post, "create", Type.Describe(key), Type.CollectionPath(ns) + ManagerQuery) with { Body = Bytes(value) };
        return Connection.CallAsync(call, _projection.ReadOne, cancellationToken);
    }

    /// <summary>Asks the server whether it would create the object; nothing is kept (<c>dryRun=All</c>, "API concepts", Dry-run).</summary>
    /// <exception cref="KubeException">It would not.</exception>
    public Task TryCreateAsync(string? ns, JsonObject value, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Post, "create", $"{Type.Kind} (on trial)", $"{Type.CollectionPath(ns)}{ManagerQuery}&dryRun=All") with { Body = Bytes(value) };
        return Connection.CallAsync(call, _ => true, cancellationToken);
    }

    /// <summary>Writes the whole object. Its metadata.resourceVersion, where set, is the fence.</summary>
    /// <exception cref="KubeException">IsConflict when another write came first.</exception>
    public Task<ResourceItem<T>> ReplaceAsync(ObjectKey key, T value, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Put, "update", key, null, "application/json", Serialize(value), cancellationToken);

    /// <summary>Writes the whole status; of the rest the server takes nothing but metadata.resourceVersion, the fence.</summary>
    /// <exception cref="KubeException">IsConflict when another write came first.</exception>
    public Task<ResourceItem<T>> ReplaceStatusAsync(ObjectKey key, T value, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Put, "update", key, "status", "application/json", Serialize(value), cancellationToken);

    /// <summary>
    /// Server-side apply ("Server-Side Apply", Kubernetes documentation): <paramref name="fields"/> are all that <paramref name="manager"/>
    /// wants to own; what it owned and no longer names is removed. Kind and name are filled in.
    /// </summary>
    /// <param name="resourceVersion">The fence: the object must still be at this version. Null writes, and creates, in any case.</param>
    /// <param name="force">Takes fields over from other managers.</param>
    /// <exception cref="KubeException">IsConflict when another write came first, or, without force, when another manager owns a field.</exception>
    public Task<ResourceItem<T>> ApplyAsync(
        ObjectKey key,
        JsonObject fields,
        string? resourceVersion,
        CancellationToken cancellationToken,
        bool force = true,
        string? subresource = null,
        string manager = ApiNames.FieldManager)
    {
        var body = fields.DeepClone().AsObject();
        body["apiVersion"] = Type.ApiVersion;
        body["kind"] = Type.Kind;
        if (body["metadata"] is not JsonObject metadata)
        {
            body["metadata"] = metadata = [];
        }

        metadata["name"] = key.Name;
        if (key.Namespace.Length > 0)
        {
            metadata["namespace"] = key.Namespace;
        }

        if (resourceVersion is not null)
        {
            metadata["resourceVersion"] = resourceVersion;
        }

        var query = $"?fieldManager={Uri.EscapeDataString(manager)}&force={(force ? "true" : "false")}";
        return WriteAsync(HttpMethod.Patch, "patch", key, subresource, "application/apply-patch+yaml", Bytes(body), cancellationToken, query);
    }

    /// <summary>Server-side apply of a body that is whole already: kind, name and fence are in it. Takes fields over from other managers.</summary>
    /// <exception cref="KubeException">IsConflict when another write came first.</exception>
    public Task<ResourceItem<T>> ApplyAsync(ObjectKey key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Patch, "patch", key, null, "application/apply-patch+yaml", body, cancellationToken, $"{ManagerQuery}&force=true");

    /// <summary>JSON merge patch, RFC 7386. metadata.resourceVersion in the patch is the fence.</summary>
    public Task<ResourceItem<T>> MergePatchAsync(
        ObjectKey key, JsonObject patch, CancellationToken cancellationToken, string? subresource = null, string manager = ApiNames.FieldManager) =>
        WriteAsync(HttpMethod.Patch, "patch", key, subresource, "application/merge-patch+json", Bytes(patch), cancellationToken, Managed(manager));

    /// <summary>
    /// Strategic merge patch ("Update API Objects in Place Using kubectl patch"): items of a list that has a key are merged by it.
    /// metadata.resourceVersion in the patch is the fence. Built-in kinds only.
    /// </summary>
    public Task<ResourceItem<T>> StrategicPatchAsync(ObjectKey key, JsonObject patch, CancellationToken cancellationToken, string? subresource = null) =>
        WriteAsync(HttpMethod.Patch, "patch", key, subresource, "application/strategic-merge-patch+json", Bytes(patch), cancellationToken, ManagerQuery);

    /// <summary>JSON patch, RFC 6902. A "test" of /metadata/resourceVersion is the fence.</summary>
    public Task<ResourceItem<T>> JsonPatchAsync(ObjectKey key, JsonArray patch, CancellationToken cancellationToken, string? subresource = null) =>
        WriteAsync(HttpMethod.Patch, "patch", key, subresource, "application/json-patch+json", Bytes(patch), cancellationToken, ManagerQuery);

    /// <summary>False when it was gone already.</summary>
    /// <exception cref="KubeException">IsConflict when the object is not the one that <paramref name="terms"/> mean.</exception>
    public async Task<bool> DeleteAsync(ObjectKey key, DeleteTerms terms, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = terms.Propagation };
        if (terms is { Uid: not null } or { ResourceVersion: not null })
        {
            body["preconditions"] = new JsonObject { ["uid"] = terms.Uid, ["resourceVersion"] = terms.ResourceVersion };
        }

        try
        {
            // The answer is the object or a Status, as the server likes, and says nothing that we need.
            var call = Call(HttpMethod.Delete, "delete", Type.Describe(key), Type.ObjectPath(key)) with { Body = Bytes(body) };
            return await Connection.CallAsync(call, _ => true, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private static string ManagerQuery => Managed(ApiNames.FieldManager);

    private static string Managed(string manager) => $"?fieldManager={Uri.EscapeDataString(manager)}";

    private Task<ResourceItem<T>> WriteAsync(
        HttpMethod method, string verb, ObjectKey key, string? subresource, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string? query = null)
    {
        var path = Type.ObjectPath(key, subresource) + (query ?? ManagerQuery);
        var call = Call(method, verb, Type.Describe(key), path) with { Body = body, ContentType = contentType };
        return Connection.CallAsync(call, _projection.ReadOne, cancellationToken);
    }

    private JsonTypeInfo<T> Writable => _json ?? throw new InvalidOperationException($"{Type.Kind} is projected here: only fields of it can be written");

    private ReadOnlyMemory<byte> Serialize(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Writable);

    private static ReadOnlyMemory<byte> Bytes(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());
}
