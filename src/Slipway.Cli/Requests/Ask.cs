using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Cli.Requests;

/// <summary>What a person asks for: annotations, and perhaps a field of the spec, in one patch, so that they come true together.</summary>
/// <param name="Annotation">Null when the spec alone says it.</param>
/// <param name="Suspend">What spec.suspend becomes; null leaves it.</param>
internal sealed record Ask(string? Annotation, string? Value, bool? Suspend = null)
{
    /// <summary>Whether an attempt must come of it: without one, it was refused.</summary>
    public bool MustMove => Annotation is ApiNames.RollbackAnnotation or ApiNames.PromoteAnnotation or ApiNames.AbortAnnotation;

    /// <summary>Whether it is done when the controller has noted it.</summary>
    public bool IsNote => Annotation == ApiNames.RejectAnnotation || Suspend == true;

    public JsonObject Patch()
    {
        var patch = new JsonObject();
        if (Annotation is not null)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotation] = Value } };
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
        && (Annotation is null || Handled(status.Handled) == Value);

    private string? Handled(HandledRequests? handled) => Annotation switch
    {
        ApiNames.CheckAnnotation => handled?.Check,
        ApiNames.RetryAnnotation => handled?.Retry,
        ApiNames.RollbackAnnotation => handled?.Rollback,
        ApiNames.ResumeAnnotation => handled?.Resume,
        ApiNames.PromoteAnnotation => handled?.Promote,
        ApiNames.AbortAnnotation => handled?.Abort,
        ApiNames.ApproveAnnotation => handled?.Approve,
        ApiNames.RejectAnnotation => handled?.Reject,
        _ => null,
    };
}
