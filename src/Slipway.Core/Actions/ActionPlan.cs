using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Explanations;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Views;

namespace Slipway.Actions;

/// <summary>Who asks, from where, when.</summary>
/// <param name="By">Null: nothing tells.</param>
/// <param name="From">One word, such as <c>api/10.0.0.1</c>.</param>
public sealed record Asker(string? By, string From, DateTimeOffset Now);

/// <summary>What comes of a request: what is to be written, or why the controller would certainly refuse it.</summary>
public abstract record ActionPlan
{
    // sha256: and eight letters.
    private const int ShortestDigest = 15;

    private ActionPlan() { }

    /// <param name="Value">Of the annotation; null where there is none.</param>
    /// <param name="Told">In a few words, for the one who asked.</param>
    public sealed record Write(ActionKind Kind, string? Value, bool? Suspend, string Told) : ActionPlan
    {
        /// <summary>A JSON merge patch of the Delivery: all of it comes true together.</summary>
        public JsonObject Patch()
        {
            var patch = new JsonObject();
            if (Kind.Annotation is { } annotation)
            {
                patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = Value } };
            }

            if (Suspend is { } suspend)
            {
                patch["spec"] = new JsonObject { ["suspend"] = suspend };
            }

            return patch;
        }

        /// <summary>Whether the controller has acted on it, by its own word.</summary>
        public bool IsHandled(Delivery delivery) =>
            delivery.Status is { } status
            && status.ObservedGeneration >= delivery.Metadata.Generation
            && (Kind.Annotation is null || Kind.Handled(status.Handled) == Value);
    }

    /// <param name="Field">Of the request that is wrong; null: it does not fit what the Delivery does now.</param>
    public sealed record Refuse(string Reason, string Why, string WayOut, string? Field = null) : ActionPlan;

    /// <param name="history">Of the Delivery, in any order; only a rollback looks at it.</param>
    public static ActionPlan Of(ActionKind kind, ActionRequest request, Delivery delivery, ImmutableArray<ReleaseRecord> history, Asker asker) =>
        Wrong(kind, request) is { } wrong ? wrong : kind.Name switch
        {
            "suspend" => new Write(kind, null, true, "suspended"),
            "approve" or "reject" => Decide(kind, request, delivery, asker),
            "retry" => Retry(request, delivery, asker),
            "rollback" => Foreseen(kind, request, asker, RollbackForesight.Of(delivery, history, request.To)),
            "promote" => Foreseen(kind, request, asker, StepForesight.OfPromote(delivery, request.All == true)),
            "abort" => Foreseen(kind, request, asker, StepForesight.OfAbort(delivery)),

            // One write: between two, the controller might start what the second one is about.
            "resume" => Written(kind, request, asker, "asked to go on") with { Suspend = false },
            _ => Written(kind, request, asker, "asked to look at the registry"),
        };

    internal static string Name(Delivery delivery) => $"{delivery.Metadata.Namespace}/{delivery.Metadata.Name}";

    private static ActionPlan Foreseen(ActionKind kind, ActionRequest request, Asker asker, (string? Told, Refuse? Refusal) foresight) =>
        foresight.Refusal as ActionPlan ?? Written(kind, request, asker, foresight.Told!);

    private static Write Written(ActionKind kind, ActionRequest request, Asker asker, string told, string? digest = null) =>
        new(kind, RequestText.Write(asker.Now, asker.By, request.To, digest, request.All == true, asker.From, request.Reason), null, told);

    // A field that the action does not take was meant to say something: to leave it out would do something else.
    private static Refuse? Wrong(ActionKind kind, ActionRequest request)
    {
        (string Name, bool IsGiven)[] fields = [("digest", request.Digest is not null), ("to", request.To is not null), ("all", request.All is not null)];
        if (fields.FirstOrDefault(one => one.IsGiven && !kind.Fields.Contains(one.Name)).Name is { } field)
        {
            return new("UnknownField", $"{kind} takes no {field}", kind.Fields.IsEmpty ? "leave it out; only a reason may be given" : $"leave it out; it takes {string.Join(", ", kind.Fields)} and a reason", field);
        }

        return request.To < 1 ? new("InvalidNumber", $"there is no release {request.To}", "Releases are numbered from 1", "to") : null;
    }

    private static ActionPlan Decide(ActionKind kind, ActionRequest request, Delivery delivery, Asker asker)
    {
        var asked = PeoplesDecision.Asked(delivery.Status)?.Digest;
        return IsUnclear(request, [asked], out var meant) ? Unclear(meant!)
            : (meant ?? asked) is { } digest ? Written(kind, request, asker, $"{(kind == ActionKind.Approve ? "yes" : "no")} to {Words.ShortDigest(digest)}", digest)
            : new Refuse("NothingToDecide", $"Delivery {Name(delivery)} has no version that could be decided about", $"'slipway why {delivery.Metadata.Name}' tells what it does");
    }

    private static ActionPlan Retry(ActionRequest request, Delivery delivery, Asker asker)
    {
        var rejected = delivery.Status?.Rejected ?? [];
        if (IsUnclear(request, [.. rejected.Select(rejection => rejection.Digest)], out var meant))
        {
            return Unclear(meant!);
        }

        var digest = meant ?? delivery.Status?.Candidate?.Digest;
        return digest is not null && rejected.FirstOrDefault(rejection => rejection.Digest == digest) is { } known
            ? Written(ActionKind.Retry, request, asker, $"asked to try {Words.Named(known.Tag, digest)} again", digest)
            : new Refuse("NothingRejected", $"Delivery {Name(delivery)} has not rejected {(digest is null ? "any version" : Words.ShortDigest(digest))}", $"'slipway why {delivery.Metadata.Name}' tells what it waits for");
    }

    // People are shown the beginning of a digest, so that is enough to name one that the Delivery knows.
    private static bool IsUnclear(ActionRequest request, ImmutableArray<string?> known, out string? digest)
    {
        var named = request.Digest;
        digest = named is { Length: >= ShortestDigest } && known.FirstOrDefault(one => one?.StartsWith(named, StringComparison.Ordinal) == true) is { } whole ? whole : named;
        return digest is not null && !Digest.IsValid(digest);
    }

    private static Refuse Unclear(string digest) => new(
        "InvalidDigest", $"{UntrustedText.Quote(digest)} is neither a whole digest nor the beginning of the one that is asked about", "write sha256: and its 64 hexadecimal digits, or leave it out", "digest");
}
