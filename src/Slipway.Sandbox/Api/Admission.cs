using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// What happens to an object between the wire and the store: it is checked to be what it says, unknown fields go, defaults come,
/// and it is validated.
/// </summary>
internal static class Admission
{
    // Enough to see what is wrong, and no more than a client takes in headers.
    private const int MaxWarnings = 10;

    /// <exception cref="StatusException">BadRequest, when it is not an object of the resource.</exception>
    public static JsonObject Decode(ApiRequest request, JsonNode? body)
    {
        var resource = request.Resource;
        var value = body as JsonObject ?? throw ApiStatus.BadRequest("the body of the request must be an object").Thrown();
        var (apiVersion, kind) = (value.Text("apiVersion"), value.Kind());
        if (!resource.BuiltIn && kind.Length == 0)
        {
            throw ApiStatus.BadRequest("Object 'Kind' is missing in the body of the request").Thrown();
        }
        if ((apiVersion.Length > 0 && apiVersion != resource.ApiVersion) || (!resource.BuiltIn && apiVersion.Length == 0))
        {
            throw ApiStatus.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({resource.ApiVersion})").Thrown();
        }
        if (kind.Length > 0 && kind != resource.Kind)
        {
            throw ApiStatus.BadRequest($"the kind in the data ({kind}) does not match the expected kind ({resource.Kind})").Thrown();
        }
        (value["apiVersion"], value["kind"]) = (resource.ApiVersion, resource.Kind);
        RequireShape(resource, value);
        return value;
    }

    /// <summary>Puts the object where the path says; a body that says another place is refused.</summary>
    public static void Place(ApiRequest request, JsonObject value)
    {
        var metadata = value.Ensure("metadata");
        if (request.Path.Namespace is { } ns && request.Resource.Namespaced)
        {
            if (value.Namespace().Length > 0 && value.Namespace() != ns)
            {
                throw ApiStatus.BadRequest("the namespace of the provided object does not match the namespace sent on the request").Thrown();
            }
            metadata["namespace"] = ns;
        }
        if (request.Path.Name.Length > 0 && value.Name().Length > 0 && value.Name() != request.Path.Name)
        {
            throw ApiStatus.BadRequest($"the name of the object ({value.Name()}) does not match the name on the URL ({request.Path.Name})").Thrown();
        }
        if (request.Path.Name.Length > 0)
        {
            metadata["name"] = request.Path.Name;
        }
    }

    /// <summary>Removes unknown fields, or refuses or warns of them, as the client wants it (fieldValidation).</summary>
    public static void Prune(ApiRequest request, JsonObject value)
    {
        var unknown = Pruning.Prune(request.Resource.Schema, value);
        if (unknown.Count == 0)
        {
            return;
        }
        var sentences = unknown.Select(field => $"unknown field \"{field}\"").ToArray();
        switch (request.Query("fieldValidation"))
        {
            case "Strict":
                var what = request.Resource;
                throw ApiStatus.BadRequest(
                    $"{what.Kind} in version \"{what.Version}\" cannot be handled as a {what.Kind}: strict decoding error: {string.Join(", ", sentences)}")
                    .Thrown();
            case "Ignore":
                break;
            default:
                foreach (var sentence in sentences.Take(MaxWarnings))
                {
                    Warn(request, sentence);
                }
                break;
        }
    }

    /// <summary>The form in which the object is stored, with defaults, validated.</summary>
    /// <param name="before">Null for an object that is new.</param>
    /// <exception cref="StatusException">Invalid.</exception>
    public static JsonObject Admit(ApiRequest request, JsonObject value, JsonObject? before)
    {
        var resource = request.Resource;
        var admitted = resource.Form is { } form ? form.ToStored(value) : value;
        KindDefaults.Fill(resource, admitted);
        var causes = KindValidation.Check(resource, admitted, before);
        if (before is not null && before.IsBeingDeleted())
        {
            causes = causes.AddRange(NewFinalizers(before, admitted));
        }
        if (!causes.IsEmpty)
        {
            var name = admitted.Name() is { Length: > 0 } given ? given : admitted.Text("metadata", "generateName");
            throw ApiStatus.Invalid(resource, name, causes).Thrown();
        }
        return admitted;
    }

    // A warn-text of RFC 9111 is a quoted string, and a header is ASCII here.
    private static void Warn(ApiRequest request, string sentence)
    {
        var quoted = sentence.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var text = string.Concat(quoted.Select(c => c is >= ' ' and <= '~' ? c : '?'));
        request.Http.Response.Headers.Append(HeaderNames.Warning, $"299 - \"{text}\"");
    }

    /// <exception cref="StatusException">BadRequest, with the field that is not of its type.</exception>
    public static void RequireShape(ResourceDefinition resource, JsonObject value)
    {
        // Fields of custom resources are told by their schema, with causes; their metadata is as that of all.
        var wrong = resource.BuiltIn
            ? Pruning.WrongShape(resource.Schema, value)
            : Pruning.WrongShape(BuiltInTypes.ObjectMeta, value["metadata"]);
        if (wrong is not null)
        {
            throw ApiStatus.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {wrong}").Thrown();
        }
    }

    private static ImmutableArray<StatusCause> NewFinalizers(JsonObject before, JsonObject after)
    {
        var added = after.Finalizers().Except(before.Finalizers()).ToArray();
        var names = string.Join(", ", added.Select(name => $"\"{name}\""));
        var faults = new Faults();
        if (added.Length > 0)
        {
            faults.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{names}}}");
        }
        return faults.Causes;
    }
}
