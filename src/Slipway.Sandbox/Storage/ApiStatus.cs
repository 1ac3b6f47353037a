using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>One reason among several, and the field it is about.</summary>
public sealed record StatusCause(string Reason, string Message, string Field);

/// <summary>
/// A failure as the API tells it: the <c>Status</c> object of meta/v1 (Kubernetes API conventions, "Response Status Kind").
/// </summary>
public sealed record ApiStatus(int Code, string Reason, string Message)
{
    /// <summary>The object that the request was about; empty when it was about none.</summary>
    public string Name { get; init; } = "";

    public string Group { get; init; } = "";

    /// <summary>The plural of the resource, or the kind for errors of validation.</summary>
    public string Kind { get; init; } = "";

    public string Uid { get; init; } = "";

    public int RetryAfterSeconds { get; init; }

    public ImmutableArray<StatusCause> Causes { get; init; } = [];

    /// <summary>A token to go on with a list from where it was, on data that is newer than its first pages.</summary>
    public string Continue { get; init; } = "";

    public static ApiStatus NotFound(GroupResource resource, string name) =>
        About(resource, name, new(404, "NotFound", $"{resource} \"{name}\" not found"));

    public static ApiStatus AlreadyExists(GroupResource resource, string name) =>
        About(resource, name, new(409, "AlreadyExists", $"{resource} \"{name}\" already exists"));

    public static ApiStatus Conflict(GroupResource resource, string name, string why) =>
        About(resource, name, new(409, "Conflict", $"Operation cannot be fulfilled on {resource} \"{name}\": {why}"));

    public static ApiStatus Modified(GroupResource resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiStatus Forbidden(GroupResource resource, string name, string why) =>
        About(resource, name, new(403, "Forbidden", name.Length == 0 ? $"{resource} is forbidden: {why}" : $"{resource} \"{name}\" is forbidden: {why}"));

    public static ApiStatus BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatus MethodNotAllowed(string verb) =>
        new(405, "MethodNotAllowed", $"{verb} is not supported on resources of this kind");

    public static ApiStatus Expired(string message) => new(410, "Expired", message);

    public static ApiStatus TooLarge(string message) => new(413, "RequestEntityTooLarge", message);

    public static ApiStatus Invalid(string group, string kind, string name, ImmutableArray<StatusCause> causes)
    {
        var sentences = causes.Select(cause => cause.Field.Length == 0 ? cause.Message : $"{cause.Field}: {cause.Message}").ToArray();
        var all = sentences.Length == 1 ? sentences[0] : $"[{string.Join(", ", sentences)}]";
        var subject = group.Length == 0 ? kind : $"{kind}.{group}";
        return new(422, "Invalid", $"{subject} \"{name}\" is invalid: {all}") { Group = group, Kind = kind, Name = name, Causes = causes };
    }

    public static ApiStatus Invalid(ResourceDefinition resource, string name, params ImmutableArray<StatusCause> causes) =>
        Invalid(resource.Group, resource.Kind, name, causes);

    public StatusException Thrown() => new(this);

    public JsonObject ToJson()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue.Length == 0 ? new JsonObject() : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (Details() is { Count: > 0 } details)
        {
            status["details"] = details;
        }
        status["code"] = Code;
        return status;
    }

    private static ApiStatus About(GroupResource resource, string name, ApiStatus status) =>
        status with { Name = name, Group = resource.Group, Kind = resource.Plural };

    private JsonObject Details()
    {
        var details = new JsonObject();
        AddText(details, "name", Name);
        AddText(details, "group", Group);
        AddText(details, "kind", Kind);
        AddText(details, "uid", Uid);
        if (!Causes.IsEmpty)
        {
            details["causes"] = new JsonArray([.. Causes.Select(CauseJson)]);
        }
        if (RetryAfterSeconds > 0)
        {
            details["retryAfterSeconds"] = RetryAfterSeconds;
        }
        return details;
    }

    private static JsonObject CauseJson(StatusCause cause)
    {
        var json = new JsonObject();
        AddText(json, "reason", cause.Reason);
        AddText(json, "message", cause.Message);
        AddText(json, "field", cause.Field);
        return json;
    }

    private static void AddText(JsonObject target, string field, string text)
    {
        if (text.Length > 0)
        {
            target[field] = text;
        }
    }
}

/// <summary>A write or read that was refused, with what the client is to be told.</summary>
public sealed class StatusException(ApiStatus status) : Exception(status.Message)
{
    public ApiStatus Status { get; } = status;
}
