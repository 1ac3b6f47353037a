using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Rollouts;

namespace Slipway.Gates;

/// <summary>What people say yes and no to. A yes is for one digest: what comes under the same tag later needs its own.</summary>
public static class Approvals
{
    // By the time it is forgotten, many newer versions were approved.
    private const int Limit = 20;

    /// <summary>The last yes to the digest that counts still; null: there is none.</summary>
    public static Approval? Of(DeliverySnapshot now, string digest) => Last(now, digest) is { } approval && !(Ends(now, approval) <= now.Now) ? approval : null;

    /// <summary>The yes to the digest that was said at <paramref name="since"/> or later: what a step asks for that began then.</summary>
    public static Approval? Since(DeliverySnapshot now, string digest, DateTimeOffset since) => Last(now, digest) is { } approval && approval.At >= since ? approval : null;

    /// <summary>Whether the candidate still needs a person's yes.</summary>
    public static HeldStatus? Gate(DeliverySnapshot now, CandidateStatus candidate)
    {
        if (now.Terms.Approval is not { } terms || Of(now, candidate.Digest) is not null)
        {
            return null;
        }

        var before = Last(now, candidate.Digest) is { } expired
            ? string.Create(CultureInfo.InvariantCulture, $" again (the one of {expired.By ?? "a person"} at {expired.At:u} counted for {DurationText.Write(terms.Lasts!.Value)})")
            : "";
        return new(Reasons.AwaitingApproval, $"{candidate.Tag} waits for a person's yes{before}: '{Command(now, "approve", candidate.Digest)}'");
    }

    /// <summary>What is to be typed.</summary>
    public static string Command(DeliverySnapshot now, string verb, string digest) => $"slipway {verb} {now.Name} -n {now.Namespace} --digest {digest}";

    /// <summary>Notes a person's yes. Without a digest it is for what they were asked about: the version that is being shown, or the candidate.</summary>
    internal static Move Approve(DeliverySnapshot now, RequestWords words)
    {
        if ((words.Digest ?? Asked(now)) is not { } digest)
        {
            return Move.Stay(now) with { Refusal = "approve: there is no version that could be approved" };
        }

        var approval = new Approval(digest, words.By, words.From, now.Now);
        var move = AttemptOf(now.State)?.Digest == digest && now.State is RolloutState.Stepping at
            ? Move.Stay(now) with { Status = now.Status with { Rollout = at with { Attempt = at.Attempt.Noted(now, Journal.Approved, $"yes to step {at.Step + 1}", words.Who) } } }
            : Move.Stay(now);
        return move with
        {
            Status = move.Status with { Approvals = [.. (now.Status.Approvals ?? []).Where(known => known.Digest != digest).TakeLast(Limit - 1), approval] },
        };
    }

    /// <summary>An attempt that a person's yes has let begin says whose it was.</summary>
    internal static Attempt Recorded(DeliverySnapshot now, Attempt attempt) => now.Terms.Approval is not null && Of(now, attempt.Digest) is { } approval
        ? attempt.Noted(now, Journal.Approved, "yes to its beginning", new RequestWords(null, null, approval.By) { From = approval.From }.Who)
        : attempt;

    /// <summary>Notes a person's no: the digest is rejected, as one that failed. Null where it is under way: then it is to be ended.</summary>
    internal static Move? Reject(DeliverySnapshot now, RequestWords words)
    {
        var digest = words.Digest ?? Asked(now);
        if (digest is null || digest == now.Status.Current?.Digest)
        {
            return Move.Stay(now) with { Refusal = digest is null ? "reject: there is no version that could be rejected" : $"reject: {digest} is what passed last; 'slipway rollback {now.Name}' goes back" };
        }

        if (AttemptOf(now.State)?.Digest == digest)
        {
            return null;
        }

        var tag = (now.Status.Resting ?? []).Prepend(now.Status.Candidate).FirstOrDefault(known => known?.Digest == digest)?.Tag;
        var decided = now.State is RolloutState.Held { Reason: Reasons.ExposureEnded } held && held.Candidate == digest;
        var move = (decided ? Move.To(now, new RolloutState.Idle()) : Move.Stay(now)).Rejecting(now, tag, digest, 0, Reasons.RejectedByPerson, $"{words.Who} said no");
        return move with { Status = move.Status with { Approvals = Without(move.Status.Approvals, digest) } };
    }

    private static string? Asked(DeliverySnapshot now) => AttemptOf(now.State)?.Digest ?? now.Status.Candidate?.Digest;

    // A version that no request can reach any more is decided about already.
    private static Attempt? AttemptOf(RolloutState state) => state is RolloutState.Stepping stepping ? stepping.Attempt : null;

    private static Approval? Last(DeliverySnapshot now, string digest) => now.Status.Approvals?.LastOrDefault(approval => approval.Digest == digest);

    private static DateTimeOffset? Ends(DeliverySnapshot now, Approval approval) => approval.At + now.Terms.Approval?.Lasts;

    private static IReadOnlyList<Approval>? Without(IReadOnlyList<Approval>? approvals, string digest) =>
        approvals?.Any(approval => approval.Digest == digest) == true ? [.. approvals.Where(approval => approval.Digest != digest)] : approvals;
}
