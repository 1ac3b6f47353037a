using System.Diagnostics;
using Slipway.Kube;
using static Slipway.Kube.WatchSignal;
using static Slipway.Kube.WatchState;

namespace Slipway.Tests.Kube;

public sealed class WatchMachineTests
{
    /// <summary>Every pair of state and signal that may occur, and where it leads.</summary>
    public static TheoryData<string, WatchState, WatchSignal, WatchState> Table() => new()
    {
        { "a page leads to the next", new Listing(), new Page("7", "c1"), new Listing("c1") },
        { "the next page leads to the one after", new Listing("c1", Failures: 2), new Page("7", "c2"), new Listing("c2", Failures: 2) },
        { "the last page leads to a watch", new Listing("c1"), new Page("7", null), new Watching("7") },
        { "an empty token is no token", new Listing(), new Page("7", ""), new Watching("7") },
        { "a list that works does not yet forgive", new Listing(Failures: 3), new Page("7", null), new Watching("7", 3) },
        { "an expired token leads to a list in one page", new Listing("c1"), new Gone(), new Listing(Whole: true) },
        { "a list that is gone is tried later", new Listing(), new Gone(), new BackingOff(new Listing(Failures: 1)) },
        { "a whole list that is gone is paged again, later", new Listing(Whole: true, Failures: 1), new Gone(), new BackingOff(new Listing(Failures: 2)) },
        { "a broken list goes on where it stood", new Listing("c1", Failures: 1), new Broken(), new BackingOff(new Listing("c1", Failures: 2)) },
        { "a broken whole list stays whole", new Listing(Whole: true), new Broken(), new BackingOff(new Listing(Whole: true, Failures: 1)) },
        { "an event moves the version and forgives", new Watching("7", 4), new Seen("9"), new Watching("9") },
        { "an end in time is not a failure", new Watching("7", 2), new Closed(Early: false), new Watching("7") },
        { "a watch that heard nothing in all its time asks for what was", new Watching("7", 2), new Closed(Early: false, Heard: false), new Listing(Failures: 2) },
        { "a version that goes back is another history", new Watching("17"), new Seen("9"), new Listing(Failures: 1) },
        { "a version without an order goes on", new Watching("17"), new Seen("x"), new Watching("x") },
        { "an early end is one", new Watching("7"), new Closed(Early: true), new BackingOff(new Watching("7", 1)) },
        { "an expired version leads to a list at once", new Watching("7"), new Gone(), new Listing(Failures: 1) },
        { "one that expires again leads to a list later", new Watching("8", 1), new Gone(), new BackingOff(new Listing(Failures: 2)) },
        { "a broken watch resumes where it stood", new Watching("7"), new Broken(), new BackingOff(new Watching("7", 1)) },
        { "one that hears nothing for long suspects its version", new Watching("7", 5), new Broken(), new BackingOff(new Listing(Failures: 6)) },
        { "the pause ends", new BackingOff(new Watching("7", 3)), new Waited(), new Watching("7", 3) },
        { "the pause ends in a list", new BackingOff(new Listing("c", Failures: 1)), new Waited(), new Listing("c", Failures: 1) },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_signal_leads_to_the_state_of_the_table(string rule, WatchState state, WatchSignal signal, WatchState expected)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(expected, WatchMachine.Next(state, signal));
    }

    [Fact]
    public void Signals_that_no_request_of_the_state_can_give_are_bugs()
    {
        WatchState[] states = [new Listing(), new Watching("7"), new BackingOff(new Listing())];
        WatchSignal[] signals = [new Page("7", null), new Seen("7"), new Closed(false), new Closed(true), new Gone(), new Broken(), new Waited()];
        var allowed = Table().Select(row => row.Data).Select(row => (row.Item2.GetType(), row.Item3.GetType())).ToHashSet();

        foreach (var state in states)
        {
            foreach (var signal in signals.Where(signal => !allowed.Contains((state.GetType(), signal.GetType()))))
            {
                Assert.Throws<UnreachableException>(() => WatchMachine.Next(state, signal));
            }
        }

        Assert.Equal(8, allowed.Count);
    }

    [Fact]
    public void A_watch_that_is_never_heard_is_listed_again_after_a_few_resumes()
    {
        WatchState state = new Watching("7");
        var lists = 0;
        for (var i = 0; i < 100; i++)
        {
            state = WatchMachine.Next(state, state switch { Listing => new Page("7", null), Watching => new Broken(), _ => new Waited() });
            lists += state is Listing ? 1 : 0;
        }

        Assert.InRange(lists, 10, 50);
    }

    [Fact]
    public void Failures_only_grow_until_the_watch_is_heard()
    {
        WatchState state = new Listing();
        var last = 0;
        foreach (var signal in new WatchSignal[] { new Broken(), new Waited(), new Page("7", "c"), new Gone(), new Page("8", null), new Broken(), new Waited(), new Gone(), new Waited(), new Page("9", null) })
        {
            state = WatchMachine.Next(state, signal);
            Assert.True(state.Failures >= last);
            last = state.Failures;
        }

        Assert.Equal(3, last);
        Assert.Equal(0, WatchMachine.Next(state, new Seen("10")).Failures);
    }

    [Fact]
    public void The_count_of_failures_does_not_overflow() =>
        Assert.Equal(int.MaxValue, WatchMachine.Next(new Listing(Failures: int.MaxValue), new Broken()).Failures);
}
