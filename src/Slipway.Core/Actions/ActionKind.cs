using System.Collections.Immutable;
using Slipway.Api;

namespace Slipway.Actions;

/// <summary>Something that a person can ask of a Delivery. Its name is also the virtual subresource of <c>deliveries</c> whose update is the right to it.</summary>
/// <param name="Annotation">That carries it; null: the spec alone says it.</param>
/// <param name="Fields">Those of an ActionRequest that it takes, beside the reason.</param>
public sealed record ActionKind(string Name, string? Annotation, string Does, params ImmutableArray<string> Fields)
{
    public static readonly ActionKind Approve = new("approve", ApiNames.ApproveAnnotation, "Say yes to a version that waits for it.", "digest");
    public static readonly ActionKind Reject = new("reject", ApiNames.RejectAnnotation, "Say no to a version.", "digest");
    public static readonly ActionKind Promote = new("promote", ApiNames.PromoteAnnotation, "Give the new version more: end the present step, or all of them.", "all");
    public static readonly ActionKind Abort = new("abort", ApiNames.AbortAnnotation, "End the rollout that is under way, and go back.");
    public static readonly ActionKind Rollback = new("rollback", ApiNames.RollbackAnnotation, "Go back to a version that was good, and stay there.", "to");
    public static readonly ActionKind Suspend = new("suspend", null, "Let nothing happen until somebody resumes it.");
    public static readonly ActionKind Resume = new("resume", ApiNames.ResumeAnnotation, "Go on: end a suspension or a hold, and follow the source again.");
    public static readonly ActionKind Retry = new("retry", ApiNames.RetryAnnotation, "Try the rejected candidate again.", "digest");
    public static readonly ActionKind Check = new("check", ApiNames.CheckAnnotation, "Look at the registry now.");

    public static ImmutableArray<ActionKind> All { get; } = [Approve, Reject, Promote, Abort, Rollback, Suspend, Resume, Retry, Check];

    public static ActionKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Whether an attempt must come of it: without one, it was refused.</summary>
    public bool MustMove => Annotation is ApiNames.RollbackAnnotation or ApiNames.PromoteAnnotation or ApiNames.AbortAnnotation;

    /// <summary>Whether it is done when the controller has noted it, whatever is under way.</summary>
    public bool IsNote => Annotation is ApiNames.RejectAnnotation or null;

    /// <summary>The value that the controller has acted on last.</summary>
    public string? Handled(HandledRequests? handled) => Annotation switch
    {
        ApiNames.ApproveAnnotation => handled?.Approve,
        ApiNames.RejectAnnotation => handled?.Reject,
        ApiNames.PromoteAnnotation => handled?.Promote,
        ApiNames.AbortAnnotation => handled?.Abort,
        ApiNames.RollbackAnnotation => handled?.Rollback,
        ApiNames.ResumeAnnotation => handled?.Resume,
        ApiNames.RetryAnnotation => handled?.Retry,
        ApiNames.CheckAnnotation => handled?.Check,
        _ => null,
    };

    public override string ToString() => Name;
}
