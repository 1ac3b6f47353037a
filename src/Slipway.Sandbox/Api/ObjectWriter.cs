using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>POST, PUT, PATCH and DELETE of objects, and of their status.</summary>
internal sealed class ObjectWriter(ObjectStore store, ObjectReader reader)
{
    // As the API server has it for patches (MaxRetryWhenPatchConflicts), and for deletions of the same object by many.
    private const int Attempts = 5;

    private string Now => NewObject.Instant(store.Time.GetUtcNow());

    public async Task CreateAsync(ApiRequest request)
    {
        if (request.Path.Name.Length > 0 || (request.Resource.Namespaced && request.Path.Namespace is null))
        {
            throw ApiStatus.MethodNotAllowed("create").Thrown();
        }
        var value = Admission.Decode(request, await RequestBody.ReadAsync(request.Http));
        if (value.ResourceVersion().Length > 0)
        {
            throw ApiStatus.BadRequest("resourceVersion should not be set on objects to be created").Thrown();
        }
        Admission.Place(request, value);
        await RespondAsync(request, Create(request, value, request.Updater), 201);
    }

    public async Task ReplaceAsync(ApiRequest request)
    {
        var value = Admission.Decode(request, await RequestBody.ReadAsync(request.Http));
        Admission.Place(request, value);
        Admission.Prune(request, value);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var current = store.FindStored(request.Key) ?? throw ApiStatus.NotFound(request.Resource.Resource, request.Path.Name).Thrown();
            if (value.ResourceVersion().Length == 0 && !request.Resource.UnconditionalUpdate)
            {
                throw ApiStatus.Invalid(request.Resource, value.Name(),
                    new StatusCause("FieldValueInvalid", "Invalid value: 0x0: must be specified for an update", "metadata.resourceVersion")).Thrown();
            }
            if (Write(request, current, JsonTree.Copy(value), request.Updater) is { } written)
            {
                await RespondAsync(request, written);
                return;
            }
        }
        throw ApiStatus.Modified(request.Resource.Resource, request.Path.Name).Thrown();
    }

    public async Task PatchAsync(ApiRequest request)
    {
        var patch = await Patch.ReadAsync(request);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (store.FindStored(request.Key) is not { } current)
            {
                await RespondAsync(request, CreateByApply(request, patch), 201);
                return;
            }
            var next = patch.Apply(request, View(request, current), Now);
            if (Write(request, current, next, patch.IsApply ? null : request.Updater) is { } written)
            {
                await RespondAsync(request, written);
                return;
            }
        }
        throw ApiStatus.Modified(request.Resource.Resource, request.Path.Name).Thrown();
    }

    /// <summary>The value of an object with another one's status, or without, as the path says which of them is written.</summary>
    public static void KeepOthersPart(ApiRequest request, JsonObject current, JsonObject next)
    {
        if (request.Path.Subresource == "status")
        {
            var (status, version, managed) = (next["status"]?.DeepClone(), next.ResourceVersion(), next.Field("metadata", "managedFields")?.DeepClone());
            var annotations = (request.Resource.BuiltIn ? next : current).Field("metadata", "annotations")?.DeepClone();
            next.Clear();
            foreach (var (name, field) in JsonTree.Copy(current).ToArray())
            {
                next[name] = name == "status" ? null : field?.DeepClone();
            }
            Put(next, "status", status);

            // Built-in kinds let annotations through: the revision of a Deployment is written so, without a new generation.
            Put(next.Ensure("metadata"), "annotations", annotations);
            Put(next.Ensure("metadata"), "managedFields", managed);
            next.Ensure("metadata")["resourceVersion"] = version;
        }
        else if (request.Resource.HasStatus)
        {
            Put(next, "status", current["status"]?.DeepClone());
        }
    }

    /// <returns>
    /// Null when the object moved meanwhile: then the request is to be tried again on what is there now, and if it insists on a
    /// version, it is refused.
    /// </returns>
    /// <param name="updater">Null when the owners of fields are noted already, by an apply.</param>
    public StoredObject? Write(ApiRequest request, StoredObject current, JsonObject next, Writer? updater)
    {
        (next["apiVersion"], next["kind"]) = (request.Resource.ApiVersion, request.Resource.Kind);
        RequirePreconditions(request, current, next);
        KeepOthersPart(request, current.Value, next);
        Admission.RequireShape(request.Resource, next);
        Admission.Prune(request, next);
        var admitted = Admission.Admit(request, next, current.Value);
        if (updater is not null)
        {
            FieldOwnership.NoteUpdate(request.Resource.Schema, current.Value, admitted, updater, Now);
        }
        var isStatus = request.Path.Subresource == "status";
        if (request.IsDryRun)
        {
            ObjectUpdate.Prepare(store.Resources.Stored(current.Key.Resource), current.Value, admitted, isStatus);
            return new(current.Key, admitted, current.Version);
        }
        return store.TryReplace(current, admitted, isStatus, out var replaced) ? replaced ?? new StoredObject(current.Key, admitted, current.Version) : null;
    }

    public static JsonObject View(ApiRequest request, StoredObject current)
    {
        var view = request.Resource.Form is { } form ? form.ToServed(current.Value) : JsonTree.Copy(current.Value);
        (view["apiVersion"], view["kind"]) = (request.Resource.ApiVersion, request.Resource.Kind);
        return view;
    }

    private StoredObject Create(ApiRequest request, JsonObject value, Writer? updater)
    {
        Admission.Prune(request, value);
        if (request.Resource.HasStatus)
        {
            value.Remove("status");
        }
        var admitted = Admission.Admit(request, value, null);
        if (updater is not null)
        {
            FieldOwnership.NoteUpdate(request.Resource.Schema, [], admitted, updater, Now);
        }
        return store.CreateStored(request.Resource.Storage, admitted, request.IsDryRun);
    }

    private StoredObject CreateByApply(ApiRequest request, Patch patch)
    {
        if (!patch.IsApply || request.Path.Subresource.Length > 0)
        {
            throw ApiStatus.NotFound(request.Resource.Resource, request.Path.Name).Thrown();
        }
        var value = patch.Apply(request, [], Now);
        if (patch.ResourceVersion.Length > 0)
        {
            throw ApiStatus.Conflict(request.Resource.Resource, request.Path.Name,
                "the object does not exist, but the applied configuration has a resourceVersion").Thrown();
        }
        Admission.Place(request, value);
        return Create(request, value, null);
    }

    private static void RequirePreconditions(ApiRequest request, StoredObject current, JsonObject next)
    {
        var (resource, name) = (request.Resource.Resource, request.Path.Name);
        if (next.ResourceVersion() is { Length: > 0 } version && version != current.Value.ResourceVersion())
        {
            throw ApiStatus.Modified(resource, name).Thrown();
        }
        if (next.Uid() is { Length: > 0 } uid && uid != current.Value.Uid())
        {
            throw ApiStatus.Conflict(resource, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Value.Uid()}").Thrown();
        }
        if (next.Name() != name || (request.Resource.Namespaced && next.Namespace() != current.Key.Namespace))
        {
            throw ApiStatus.BadRequest($"the name of the object ({next.Name()}) does not match the name on the URL ({name})").Thrown();
        }
    }

    private static void Put(JsonObject target, string field, JsonNode? value)
    {
        target.Remove(field);
        if (value is not null)
        {
            target[field] = value;
        }
    }

    private Task RespondAsync(ApiRequest request, StoredObject written, int code = 200) =>
        reader.WriteAsync(request, written, Negotiation.Of(request.Http.Request), code);
}
