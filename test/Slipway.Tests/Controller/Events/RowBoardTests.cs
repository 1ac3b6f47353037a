using Slipway.Api;
using Slipway.Controller.Events;
using Slipway.Kube;

namespace Slipway.Tests.Controller.Events;

public sealed class RowBoardTests
{
    private readonly RowBoard _board = new(mostTombstones: 2);

    [Fact]
    public void A_watcher_gets_what_comes_in_order()
    {
        var watcher = new Watcher(10);
        _board.Publish(Key("old"), Delivery("old"));
        Assert.True(_board.Add(watcher, null));
        _board.Publish(Key("a"), Delivery("a"));
        _board.Publish(Key("b"), null);

        Assert.Equal(["a:2", "b:3"], Taken(watcher));
    }

    [Fact]
    public void Of_one_Delivery_only_the_last_change_waits_and_numbers_rise()
    {
        var watcher = new Watcher(10);
        _board.Add(watcher, null);
        foreach (var name in new[] { "a", "b", "a", "c", "a" })
        {
            _board.Publish(Key(name), Delivery(name));
        }

        Assert.Equal(3, watcher.Pending);
        Assert.Equal(["b:2", "c:4", "a:5"], Taken(watcher));
    }

    [Fact]
    public void Who_was_away_gets_what_changed_since_once()
    {
        _board.Publish(Key("a"), Delivery("a"));
        var left = _board.Position;
        _board.Publish(Key("b"), Delivery("b"));
        _board.Publish(Key("b"), Delivery("b"));
        _board.Publish(Key("c"), null);
        var watcher = new Watcher(10);

        Assert.True(_board.Add(watcher, left));
        Assert.Equal(["b:3", "c:4"], Taken(watcher));
    }

    [Fact]
    public void Who_was_away_for_longer_than_deletions_are_remembered_begins_anew()
    {
        _board.Publish(Key("a"), Delivery("a"));
        var left = _board.Position;
        foreach (var name in new[] { "b", "c", "d" })
        {
            _board.Publish(Key(name), null);
        }

        Assert.False(_board.Add(new Watcher(10), left));
        Assert.True(_board.Add(new Watcher(10), _board.Position));
    }

    [Theory]
    [InlineData("another-1")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("a-b-c")]
    public void The_number_of_another_process_means_nothing_here(string id)
    {
        _board.Publish(Key("a"), Delivery("a"));
        Assert.False(_board.Add(new Watcher(10), id));
        Assert.False(_board.Add(new Watcher(10), _board.IdOf(99)));
    }

    [Fact]
    public void Who_has_too_much_waiting_is_cut_and_the_others_are_not()
    {
        var (slow, quick) = (new Watcher(3), new Watcher(100));
        _board.Add(slow, null);
        _board.Add(quick, null);
        for (var i = 0; i < 10; i++)
        {
            _board.Publish(Key($"d{i}"), Delivery($"d{i}"));
        }

        Assert.Equal((true, 0), (slow.IsCut, slow.Pending));
        Assert.Equal((false, 10), (quick.IsCut, quick.Pending));
    }

    [Fact]
    public void However_often_a_Delivery_changes_a_watcher_that_sleeps_holds_it_once()
    {
        var watcher = new Watcher(3);
        _board.Add(watcher, null);
        for (var i = 0; i < 10_000; i++)
        {
            _board.Publish(Key("a"), Delivery("a"));
        }

        Assert.Equal((false, 1), (watcher.IsCut, watcher.Pending));
    }

    [Fact]
    public async Task A_watcher_wakes_when_something_was_offered()
    {
        var watcher = new Watcher(3);
        _board.Add(watcher, null);
        var waiting = watcher.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        _board.Publish(Key("a"), Delivery("a"));
        await waiting;
        Assert.Single(watcher.Take(10));
    }

    [Fact]
    public void What_is_sent_is_made_once_for_all()
    {
        var (one, other) = (new Watcher(3), new Watcher(3));
        _board.Add(one, null);
        _board.Add(other, null);
        _board.Publish(Key("a"), Delivery("a"));

        Assert.Same(one.Take(1)[0].Payload, other.Take(1)[0].Payload);
    }

    [Fact]
    public void Seats_are_bounded_for_each_and_for_all()
    {
        var seats = new StreamSeats(new() { Most = 3, MostOfOne = 2 });
        Assert.Equal([true, true, false, true, false], "aaabc".Select(who => seats.Take($"{who}")));
        seats.Leave("a");
        Assert.True(seats.Take("c"));
    }

    private static string[] Taken(Watcher watcher) => [.. watcher.Take(100).Select(change => $"{change.Key.Name}:{change.Id}")];

    private static ObjectKey Key(string name) => new("prod", name);

    private static Delivery Delivery(string name) => new() { Metadata = new() { Name = name, Namespace = "prod" } };
}
