using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>A patch as it came, of one of the four kinds ("Patch and update" of the Kubernetes API concepts).</summary>
internal sealed record Patch(string MediaType, JsonNode Body)
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string ApplyYaml = "application/apply-patch+yaml";

    public bool IsApply => MediaType == ApplyYaml;

    /// <summary>The version that an apply insists on.</summary>
    public string ResourceVersion => (Body as JsonObject)?.ResourceVersion() ?? "";

    /// <exception cref="StatusException">UnsupportedMediaType; BadRequest; Invalid, for options that do not fit the kind of patch.</exception>
    public static async Task<Patch> ReadAsync(ApiRequest request)
    {
        var type = RequestBody.MediaType(request.Http);
        if (type is not (Json or Merge or ApplyYaml) && !(type == Strategic && request.Resource.BuiltIn))
        {
            var strategic = request.Resource.BuiltIn ? $"{Strategic}, " : "";
            throw RequestBody.Unsupported(request.Http, $"{Json}, {Merge}, {strategic}{ApplyYaml}").Thrown();
        }
        if (type == ApplyYaml && request.Query("fieldManager").Length == 0)
        {
            throw Option("fieldManager", "FieldValueRequired", "Required value: is required for apply patch").Thrown();
        }
        if (type != ApplyYaml && request.Query("force").Length > 0)
        {
            throw Option("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch").Thrown();
        }
        var body = await RequestBody.ReadAsync(request.Http) ?? throw ApiStatus.BadRequest("a patch has a body").Thrown();
        if (type == Json ? body is not JsonArray : body is not JsonObject)
        {
            throw ApiStatus.BadRequest($"the body of a patch of type {type} must be {(type == Json ? "a list of operations" : "an object")}").Thrown();
        }
        var patch = new Patch(type, body);
        if (patch.IsApply)
        {
            patch.RequireApplicable(request);
        }
        return patch;
    }

    /// <param name="current">Its own copy; empty when the object is to be created.</param>
    /// <exception cref="StatusException">Invalid or BadRequest, when it cannot be done; Conflict of an apply with other writers.</exception>
    public JsonObject Apply(ApiRequest request, JsonObject current, string now)
    {
        switch (MediaType)
        {
            case Json:
                return JsonPatch.Apply(current, (JsonArray)Body);
            case Merge:
                JsonMergePatch.Apply(current, (JsonObject)Body);
                return current;
            case Strategic:
                StrategicMergePatch.Apply(request.Resource.Schema, current, (JsonObject)Body);
                return current;
            default:
                return ApplyConfiguration(request, current, now);
        }
    }

    private JsonObject ApplyConfiguration(ApiRequest request, JsonObject current, string now)
    {
        var applied = JsonTree.Copy((JsonObject)Body);
        var writer = new Writer(request.Manager, Writer.Apply, request.Resource.ApiVersion, request.Path.Subresource);
        if (request.Path.Subresource.Length == 0 && request.Resource.HasStatus)
        {
            applied.Remove("status");
        }
        if (ResourceVersion.Length > 0 && current.Count > 0 && ResourceVersion != current.ResourceVersion())
        {
            throw ApiStatus.Modified(request.Resource.Resource, request.Path.Name).Thrown();
        }
        return FieldOwnership.Apply(request.Resource.Schema, current, applied, writer, request.Flag("force"), now);
    }

    private void RequireApplicable(ApiRequest request)
    {
        var value = (JsonObject)Body;
        foreach (var field in new[] { "apiVersion", "kind" })
        {
            if (value.Text(field).Length == 0)
            {
                throw ApiStatus.BadRequest($"invalid object type: {field} is missing in the applied configuration").Thrown();
            }
        }
        if (value.Field("metadata", "managedFields") is JsonArray { Count: > 0 })
        {
            throw ApiStatus.BadRequest("metadata.managedFields must be nil").Thrown();
        }
        Admission.Decode(request, value);
        Admission.Place(request, value);
        if (Pruning.Prune(request.Resource.Schema, JsonTree.Copy(value)) is [var unknown, ..])
        {
            var what = $"{value.Namespace()}/{value.Name()}; {request.Resource.ApiVersion}, Kind={request.Resource.Kind}";
            throw ApiStatus.BadRequest($"failed to create typed patch object ({what}): .{unknown}: field not declared in schema").Thrown();
        }
    }

    private static ApiStatus Option(string field, string reason, string message) =>
        ApiStatus.Invalid("meta.k8s.io", "PatchOptions", "", [new(reason, message, field)]);
}
