using Slipway.Kube;
using static Slipway.Kube.LeaseAction;
using static Slipway.Kube.LeaseSignal;
using static Slipway.Kube.LeaseState;

namespace Slipway.Tests.Leadership;

public sealed class LeaseMachineTests
{
    private static readonly LeaseTerms Terms = LeaseTerms.Default("me");
    private static readonly LeaseRecord Theirs = new("7", "other", S(15), "t0", "t1", 3);
    private static readonly LeaseRecord Mine = new("8", "me", S(15), "t2", "t2", 4);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static LeaseState Next(LeaseState state, LeaseSignal signal, double now, double jitter = 0) => LeaseMachine.Next(state, signal, Terms, S(now), jitter);

    private static LeaseAction Act(LeaseState state, double now) => LeaseMachine.Act(Next(state, new Tick(), now), Terms, S(now));

    private static Following Follow(LeaseRecord? record, double since, double nextAt, bool stale = false) => new(record, S(since), stale) { NextAt = S(nextAt) };

    private static Leading Lead(double renewedAt, double nextAt, bool stale = false) => new(Mine, S(renewedAt), stale) { NextAt = S(nextAt) };

    public static TheoryData<string, LeaseState, double, LeaseAction> Actions() => new()
    {
        { "first it looks", new Unread(), 0, new Read() },
        { "after a failed look it waits", new Unread { NextAt = S(5) }, 4, new Sleep(S(5)) },
        { "where there is no Lease it makes one", Follow(null, 0, 0), 0, new Create() },
        { "where there is none but something failed it looks again", Follow(null, 0, 3, stale: true), 3, new Read() },
        { "another's Lease is looked at now and then", Follow(Theirs, 0, 3), 3, new Read() },
        { "and not in between", Follow(Theirs, 0, 3), 2, new Sleep(S(3)) },
        { "it wakes up when the Lease runs out, if that is earlier", Follow(Theirs, 0, 16), 14, new Sleep(S(15)) },
        { "a term that has not changed for its time is over", Follow(Theirs, 0, 16), 15, new TakeOver(Theirs) },
        { "but not a moment earlier", Follow(Theirs, 0, 14.99), 14.99, new Read() },
        { "a holder with a longer time is waited for as long", Follow(Theirs with { Duration = S(60) }, 0, 70), 59, new Sleep(S(60)) },
        { "a holder with a shorter time is not cut short", Follow(Theirs with { Duration = S(1) }, 0, 70), 14, new Sleep(S(15)) },
        { "a Lease that was given back is taken at once", Follow(Theirs with { Holder = "" }, 0, 3), 0, new TakeOver(Theirs with { Holder = "" }) },
        { "a Lease in our name is taken at once", Follow(Mine, 0, 3), 0, new TakeOver(Mine) },
        { "after a refusal nothing is taken before a look", Follow(Theirs, 0, 16, stale: true), 16, new Read() },
        { "the holder renews when it is time", Lead(0, 3), 3, new Renew(Mine) },
        { "and not earlier", Lead(0, 3), 2, new Sleep(S(3)) },
        { "it wakes up at its deadline, if that is earlier", Lead(0, 11), 9, new Sleep(S(10)) },
        { "after a refusal it looks first", Lead(0, 3, stale: true), 3, new Read() },
        { "past its deadline it is a follower that looks first", Lead(0, 3), 10, new Read() },
        { "at the end it does nothing", new Released(), 100, new Sleep(TimeSpan.MaxValue) },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void Each_state_asks_for_one_thing(string rule, LeaseState state, double now, LeaseAction expected)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(expected, Act(state, now));
    }

    public static TheoryData<string, LeaseState, LeaseSignal, double, LeaseState> Steps() => new()
    {
        { "the first look starts the watch over a term", new Unread(), new Found(Theirs), 5, Follow(Theirs, 5, 8) },
        { "a look that finds nothing makes a Lease at once", new Unread(), new Found(null), 5, Follow(null, 5, 5) },
        { "a failed look is repeated", new Unread(), new Failed(), 5, new Unread { NextAt = S(6) } },
        { "an unchanged term keeps its age", Follow(Theirs, 5, 8), new Found(Theirs), 8, Follow(Theirs, 5, 11) },
        { "a label on the Lease is no sign of life", Follow(Theirs, 5, 8), new Found(Theirs with { ResourceVersion = "9" }), 8, Follow(Theirs with { ResourceVersion = "9" }, 5, 11) },
        { "a renewal is", Follow(Theirs, 5, 8), new Found(Theirs with { RenewTime = "t9" }), 8, Follow(Theirs with { RenewTime = "t9" }, 8, 11) },
        { "so is a renewal by a clock that goes back", Follow(Theirs, 5, 8), new Found(Theirs with { RenewTime = "s0" }), 8, Follow(Theirs with { RenewTime = "s0" }, 8, 11) },
        { "a Lease that vanished is made anew", Follow(Theirs, 5, 8), new Found(null), 8, Follow(null, 8, 8) },
        { "a write that succeeded makes the leader, from when it was sent", Follow(Theirs, 0, 16), new Written(Mine, S(15)), 17, Lead(15, 20) },
        { "a write whose answer came after the deadline does not", Follow(Theirs, 0, 16), new Written(Mine, S(15)), 25, Follow(Mine, 25, 25, stale: true) },
        { "a refused take-over looks again", Follow(Theirs, 0, 16), new Refused(), 15, Follow(Theirs, 0, 15, stale: true) },
        { "a failed one looks again later", Follow(Theirs, 0, 16), new Failed(), 15, Follow(Theirs, 0, 16, stale: true) },
        { "a renewal counts from when it was sent", Lead(0, 3), new Written(Mine, S(3)), 5, Lead(3, 8) },
        { "a refused renewal looks at once", Lead(0, 3), new Refused(), 4, Lead(0, 4, stale: true) },
        { "a failed one looks soon", Lead(0, 3), new Failed(), 4, Lead(0, 5, stale: true) },
        { "ours at another version is ours, and proves nothing", Lead(0, 3, stale: true), new Found(Mine with { ResourceVersion = "99" }), 4, new Leading(Mine with { ResourceVersion = "99" }, S(0)) { NextAt = S(4) } },
        { "another's name ends it at once", Lead(0, 3, stale: true), new Found(Theirs), 4, Follow(Theirs, 4, 7) },
        { "a Lease that was given back by someone else ends it at once", Lead(0, 3, stale: true), new Found(Mine with { Holder = "" }), 4, Follow(Mine with { Holder = "" }, 4, 7) },
        { "so does a Lease that vanished", Lead(0, 3, stale: true), new Found(null), 4, Follow(null, 4, 4) },
        { "so does the deadline, whatever comes", Lead(0, 3), new Failed(), 10, Follow(Mine, 10, 10, stale: true) },
        { "time alone changes nothing before", Lead(0, 3), new Tick(), 9.99, Lead(0, 3) },
        { "a stop ends all", Lead(0, 3), new Stopped(), 4, new Released() },
        { "and nothing comes after it", new Released(), new Found(null), 5, new Released() },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Each_signal_leads_to_one_state(string rule, LeaseState state, LeaseSignal signal, double now, LeaseState expected)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(expected, Next(state, signal, now));
    }

    [Fact]
    public void Those_who_wait_do_not_all_come_at_once()
    {
        Assert.Equal(S(3), Next(new Unread(), new Found(Theirs), 0, jitter: 0).NextAt);
        Assert.Equal(S(3.3), Next(new Unread(), new Found(Theirs), 0, jitter: 0.5).NextAt);
        Assert.Equal(S(15.5), Next(Follow(Theirs, 0, 16), new Refused(), 15, jitter: 0.5).NextAt);
    }

    [Fact]
    public void The_leader_stops_before_another_can_start()
    {
        Assert.Equal(S(10), LeaseMachine.LeaderUntil(Lead(0, 3), Terms));
        Assert.Null(LeaseMachine.LeaderUntil(Follow(Theirs, 0, 3), Terms));
        Assert.True(Terms.RenewDeadline < Terms.Duration);
        Assert.True(Terms.RenewEvery + Terms.RetryEvery + Terms.RetryEvery < Terms.RenewDeadline);
    }

    [Fact]
    public void A_rumour_that_the_Lease_is_free_is_looked_into_at_once() =>
        Assert.Equal(new Read(), Act(Next(Follow(Theirs, 0, 3), new Rumour(), 1), 1));

    [Fact]
    public void A_leader_does_not_listen_to_rumours() =>
        Assert.Equal(Lead(0, 3), Next(Lead(0, 3), new Rumour(), 1));
}
