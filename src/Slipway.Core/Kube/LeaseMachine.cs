using System.Diagnostics;

namespace Slipway.Kube;

/// <summary>
/// Who we are in the election, and how patient. All times are measured by the machine's own monotonic clock.
///
/// Two leaders at once are impossible as long as no clock runs <c>Duration / RenewDeadline</c> times as fast as another: the leader stops
/// <paramref name="RenewDeadline"/> after it sent the last renewal that succeeded, and nobody else starts before he has seen that renewal
/// unchanged for <paramref name="Duration"/>.
/// </summary>
/// <param name="Identity">Unique for each process, also across restarts of one pod: two processes of one name would both be the holder.</param>
/// <param name="Duration">How long a lease that is not renewed stays its holder's.</param>
/// <param name="RenewDeadline">How long a leader acts without a renewal that succeeded.</param>
/// <param name="RenewEvery">Pause between renewals, and between looks of those who wait.</param>
/// <param name="RetryEvery">Pause after a failure.</param>
public sealed record LeaseTerms(string Identity, TimeSpan Duration, TimeSpan RenewDeadline, TimeSpan RenewEvery, TimeSpan RetryEvery)
{
    /// <summary>As client-go's default durations, and half as many writes: three attempts fit before the deadline.</summary>
    public static LeaseTerms Default(string identity) =>
        new(identity, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
}

/// <summary>
/// What a Lease (<c>coordination.k8s.io/v1</c>) says. The instants in it were written by other machines' clocks: they are compared with
/// nothing, a change of them is a sign of life.
/// </summary>
/// <param name="Holder">Empty when it was given back.</param>
/// <param name="Duration">As its holder wrote it: he may be of another version than we.</param>
/// <param name="RenewTime">As written, not parsed.</param>
/// <param name="AcquireTime">As written, not parsed.</param>
public sealed record LeaseRecord(string ResourceVersion, string Holder, TimeSpan Duration, string? AcquireTime, string? RenewTime, long Transitions)
{
    /// <summary>Whether the holder did something between the two; another's label on the Lease is not a sign of life.</summary>
    public bool SameTermAs(LeaseRecord? other) =>
        other is not null && (Holder, Duration, AcquireTime, RenewTime, Transitions) == (other.Holder, other.Duration, other.AcquireTime, other.RenewTime, other.Transitions);
}

/// <summary>Where an elector stands. README.md has the drawing.</summary>
public abstract record LeaseState
{
    private LeaseState() { }

    /// <summary>When the next request may be sent, unless something is due earlier.</summary>
    public TimeSpan NextAt { get; init; }

    /// <summary>Nothing is known of the Lease.</summary>
    public sealed record Unread : LeaseState;

    /// <summary>Another holds it, or nobody does.</summary>
    /// <param name="Record">Null when there is no Lease.</param>
    /// <param name="Since">When this term was first seen here.</param>
    /// <param name="Stale">A request failed or a write was refused: it must be read before it is written.</param>
    public sealed record Following(LeaseRecord? Record, TimeSpan Since, bool Stale = false) : LeaseState;

    /// <summary>We hold it.</summary>
    /// <param name="RenewedAt">When the last renewal that succeeded was sent: nobody can have seen it earlier.</param>
    /// <param name="Stale">A write was refused or its answer was lost: it must be read before it is written.</param>
    public sealed record Leading(LeaseRecord Record, TimeSpan RenewedAt, bool Stale = false) : LeaseState;

    /// <summary>We no longer want it.</summary>
    public sealed record Released : LeaseState;
}

/// <summary>What the state asks for.</summary>
public abstract record LeaseAction
{
    private LeaseAction() { }

    public sealed record Sleep(TimeSpan Until) : LeaseAction;

    public sealed record Read : LeaseAction;

    /// <summary>There is no Lease: make one that is ours.</summary>
    public sealed record Create : LeaseAction;

    /// <summary>Make this one ours, if it is still at its version.</summary>
    public sealed record TakeOver(LeaseRecord From) : LeaseAction;

    public sealed record Renew(LeaseRecord Held) : LeaseAction;
}

/// <summary>How a request ended. A write's answer comes with the instant at which the write was sent.</summary>
public abstract record LeaseSignal
{
    private LeaseSignal() { }

    /// <param name="Record">Null when there is no Lease.</param>
    public sealed record Found(LeaseRecord? Record) : LeaseSignal;

    public sealed record Written(LeaseRecord Record, TimeSpan SentAt) : LeaseSignal;

    /// <summary>Another write came first.</summary>
    public sealed record Refused : LeaseSignal;

    /// <summary>No answer, or one that says nothing: the write may have happened.</summary>
    public sealed record Failed : LeaseSignal;

    /// <summary>Time went by.</summary>
    public sealed record Tick : LeaseSignal;

    /// <summary>Somebody says that the Lease is free. It is not believed, only looked at.</summary>
    public sealed record Rumour : LeaseSignal;

    /// <summary>We stop. Whether the Lease was given back in good order is a kindness to the others, not a condition.</summary>
    public sealed record Stopped : LeaseSignal;
}

/// <summary>Leader election by a Lease, as a function of values.</summary>
public static class LeaseMachine
{
    /// <summary>Until when, by our own clock, nobody else can lead; null when we do not.</summary>
    public static TimeSpan? LeaderUntil(LeaseState state, LeaseTerms terms) => state is LeaseState.Leading leading ? leading.RenewedAt + terms.RenewDeadline : null;

    /// <summary>To be asked after <see cref="Next"/> has seen the same instant, so that a term that is over has ended.</summary>
    public static LeaseAction Act(LeaseState state, LeaseTerms terms, TimeSpan now) => state switch
    {
        LeaseState.Released => new LeaseAction.Sleep(TimeSpan.MaxValue),

        // Taken as soon as it is free, not at the next look.
        LeaseState.Following { Stale: false, Record: { } record } follow when now >= FreeAt(follow, record, terms) => new LeaseAction.TakeOver(record),
        LeaseState.Following { Stale: false, Record: { } record } follow when now < follow.NextAt => new LeaseAction.Sleep(Earlier(follow.NextAt, FreeAt(follow, record, terms))),
        LeaseState.Leading leading when now < leading.NextAt => new LeaseAction.Sleep(Earlier(leading.NextAt, leading.RenewedAt + terms.RenewDeadline)),
        _ when now < state.NextAt => new LeaseAction.Sleep(state.NextAt),

        LeaseState.Following { Stale: false, Record: null } => new LeaseAction.Create(),
        LeaseState.Leading { Stale: false } leading => new LeaseAction.Renew(leading.Record),
        _ => new LeaseAction.Read(),
    };

    /// <param name="jitter">From [0, 1): lengthens the pauses of those who wait by up to a fifth, so that they do not all come at once.</param>
    public static LeaseState Next(LeaseState state, LeaseSignal signal, LeaseTerms terms, TimeSpan now, double jitter) =>
        Expire(Step(state, signal, terms, now, jitter), terms, now);

    private static LeaseState Step(LeaseState state, LeaseSignal signal, LeaseTerms terms, TimeSpan now, double jitter) => (state, signal) switch
    {
        (_, LeaseSignal.Stopped) or (LeaseState.Released, _) => new LeaseState.Released(),
        (_, LeaseSignal.Tick) => state,
        (LeaseState.Following follow, LeaseSignal.Rumour) => follow with { NextAt = now },
        (_, LeaseSignal.Rumour) => state,

        (LeaseState.Unread, LeaseSignal.Found found) => Follow(found.Record, since: now, terms, now, jitter),
        (LeaseState.Following follow, LeaseSignal.Found found) => Follow(found.Record, found.Record?.SameTermAs(follow.Record) == true ? follow.Since : now, terms, now, jitter),

        // Ours still, at a version that another's edit or a write of ours with a lost answer made. It proves nothing about when we wrote
        // last, so the deadline stays.
        (LeaseState.Leading leading, LeaseSignal.Found { Record: { } record }) when record.Holder == terms.Identity => leading with { Record = record, Stale = false, NextAt = now },
        (LeaseState.Leading, LeaseSignal.Found found) => Follow(found.Record, since: now, terms, now, jitter),

        (LeaseState.Following or LeaseState.Leading, LeaseSignal.Written written) => new LeaseState.Leading(written.Record, written.SentAt) { NextAt = now + terms.RenewEvery },

        (LeaseState.Following follow, LeaseSignal.Refused) => follow with { Stale = true, NextAt = now + (terms.RetryEvery * jitter) },
        (LeaseState.Leading leading, LeaseSignal.Refused) => leading with { Stale = true, NextAt = now },

        (LeaseState.Following follow, LeaseSignal.Failed) => follow with { Stale = true, NextAt = now + Stretch(terms.RetryEvery, jitter) },
        (LeaseState.Leading leading, LeaseSignal.Failed) => leading with { Stale = true, NextAt = now + terms.RetryEvery },
        (LeaseState.Unread, LeaseSignal.Failed) => new LeaseState.Unread { NextAt = now + Stretch(terms.RetryEvery, jitter) },

        _ => throw new UnreachableException($"{signal} in {state}"),
    };

    // The Lease may still bear our name: then it is read, and taken again by a write that only succeeds if nobody else wrote.
    private static LeaseState Expire(LeaseState state, LeaseTerms terms, TimeSpan now) =>
        state is LeaseState.Leading leading && now >= leading.RenewedAt + terms.RenewDeadline
            ? new LeaseState.Following(leading.Record, now, Stale: true) { NextAt = now }
            : state;

    private static LeaseState.Following Follow(LeaseRecord? record, TimeSpan since, LeaseTerms terms, TimeSpan now, double jitter) =>
        new(record, since) { NextAt = record is null ? now : now + Stretch(terms.RenewEvery, jitter) };

    // A holder of another version may hold for longer than we would; one that wrote a shorter time, or none, loses nothing by our patience.
    private static TimeSpan FreeAt(LeaseState.Following follow, LeaseRecord record, LeaseTerms terms) => record.Holder switch
    {
        "" => TimeSpan.Zero,
        _ when record.Holder == terms.Identity => TimeSpan.Zero,
        _ => follow.Since + (record.Duration > terms.Duration ? record.Duration : terms.Duration),
    };

    private static TimeSpan Stretch(TimeSpan pause, double jitter) => pause * (1 + (jitter / 5));

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
