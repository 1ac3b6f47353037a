using System.Text.Json.Serialization;

namespace Slipway.Views;

/// <summary>What a person asks of a Delivery. Which fields an action takes is in docs/spec/api.md; one that it does not take is refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ActionRequest
{
    /// <summary>approve, reject, retry: which version; default: the one that is asked about.</summary>
    public string? Digest { get; init; }

    /// <summary>rollback: number of the Release to go back to; default: the last good one.</summary>
    public long? To { get; init; }

    /// <summary>promote: every step that is left.</summary>
    public bool? All { get; init; }

    /// <summary>Why, in a person's words: it stands in the controller's log.</summary>
    public string? Reason { get; init; }
}

/// <summary>That the request was written; the controller acts on it, and <c>status.handled</c> says when it has.</summary>
/// <param name="Asked">In a few words, for the one who asked.</param>
/// <param name="By">As whom the cluster knows them.</param>
public sealed record ActionAnswer(string Namespace, string Name, string Action, string Asked, string By)
{
    /// <summary>What was written into the annotation; null where the spec alone says it.</summary>
    public string? Request { get; init; }
}

/// <summary>Why a request was refused (RFC 9457, Problem Details for HTTP APIs).</summary>
/// <param name="Type">Names the kind of problem: <c>urn:slipway:problem:Reason</c>.</param>
/// <param name="Title">The same for every problem of the kind.</param>
/// <param name="Detail">What is wrong with this request.</param>
/// <param name="Reason">CamelCase, for machines.</param>
/// <param name="WayOut">What to do about it.</param>
public sealed record ProblemView(string Type, string Title, int Status, string Detail, string Reason, string WayOut)
{
    /// <summary>To sign in, where that is what is missing: as in <see cref="SessionView"/>.</summary>
    public IReadOnlyList<string>? Ways { get; init; }
}
