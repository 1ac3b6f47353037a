using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using Slipway.Controller.Access;

namespace Slipway.Controller.Api;

/// <summary>Where a route's right is reviewed.</summary>
internal enum Reach
{
    /// <summary>Whoever asks: the ways in, before anybody is known.</summary>
    Open,

    /// <summary>Whoever the cluster knows.</summary>
    Anybody,

    /// <summary>On the very object that the path names.</summary>
    Object,

    /// <summary>In the namespace that the path names.</summary>
    Namespace,

    /// <summary>In all namespaces, else in each one, or in the one that the query names: the answer holds what the caller may see.</summary>
    Lists,

    /// <summary>The kind has no namespace.</summary>
    Cluster,
}

/// <summary>A parameter of the query.</summary>
internal sealed record QueryParameter(string Name, string Type, string Means);

/// <summary>One line of the table that is mapped, described (OpenAPI), and gone through by the test of who may what.</summary>
/// <param name="Right">What a caller needs; null: only to be known.</param>
/// <param name="Answers">What a good answer holds; null: no JSON.</param>
internal sealed record ApiRoute(string Method, string Path, string Summary, Reach Reach, Right? Right, Func<ApiCall, Task<ApiAnswer>> Handle, JsonTypeInfo? Answers = null)
{
    /// <summary>A way in, which asks for itself who comes.</summary>
    public ApiRoute(string method, string path, string summary, Func<ApiContext, HttpContext, Task<ApiAnswer>> enter, JsonTypeInfo? answers = null)
        : this(method, path, summary, Reach.Open, null, _ => throw new UnreachableException(), answers) => Enter = enter;

    /// <summary>Answers in the place of <see cref="Handle"/> where the reach is open; else null.</summary>
    public Func<ApiContext, HttpContext, Task<ApiAnswer>>? Enter { get; }

    public ImmutableArray<QueryParameter> Query { get; init; } = [];

    /// <summary>What a body holds; null: it has none.</summary>
    public JsonTypeInfo? Takes { get; init; }

    /// <summary>Whether a body comes from a form of a page without script.</summary>
    public bool IsForm { get; init; }

    /// <summary>Of a good answer.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    public string ContentType { get; init; } = "application/json";
}
