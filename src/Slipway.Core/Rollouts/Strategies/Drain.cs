using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts.Strategies;

/// <summary>
/// How requests are taken from the side, and how it goes: no request any more, then time for those under way, then its pods. All ends of
/// a rollout come through here, the good ones too.
/// </summary>
public static class Drain
{
    // What nobody knows the plan of was closed in some way: the default is as good as any.
    private static readonly TrafficPlan Unknown = new();

    public static TrafficPlan TrafficOf(DeliverySnapshot now, Attempt? attempt) => (attempt?.Plan ?? now.Terms.Plan)?.Traffic ?? Unknown;

    /// <summary>The same move, but that what it leads to waits until the side is gone.</summary>
    /// <param name="gently">The version works: the stable side takes over as fast as it can bear.</param>
    public static Move Before(this Move move, DeliverySnapshot now, Attempt? attempt, Side? side, bool gently)
    {
        if (side is null || TrafficOf(now, attempt).Router == RouterKind.Partition)
        {
            return move;
        }

        var then = move.Status.Rollout ?? new Idle();
        var deadline = now.Now + now.Terms.ProgressDeadline;

        // A selector has nothing between all and nothing.
        var closing = gently && side.Weight > 0 && TrafficOf(now, attempt).Router != RouterKind.Selector ? side : side.Close();
        return move with
        {
            Status = move.Status with { Rollout = new Draining(attempt, closing, then, deadline) { Gently = closing.IsExposed } },
            Wake = deadline,
        };
    }

    /// <summary>Something runs beside the workload that no state knows of: a status was lost, or edited.</summary>
    public static Move Residue(DeliverySnapshot now) =>
        Move.Stay(now).Before(now, attempt: null, new Side(now.Side?.Stable ?? now.Targets.FirstOrDefault()?.Key.Name ?? now.Name, now.Side?.Replicas ?? 0, 0), gently: false);

    public static bool HasResidue(DeliverySnapshot now) => now.Side is not null || now.Traffic is { Touched: true };

    public static Move Step(DeliverySnapshot now, Draining at)
    {
        if (at.Removing)
        {
            return HasResidue(now) ? Move.Stay(now, Late(now, at)) : Move.To(now, Fresh(now, at.Then));
        }

        if (at.ClosedSince is not null && !IsClosed(now, at))
        {
            // Somebody has sent requests there again: the time that they need to end begins anew.
            return Move.To(now, at with { ClosedSince = null }, Late(now, at));
        }

        if (at.ClosedSince is { } since)
        {
            // A clock that went back must not keep it for longer than it has to (I30).
            var over = (since < now.Now ? since : now.Now) + TrafficOf(now, at.Attempt).Drain;
            return now.Now < over ? Move.To(now, since <= now.Now ? at : at with { ClosedSince = now.Now }, over) : Move.To(now, at with { Removing = true });
        }

        if (at.Gently && Bearable(now, at) is var weight && weight < at.Side.Weight)
        {
            var side = weight == 0 ? at.Side.Close() : at.Side with { Weight = weight, InEffectSince = null };
            return Move.To(now, at with { Side = side, Gently = side.IsExposed }, at.Deadline);
        }

        return !at.Side.IsExposed && IsClosed(now, at) ? Move.To(now, at with { ClosedSince = now.Now }, now.Now + TrafficOf(now, at.Attempt).Drain)
            // Whoever deletes the Delivery does not wait for ever for a router that says nothing (bounded, never blocks a namespace).
            : now.Leaving && now.Now >= at.Deadline ? Move.To(now, at with { Side = at.Side.Close(), Gently = false, Removing = true })
            : Move.Stay(now, Late(now, at));
    }

    // When it is to be said that it takes too long.
    private static DateTimeOffset? Late(DeliverySnapshot now, Draining at) => now.Now < at.Deadline ? at.Deadline : null;

    /// <summary>Why the side cannot be taken away yet, where that takes longer than it should; null otherwise.</summary>
    public static string? Blocked(DeliverySnapshot now, Draining at) => now.Now < at.Deadline || at is { ClosedSince: not null, Removing: false } ? null
        : at.Removing ? $"what ran beside {at.Side.Stable} is not gone since {at.Deadline:u}"
        : now.Targets is [{ Replicas: > 0, Available: 0 } stable, ..] && TrafficOf(now, at.Attempt).Router == RouterKind.Selector
            ? $"no pod of {stable.Key} is available to take the requests over, so what runs beside it goes on serving them; it ends when one is"
        : $"{now.Traffic?.Problem ?? "the router has not acknowledged that nothing more goes to the new version"}: "
            + "it is kept until then, because requests may still reach it";

    private static bool IsClosed(DeliverySnapshot now, Draining at) =>
        (TrafficOf(now, at.Attempt).Router != RouterKind.Pods || now.Side is null or { Open: 0, Serving: 0 })
        && now.Traffic is null or { Weight: 0, InEffect: true, Rules: null };

    // The share that the stable side cannot take over yet: an autoscaler that sees only its pods has made it smaller.
    private static int Bearable(DeliverySnapshot now, Draining at)
    {
        var (wanted, available) = (at.Side.Of, now.Targets.FirstOrDefault()?.Available ?? 0);

        // Whoever wrote less there meanwhile is not overruled: on the way out nothing is raised (I7).
        var most = Math.Min(at.Side.Weight, now.Traffic?.Weight ?? at.Side.Weight);
        return wanted == 0 || now.Now >= at.Deadline ? 0 : (int)Math.Clamp(100 - (100L * available / wanted), 0, most);
    }

    // What comes now had no time to run out meanwhile.
    private static RolloutState Fresh(DeliverySnapshot now, RolloutState then) => then switch
    {
        Reverting back => back with { Deadline = now.Now + now.Terms.ProgressDeadline },
        Stepping at => at with { Deadline = now.Now + now.Terms.ProgressDeadline },
        _ => then,
    };

    /// <summary>What is told while it goes on.</summary>
    public static string Describe(Draining at) => at switch
    {
        { Removing: true } => $"what ran beside {at.Side.Stable} is being removed",
        { ClosedSince: { } since } => $"nothing more goes to the new version since {since:u}; requests under way may end",
        { Gently: true } => $"requests are taken from the new version as fast as {at.Side.Stable} can bear, {at.Side.Weight} % are left",
        _ => "requests are taken from the new version",
    };
}
