using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>DELETE of one object, and of all that match.</summary>
internal sealed class ObjectDeleter(ObjectStore store, ObjectReader reader)
{
    public async Task DeleteAsync(ApiRequest request)
    {
        var options = await ReadOptionsAsync(request);
        if (options.DryRun)
        {
            var there = store.FindStored(request.Key) ?? throw ApiStatus.NotFound(request.Resource.Resource, request.Path.Name).Thrown();
            await ResponseJson.WriteAsync(request.Http, Success(request.Resource, there.Value));
            return;
        }
        var deletion = Delete(request.Resource, request.Key, options.Delete);
        if (deletion.Gone && request.Resource.Kind != "Pod")
        {
            await ResponseJson.WriteAsync(request.Http, Success(request.Resource, deletion.Last.Value));
            return;
        }
        await reader.WriteAsync(request, deletion.Last, Representation.Whole);
    }

    public async Task DeleteAllAsync(ApiRequest request)
    {
        var filter = ObjectFilter.Of(request);
        var options = await ReadOptionsAsync(request);
        var items = new JsonArray();
        foreach (var stored in store.List(request.Resource.Storage, request.Scope).Objects)
        {
            if (filter.Matches(stored.Value))
            {
                var last = options.DryRun ? stored : TryDelete(request.Resource, stored, options.Delete);
                items.Add((JsonNode)JsonTree.Copy(last.Value));
            }
        }
        await ResponseJson.WriteAsync(request.Http, new JsonObject
        {
            ["kind"] = request.Resource.ListKind,
            ["apiVersion"] = request.Resource.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = store.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["items"] = items,
        });
    }

    private Deletion Delete(ResourceDefinition resource, ObjectKey key, DeleteOptions options)
    {
        try
        {
            return store.Delete(key, options);
        }
        catch (StatusException e) when (e.Status.Reason == "NotFound")
        {
            throw ApiStatus.NotFound(resource.Resource, key.Name).Thrown();
        }
    }

    private StoredObject TryDelete(ResourceDefinition resource, StoredObject stored, DeleteOptions options)
    {
        try
        {
            return Delete(resource, stored.Key, options).Last;
        }
        catch (StatusException e) when (e.Status.Reason == "NotFound")
        {
            // Somebody else deleted it while this list was worked off.
            return stored;
        }
    }

    private static async Task<(DeleteOptions Delete, bool DryRun)> ReadOptionsAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadAsync(request.Http) switch
        {
            null => new JsonObject(),
            JsonObject fields => fields,
            _ => throw ApiStatus.BadRequest("the body of a DELETE must be DeleteOptions").Thrown(),
        };
        if (body.Kind() is not ("" or "DeleteOptions") and var kind)
        {
            throw ApiStatus.BadRequest($"the kind in the data ({kind}) does not match the expected kind (DeleteOptions)").Thrown();
        }
        var policy = body.Text("propagationPolicy") is { Length: > 0 } inBody ? inBody : request.Query("propagationPolicy");
        var dryRun = request.IsDryRun || (body["dryRun"] as JsonArray)?.Any(one => JsonFields.AsText(one) == "All") == true;
        return (new DeleteOptions
        {
            GracePeriodSeconds = body.Number("gracePeriodSeconds") ?? request.Number("gracePeriodSeconds"),
            Propagation = Policy(policy, body.Field("orphanDependents") is null ? null : body.Flag("orphanDependents")),
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
        }, dryRun);
    }

    private static Propagation? Policy(string name, bool? orphan) => name switch
    {
        "" => orphan is null ? null : orphan.Value ? Propagation.Orphan : Propagation.Background,
        "Background" => Propagation.Background,
        "Foreground" => Propagation.Foreground,
        "Orphan" => Propagation.Orphan,
        _ => throw Unsupported(name).Thrown(),
    };

    private static ApiStatus Unsupported(string policy)
    {
        var faults = new Faults();
        faults.NotSupported("propagationPolicy", policy, "Background", "Foreground", "Orphan");
        return ApiStatus.Invalid("meta.k8s.io", "DeleteOptions", "", faults.Causes);
    }

    private static JsonObject Success(ResourceDefinition resource, JsonObject value)
    {
        var details = new JsonObject { ["name"] = value.Name() };
        if (resource.Group.Length > 0)
        {
            details["group"] = resource.Group;
        }
        details["kind"] = resource.Plural;
        details["uid"] = value.Uid();
        return new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }
}
