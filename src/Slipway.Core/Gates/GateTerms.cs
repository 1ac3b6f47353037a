using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;

namespace Slipway.Gates;

/// <summary>Each version needs a person's yes.</summary>
/// <param name="Lasts">How long a yes counts; null: for ever.</param>
public sealed record ApprovalTerms(TimeSpan? Lasts);

/// <summary>Another Delivery that must run the same image first.</summary>
/// <param name="Namespace">Null: that of the Delivery itself.</param>
public sealed record AfterTerms(string? Namespace, string Name, TimeSpan HealthyFor);

/// <summary>What is told of another Delivery: nothing but how it does with its image.</summary>
/// <param name="Digest">What it runs; null: nothing is known to be good there yet, or it does not exist.</param>
/// <param name="Since">Since when it runs that well, without a break; null: it does not.</param>
/// <param name="Trouble">Why it does not, in a clause; null: it does.</param>
public sealed record OtherDelivery(string Key, string? Digest, DateTimeOffset? Since, string? Trouble = null)
{
    /// <summary>The way by which it waits for this very Delivery; null: it does not.</summary>
    public string? Circle { get; init; }

    /// <summary>
    /// As a Delivery shows it. Ready is False through every rollout, stored before anything is written, so that True since an instant means:
    /// this image, since then, without a break.
    /// </summary>
    public static OtherDelivery Of(string key, Delivery delivery)
    {
        var status = delivery.Status;
        var ready = status?.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.Ready);
        var well = ready?.Status == "True" && status!.Rollout is null or RolloutState.Idle or RolloutState.Held;
        return new OtherDelivery(key, status?.Current?.Digest, well ? ready!.LastTransitionTime : null, well ? null : $"it is not ready there ({ready?.Reason ?? "nobody has looked yet"})");
    }
}

/// <summary>What the configuration's limits leave to this Delivery.</summary>
/// <param name="Full">Which limit is reached and who runs, in a clause; null: there is room.</param>
public sealed record RolloutRoom(string? Full);
