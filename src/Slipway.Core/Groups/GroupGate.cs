using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Groups.MemberStanding;

namespace Slipway.Groups;

/// <summary>What a barrier says to an attempt that has come to it.</summary>
/// <param name="Attempt">The attempt as it is to be stored: others see by it how far it is.</param>
/// <param name="Wait">Why it waits; null: it goes on.</param>
public sealed record GroupTurn(Attempt Attempt, HeldStatus? Wait);

/// <summary>
/// How the members of a group move together. There is no coordinator: each decides by what the others' statuses say, and what it decides
/// stands in its own. Barriers are passed in this order: all are ready; each switches after those it depends on; all are settled.
/// </summary>
public static class GroupGate
{
    /// <summary>The part in a run that an attempt which starts now takes; null: it goes alone. Who starts at the same time draws the same number.</summary>
    public static GroupProgress? Join(DeliverySnapshot now)
    {
        if (now.Terms.Group is null)
        {
            return null;
        }

        var active = now.Group.Select(member => member.Standing).OfType<Moving>().Select(moving => (long?)moving.Run).Max();
        var ended = now.Group.Select(member => member.Last?.Run).Append(now.Status.Group?.Run).Max() ?? 0;
        return new GroupProgress(active ?? (ended + 1), BeginsBySwitching(now) ? GroupPhase.Switched : GroupPhase.Underway, now.Now);
    }

    /// <summary>The gate before a start. For a rolling update, which has nothing before its switch, the first barrier is here.</summary>
    public static HeldStatus? Start(DeliverySnapshot now, CandidateStatus candidate)
    {
        if (now.Terms.Group is not { } group)
        {
            return null;
        }

        if (now.Group.FirstOrDefault(member => Spoils(member, candidate)) is { } failed)
        {
            var why = failed.Standing is Failing failing ? failing.Message : failed.Last?.Message;
            return new(Reasons.GroupFailed, $"{candidate.Tag} waits: {failed.Name} of group {group.Name} failed ({why}), and they move together; a newer version of either, or 'slipway retry {failed.Name}', goes on");
        }

        // Who was counted when the others began to switch is one of them. Others would come too late to be waited for.
        var begun = now.Group.FirstOrDefault(member => member.Standing is Moving { Phase: GroupPhase.Switched or GroupPhase.Settled });
        if (begun is not null && now.Status.Held?.Reason != Reasons.AwaitingGroup)
        {
            return new(Reasons.GroupBusy, $"{candidate.Tag} waits: group {group.Name} is switching already ({begun.Name}); it comes next");
        }

        // Said first, and done in a later pass: whoever decides to switch meanwhile either sees it, or is seen to have switched.
        if (now.Status.Held?.Reason is not (Reasons.JoiningGroup or Reasons.AwaitingGroup))
        {
            return new(Reasons.JoiningGroup, $"{candidate.Tag} goes with group {group.Name}");
        }

        return BeginsBySwitching(now) && Unready(now) is { } wait ? new(Reasons.AwaitingGroup, $"{candidate.Tag} waits for group {group.Name}: {wait}") : null;
    }

    /// <summary>The barrier before the promotion: all are ready, and those before this one are settled.</summary>
    public static GroupTurn Switch(DeliverySnapshot now, Attempt attempt) => attempt.Group is not { Phase: < GroupPhase.Switched }
        ? new(attempt, null)
        : Turn(now, attempt, Unready(now), GroupPhase.Ready, GroupPhase.Switched);

    /// <summary>The barrier before the attempt is recorded as passed: all are settled.</summary>
    public static GroupTurn Pass(DeliverySnapshot now, Attempt attempt)
    {
        if (attempt.Group is null)
        {
            return new(attempt, null);
        }

        // Nothing is promised to the others before they can see it: the phase is stored first, and counts from the next pass on.
        var waiting = attempt.Group.Phase < GroupPhase.Settled ? "this one is settled now" : Unsettled(now);
        return Turn(now, attempt, waiting, GroupPhase.Settled, GroupPhase.Settled);
    }

    /// <summary>The attempt as it is when it is being promoted, with all barriers behind it or by a person's word.</summary>
    public static Attempt Switched(DeliverySnapshot now, Attempt attempt) => attempt.Group is { Phase: < GroupPhase.Switched } group
        ? attempt with { Group = group with { Phase = GroupPhase.Switched, Since = now.Now } }
        : attempt;

    /// <summary>Why the attempt must go back: another member of its run failed, or the others were not ready in time. Null: it need not.</summary>
    public static GroupFailure? MustGoBack(DeliverySnapshot now, Attempt attempt)
    {
        if (attempt.Group is not { } mine || now.Terms.Group is not { } group)
        {
            return null;
        }

        foreach (var member in now.Group)
        {
            var message = member.Standing is Failing failing && failing.Run == mine.Run ? failing.Message : member.Last is { Message: { } last } && member.Last.Run == mine.Run ? last : null;
            if (message is not null)
            {
                return new($"{member.Name} of group {group.Name} failed: {message}");
            }
        }

        // Whoever is settled has promised to stay: the others cannot take it back by being late.
        return mine.Phase == GroupPhase.Ready && mine.Since + group.Wait <= now.Now && Unready(now) is { } missing
            ? new($"group {group.Name} was not ready within {DurationText.Write(group.Wait)}: {missing}")
            : null;
    }

    /// <summary>What is remembered of the run when the attempt ends; null: nothing new.</summary>
    public static GroupOutcome? Outcome(DeliverySnapshot now, Attempt attempt, string outcome, string? message) => attempt.Group is not { } group || outcome is Outcomes.Superseded or Outcomes.Exposed
        ? null
        : new GroupOutcome(group.Run, now.Now, outcome == Outcomes.Succeeded ? null : message ?? outcome);

    private static bool BeginsBySwitching(DeliverySnapshot now) => now.Terms.Plan is not { Steps.Count: > 0 };

    private static GroupTurn Turn(DeliverySnapshot now, Attempt attempt, string? waiting, GroupPhase here, GroupPhase beyond)
    {
        var group = attempt.Group!;
        if (waiting is null)
        {
            return new(group.Phase == beyond ? attempt : attempt with { Group = group with { Phase = beyond, Since = now.Now } }, null);
        }

        var stored = group.Phase == here ? attempt : attempt with { Group = group with { Phase = here, Since = now.Now } };
        var until = here == GroupPhase.Ready ? stored.Group!.Since + now.Terms.Group?.Wait : null;
        return new(stored, new(Reasons.AwaitingGroup, $"{attempt.Tag} waits for group {now.Terms.Group?.Name}: {waiting}", until));
    }

    /// <summary>A member that failed while this candidate was there to go with it, and has nothing newer: it is not left behind.</summary>
    private static bool Spoils(GroupMember member, CandidateStatus candidate) =>
        member.Standing is Failing || (member is { IsStuck: true, Last: { Message: not null } last, Standing: Away } && candidate.FirstSeen < last.At);

    // Who stands in the way of a switch; null: nobody.
    private static string? Unready(DeliverySnapshot now)
    {
        var before = Dependencies.Before(now);
        foreach (var member in now.Group)
        {
            switch (member.Standing)
            {
                case Failing:
                    return $"{member.Name} is going back";
                case Coming or Moving { Phase: GroupPhase.Underway }:
                    return $"{member.Name} is not ready yet";
                case AtTheDoor or Moving { Phase: not GroupPhase.Settled } when before.Contains(member.Name):
                    return $"{member.Name} switches first";
            }
        }

        return null;
    }

    private static string? Unsettled(DeliverySnapshot now)
    {
        var late = now.Group.FirstOrDefault(member => member.Standing is AtTheDoor or Moving { Phase: not GroupPhase.Settled });
        return late is null ? null : $"{late.Name} is not through yet";
    }
}

/// <summary>Why a member goes back though nothing is wrong with it. Its digest is not rejected: when the other one gets well, it goes with it.</summary>
public sealed record GroupFailure(string Message);
