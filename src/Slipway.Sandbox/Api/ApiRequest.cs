using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>A request for objects, after its path, its user and its resource are known.</summary>
internal sealed record ApiRequest(HttpContext Http, ResourcePath Path, ResourceDefinition Resource, Identity User)
{
    private const int MaxManagerLength = 128;

    public CancellationToken Aborted => Http.RequestAborted;

    public ObjectKey Key => Resource.Key(Path.Namespace, Path.Name);

    /// <summary>The namespace whose objects are asked for; null for all.</summary>
    public string? Scope => Resource.Namespaced ? Path.Namespace : null;

    public bool IsDryRun => Query("dryRun") switch
    {
        "" => false,
        "All" => true,
        var other => throw Invalid("dryRun", "FieldValueNotSupported", $"Unsupported value: \"{other}\": supported values: \"All\"").Thrown(),
    };

    /// <summary>Who is written down as the one who wrote: what the client says, else the first word of its user agent.</summary>
    public string Manager
    {
        get
        {
            if (Query("fieldManager") is { Length: > 0 } named)
            {
                return named.Length <= MaxManagerLength ? named
                    : throw Invalid("fieldManager", "FieldValueTooLong", $"Too long: may not be more than {MaxManagerLength} bytes").Thrown();
            }
            var agent = Http.Request.Headers.UserAgent.ToString().Split('/')[0];
            return agent.Length > 0 ? agent[..Math.Min(agent.Length, MaxManagerLength)] : "unknown";
        }
    }

    public Writer Updater => new(Manager, Writer.Update, Resource.ApiVersion, Path.Subresource);

    public string Query(string name) => Http.Request.Query[name].ToString();

    public bool Flag(string name) => Query(name) is "true" or "1" or "True";

    /// <exception cref="StatusException">BadRequest, when the value is not a number.</exception>
    public long? Number(string name)
    {
        var text = Query(name);
        if (text.Length == 0)
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiStatus.BadRequest($"the query parameter {name} must be a whole number: \"{text}\"").Thrown();
    }

    public static ApiStatus Invalid(string field, string reason, string message) =>
        ApiStatus.Invalid("meta.k8s.io", "Options", "", [new(reason, message, field)]);
}
