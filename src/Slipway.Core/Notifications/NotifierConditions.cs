using Slipway.Api;
using Slipway.Conditions;
using Slipway.Workloads;

namespace Slipway.Notifications;

/// <summary>What a Notifier's status says of it.</summary>
public static class NotifierConditions
{
    /// <param name="invalid">What cannot be read in its spec.</param>
    /// <param name="trouble">Why the last try did not succeed.</param>
    /// <param name="waiting">Messages that are still to be told.</param>
    public static NotifierStatus Describe(NotifierStatus status, long generation, SpecProblem? invalid, string? trouble, int waiting, DateTimeOffset now)
    {
        var (ready, reason, message) = invalid is not null ? ("False", Reasons.InvalidSpec, $"{invalid}")
            : trouble is not null ? ("False", Reasons.NotDelivered, $"{trouble}{(waiting == 0 ? "" : $"; messages that wait: {waiting}")}")
            : ("True", Reasons.Listening, "what is asked for is told");
        var before = (status.Conditions ?? []).FirstOrDefault(condition => condition.Type == "Ready");
        var since = before?.Status == ready ? before.LastTransitionTime : now;
        return status with { ObservedGeneration = generation, Conditions = [new Condition("Ready", ready, reason, BoundedText.Of(message), since, generation)] };
    }
}
