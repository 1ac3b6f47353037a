using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Views;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Actions;

/// <summary>Who asks, from where, when.</summary>
/// <param name="From">One word, such as <c>api/10.0.0.1</c>.</param>
public sealed record Asker(string By, string From, DateTimeOffset Now);

/// <summary>What comes of a request: what is to be written, or why the controller would certainly refuse it.</summary>
public abstract record ActionPlan
{
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
    }

    /// <param name="Field">Of the request that is wrong; null: it does not fit what the Delivery does now.</param>
    public sealed record Refuse(string Reason, string Why, string WayOut, string? Field = null) : ActionPlan;

    /// <param name="history">Of the Delivery, in any order.</param>
    public static ActionPlan Of(ActionKind kind, ActionRequest request, Delivery delivery, ImmutableArray<ReleaseRecord> history, Asker asker)
    {
        if (Wrong(kind, request) is { } wrong)
        {
            return wrong;
        }

        if (kind == ActionKind.Suspend)
        {
            return new Write(kind, null, true, "suspended");
        }

        if (kind == ActionKind.Approve || kind == ActionKind.Reject)
        {
            return Decide(kind, request, delivery, asker);
        }

        if (kind == ActionKind.Retry)
        {
            return Retry(request, delivery, asker);
        }

        if (kind == ActionKind.Rollback)
        {
            return Refusal(delivery, history, request.To) is { } refusal ? refusal : Written(kind, request, asker, request.To is { } to ? $"asked to go back to release {to}" : "asked to go back");
        }

        return Written(kind, request, asker, kind.Name switch
        {
            "promote" when request.All == true => "asked to leave out every step",
            "promote" => "asked to end the present step",
            "abort" => "asked to go back",
            "resume" => "asked to go on",
            _ => "asked to look at the registry",
        }) with { Suspend = kind == ActionKind.Resume ? false : null };
    }

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

        return request switch
        {
            { Digest: { } digest } when !Digest.IsValid(digest) => new("InvalidDigest", $"{UntrustedText.Quote(digest)} is no digest", "write sha256: and its 64 hexadecimal digits, or leave it out", "digest"),
            { To: < 1 } => new("InvalidNumber", $"there is no release {request.To}", "Releases are numbered from 1", "to"),
            _ => null,
        };
    }

    private static ActionPlan Decide(ActionKind kind, ActionRequest request, Delivery delivery, Asker asker) =>
        (request.Digest ?? PeoplesDecision.Asked(delivery.Status)?.Digest) is not { } digest
            ? new Refuse("NothingToDecide", $"Delivery {Name(delivery)} has no version that could be decided about", "GET its /why tells what it does")
            : Written(kind, request, asker, $"{(kind == ActionKind.Approve ? "yes" : "no")} to {Words.ShortDigest(digest)}", digest);

    private static ActionPlan Retry(ActionRequest request, Delivery delivery, Asker asker)
    {
        var digest = request.Digest ?? delivery.Status?.Candidate?.Digest;
        return digest is not null && delivery.Status?.Rejected?.FirstOrDefault(rejection => rejection.Digest == digest) is { } rejected
            ? Written(ActionKind.Retry, request, asker, $"asked to try {Words.Named(rejected.Tag, digest)} again", digest)
            : new Refuse("NothingRejected", $"Delivery {Name(delivery)} has not rejected {(digest is null ? "any version" : Words.ShortDigest(digest))}", "GET its /why tells what it waits for");
    }

    private static Refuse? Refusal(Delivery delivery, ImmutableArray<ReleaseRecord> history, long? number)
    {
        var status = delivery.Status ?? new();
        if (delivery.Spec?.Suspend == true)
        {
            return new("Suspended", $"Delivery {Name(delivery)} is suspended, so nothing moves", "resume it first, then roll back");
        }

        // While something is under way it is the planner that knows what there is to go back to.
        if (status.Rollout is not (Idle or Held or null))
        {
            return null;
        }

        var current = status.Rollout is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled } ? null : status.Current?.Digest;
        var (target, refusal) = number is { } wanted ? RollbackTarget.Numbered(history, current, wanted) : RollbackTarget.Last(history, current);
        return target is null ? new("NothingToRollBackTo", $"Delivery {Name(delivery)} cannot go back: {refusal}", "GET its /releases lists what succeeded") : null;
    }

    private static string Name(Delivery delivery) => $"{delivery.Metadata.Namespace}/{delivery.Metadata.Name}";
}
