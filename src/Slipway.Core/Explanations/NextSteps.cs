using System.Collections.Frozen;
using Slipway.Conditions;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Explanations;

/// <summary>What a person can do now. docs/conditions.md says the same at length.</summary>
public static class NextSteps
{
    /// <summary>By reason of a hold or of a condition; {0} is the Delivery's name.</summary>
    public static readonly FrozenDictionary<string, string> Advice = new Dictionary<string, string>
    {
        [Reasons.InvalidSpec] = "edit the field: kubectl edit delivery {0}",
        [TargetProblems.TargetNotFound] = "create the workload, or name the right one in spec.targets",
        [TargetProblems.TargetClaimed] = "let one Delivery move a container: take it out of spec.targets of one of the two",
        [Reasons.Adopting] = "wait for the workload to become healthy, or see what ails its pods: kubectl get pods",
        [Reasons.NoMatch] = "push a tag that fits, or change spec.source; try out with 'slipway policy test'",
        [Reasons.Suspended] = "'slipway resume {0}' lets it go on",
        [Reasons.Frozen] = "wait until the freeze ends; 'slipway freeze list' shows it, 'slipway unfreeze NAME' ends it",
        [Reasons.OutsideWindow] = "wait until its window opens; or change spec.windows",
        [Reasons.AwaitingApproval] = "'slipway approve {0}' says yes, 'slipway reject {0}' says no",
        [Reasons.Inconclusive] = "see why it cannot be measured; 'slipway promote {0}' goes on without it, 'slipway abort {0}' goes back",
        [Reasons.DrainBlocked] = "see what the message complains of; where no pod of the workload is available, mend it: 'kubectl rollout undo', or set an image that runs",
        [Reasons.ExposureEnded] = "'slipway promote {0}' ships it, 'slipway reject {0}' does not",
        [Reasons.AwaitingDelivery] = "wait until the other Delivery runs it well; 'slipway why' tells how it does",
        [Reasons.CircularAfter] = "take one of the Deliveries out of spec.after",
        [Reasons.TooManyRollouts] = "wait: the oldest candidate comes next; concurrency in the controller's configuration sets the limit",
        [Reasons.AwaitingGroup] = "wait for the others of the group; 'slipway get' shows how they do",
        [Reasons.GroupBusy] = "wait: it comes with the group's next run",
        [Reasons.GroupFailed] = "push a newer version of the member that failed, or 'slipway retry' it",
        [Reasons.Rejected] = "push a newer version; 'slipway retry {0}' tries the same one again",
        [Reasons.Downgrade] = "push a version that is newer than what runs; 'slipway rollback {0}' goes back on purpose",
        [Reasons.PlatformMismatch] = "build the image for the platforms of the nodes, or keep its pods off such nodes",
        [Reasons.CheckUnusable] = "correct the ClusterCheck that the message names, or spec.checks",
        [Reasons.SignaturePending] = "wait: the signatures are being looked for",
        [Reasons.SignatureMissing] = "sign the image: cosign sign --key; 'slipway check {0}' looks again at once",
        [Reasons.SignatureInvalid] = "sign the image with one of the keys that are accepted, or add the key that it was signed with",
        [Reasons.SignatureForOtherDigest] = "sign this very digest, and see how the signature of another one came there",
        [Reasons.SignatureForOtherRepository] = "sign the image under its name here; for a copied image, name its origin in spec.source.verify.signedIdentity",
        [Reasons.SignatureForOtherTag] = "sign the image under the tag that is followed, or without a tag",
        [Reasons.SignatureUnreadable] = "sign the image again",
        [Reasons.AttestationMissing] = "attest the image: cosign attest --key; 'slipway check {0}' looks again at once",
        [Reasons.KeyUnusable] = "put the public key in PEM where it is said to be; 'slipway check {0}' looks again at once",
        [Reasons.VerificationUnavailable] = "wait: it is tried again; if that lasts, put right what the message complains of",
        [Reasons.TooYoung] = "wait; or lower spec.source.minimumAge",
        [Reasons.Drifted] = "'slipway resume {0}' takes over again; a newer version does so by itself",
        [Reasons.Contested] = "take the image out of what the other tool applies, then 'slipway resume {0}'",
        [Reasons.ManualRollback] = "'slipway resume {0}' follows the source again",
        [Reasons.RollbackDisabled] = "push a fixed version; 'slipway rollback {0}' goes back, 'slipway retry {0}' tries again",
        [Reasons.NothingToRollBackTo] = "push a fixed version; 'slipway retry {0}' tries the same one again",
    }.ToFrozenDictionary();

    private const string SeeController = "see whether the controller runs: kubectl get pods -A -l app.kubernetes.io/name=slipway";

    public static Paragraph Steps(Facts facts) => new("Next", [.. Sentences(facts)]);

    private static IEnumerable<string> Sentences(Facts facts)
    {
        if (facts.Delivery.Status is null || facts.Status.ObservedGeneration == 0)
        {
            return [$"nobody has looked at this Delivery yet; {SeeController}"];
        }

        if (facts.Status.ObservedGeneration < facts.Delivery.Metadata.Generation)
        {
            return [$"the spec was edited, and nobody has read it yet; if that lasts, {SeeController}"];
        }

        string?[] reasons = [facts.Stalled?.Reason, facts.Status.Held?.Reason, .. Unready(facts)];
        var advice = reasons.OfType<string>().Distinct().Select(reason => Advice.GetValueOrDefault(reason)).OfType<string>().Distinct().ToArray();
        if (advice.Length > 0)
        {
            return advice.Select(text => text.Replace("{0}", facts.Name, StringComparison.Ordinal));
        }

        return facts.Condition(DeliveryConditions.SourceReady) is { Status: "False" }
            ? [$"put right what the registry complains of; 'slipway check {facts.Name}' looks again at once"]
            : [Calm(facts)];
    }

    private static IEnumerable<string?> Unready(Facts facts) =>
        [facts.Condition(DeliveryConditions.Ready) is { Status: "False" } ready ? ready.Reason : null, facts.Condition(DeliveryConditions.SourceReady)?.Reason];

    private static string Calm(Facts facts) => facts.Status.Rollout switch
    {
        Advancing at => $"wait; 'slipway rollback {facts.Name}' ends it{(at.Attempt.Previous is null ? " as soon as there is something to go back to" : "")}",
        Stepping => $"wait; 'slipway promote {facts.Name}' ends the step, 'slipway abort {facts.Name}' goes back",
        Reverting or Recording or Correcting or Draining => "wait: this ends by itself",
        _ when facts.Status.Candidate is { } candidate && candidate.Digest != facts.Status.Current?.Digest => $"wait: {candidate.Tag} is about to start",
        _ => "nothing: push a new version, and it ships",
    };
}
