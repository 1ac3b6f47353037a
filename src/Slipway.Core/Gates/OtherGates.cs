using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Rollouts;

namespace Slipway.Gates;

/// <summary>Gates that hang on what other Deliveries do.</summary>
internal static class OtherGates
{
    /// <summary>Each Delivery of spec.after must run this very digest, and well, for as long as it says.</summary>
    public static HeldStatus? AfterOthers(DeliverySnapshot now, CandidateStatus candidate)
    {
        foreach (var (terms, other) in now.Terms.After.Zip(now.Others))
        {
            if (other.Circle is { } circle)
            {
                return new(Reasons.CircularAfter, $"{candidate.Tag} can never start: {circle}; take one of them out of spec.after");
            }

            if (Missing(now, candidate, terms, other) is var (clause, until))
            {
                return new(Reasons.AwaitingDelivery, $"{candidate.Tag} waits for {other.Key} (spec.after): {clause}", until);
            }
        }

        return null;
    }

    private static (string Clause, DateTimeOffset? Until)? Missing(DeliverySnapshot now, CandidateStatus candidate, AfterTerms terms, OtherDelivery other)
    {
        if (other.Digest is null)
        {
            return (other.Trouble ?? "no version is known to be good there yet", null);
        }

        if (other.Digest != candidate.Digest)
        {
            return ("another image runs there", null);
        }

        if (other.Since is not { } since)
        {
            return (other.Trouble ?? "it does not run well there", null);
        }

        var due = since + terms.HealthyFor;
        return due <= now.Now ? null
            : (string.Create(CultureInfo.InvariantCulture, $"it runs well there since {since:u}, and must for {DurationText.Write(terms.HealthyFor)}"), due);
    }

    /// <summary>As many rollouts are under way as the one who runs the controller allows.</summary>
    public static HeldStatus? NoRoom(DeliverySnapshot now, CandidateStatus candidate) =>
        now.Room?.Full is { } full ? new(Reasons.TooManyRollouts, $"{candidate.Tag} waits: {full}") : null;
}
