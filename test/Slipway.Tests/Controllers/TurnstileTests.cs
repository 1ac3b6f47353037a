using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Tests.SandboxWorld;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Controllers;

public sealed class TurnstileTests
{
    private readonly List<string> _called = [];

    private static ObjectKey Key(string name) => name.Split('/') is [var ns, var rest] ? new(ns, rest) : new("prod", name);

    private static Delivery Idle(int minute, string? group = null) => new()
    {
        Spec = new DeliverySpec { Group = group is null ? null : new GroupMembership { Name = group } },
        Status = new DeliveryStatus { Candidate = new(New.Tag, New.Digest, Noon.AddMinutes(minute), "") },
    };

    private static Delivery Running(int minute, string? group = null) => Idle(minute, group) is var idle ? idle with { Status = idle.Status! with { Rollout = new RolloutState.Advancing(Second, 0, Noon) } } : idle;

    private Turnstile Of(int? cluster, int? perNamespace = null, TimeProvider? time = null) =>
        new(new ConcurrencyLimits(cluster, perNamespace), time ?? TimeProvider.System) { Called = key => _called.Add(key.Name) };

    private static void Start(Turnstile turnstile, string name, int minute, string? group = null)
    {
        Assert.True(turnstile.TryEnter(Key(name), Idle(minute, group)));
        turnstile.Seen(Key(name), Running(minute, group));
        turnstile.Entered(Key(name));
    }

    [Fact]
    public void Without_limits_there_is_always_room_and_nothing_is_said()
    {
        var turnstile = Of(null);

        Assert.Null(turnstile.Room(Key("a"), Idle(0)));
        Assert.True(turnstile.TryEnter(Key("a"), Idle(0)));
    }

    [Fact]
    public void A_place_is_taken_before_the_start_is_stored()
    {
        var turnstile = Of(1);

        Assert.True(turnstile.TryEnter(Key("a"), Idle(0)));
        Assert.False(turnstile.TryEnter(Key("b"), Idle(0)));
        Assert.Equal("1 rollouts are under way or next in the cluster, and 1 may be (prod/a)", turnstile.Room(Key("b"), Idle(0))?.Full);
    }

    [Fact]
    public void One_that_could_not_be_stored_gives_its_place_back()
    {
        var turnstile = Of(1);
        turnstile.TryEnter(Key("a"), Idle(0));

        turnstile.Entered(Key("a"));

        Assert.True(turnstile.TryEnter(Key("b"), Idle(0)));
    }

    [Fact]
    public void One_that_runs_is_never_held_up_by_itself()
    {
        var turnstile = Of(1);
        Start(turnstile, "a", 0);

        Assert.Null(turnstile.Room(Key("a"), Running(0))?.Full);
    }

    [Fact]
    public void A_namespace_has_a_limit_of_its_own()
    {
        var turnstile = Of(null, 1);
        Start(turnstile, "a", 0);

        Assert.Equal("1 rollouts are under way or next in prod, and 1 may be (prod/a)", turnstile.Room(Key("b"), Idle(0))?.Full);
        Assert.Null(turnstile.Room(Key("staging/b"), Idle(0))?.Full);
    }

    [Fact]
    public void A_group_is_one_rollout()
    {
        var turnstile = Of(1);
        Start(turnstile, "a", 0, "train");

        Assert.Null(turnstile.Room(Key("b"), Idle(0, "train"))?.Full);
        Assert.NotNull(turnstile.Room(Key("c"), Idle(0))?.Full);
    }

    [Fact]
    public void A_place_that_comes_free_goes_to_the_oldest_candidate()
    {
        var turnstile = Of(1);
        Start(turnstile, "a", 0);
        turnstile.Waits(Key("young"), Idle(9), true);
        turnstile.Waits(Key("old"), Idle(5), true);

        turnstile.Seen(Key("a"), Idle(0));

        Assert.Equal(["old"], _called);
        Assert.False(turnstile.TryEnter(Key("young"), Idle(9)));
        Assert.EndsWith("; older candidates come first", turnstile.Room(Key("young"), Idle(9))!.Full, StringComparison.Ordinal);
        Assert.True(turnstile.TryEnter(Key("old"), Idle(5)));
    }

    [Fact]
    public void One_that_waits_where_its_namespace_is_full_holds_nobody_up_elsewhere()
    {
        var turnstile = Of(2, 1);
        Start(turnstile, "a", 0);
        turnstile.Waits(Key("b"), Idle(1), true);

        Assert.True(turnstile.TryEnter(Key("staging/c"), Idle(5)));
    }

    [Fact]
    public void One_that_no_longer_waits_gives_its_turn_to_the_next()
    {
        var turnstile = Of(1);
        Start(turnstile, "a", 0);
        turnstile.Waits(Key("old"), Idle(1), true);
        turnstile.Waits(Key("next"), Idle(2), true);
        turnstile.Seen(Key("a"), Idle(0));

        turnstile.Waits(Key("old"), Idle(1), false);

        Assert.Equal(["old", "next"], _called);
    }

    [Fact]
    public void One_that_is_called_and_does_not_come_is_passed_over()
    {
        var time = new ManualTime();
        var turnstile = Of(1, time: time);
        Start(turnstile, "a", 0);
        turnstile.Waits(Key("stuck"), Idle(1), true);
        turnstile.Seen(Key("a"), Idle(0));
        Assert.False(turnstile.TryEnter(Key("next"), Idle(2)));

        time.Advance(Turnstile.Patience);

        Assert.True(turnstile.TryEnter(Key("next"), Idle(2)));
    }

    [Fact]
    public void One_that_is_deleted_leaves_its_place_and_its_turn()
    {
        var turnstile = Of(1);
        Start(turnstile, "a", 0);
        turnstile.Waits(Key("gone"), Idle(1), true);
        turnstile.Seen(Key("gone"), null);

        turnstile.Seen(Key("a"), null);

        Assert.Empty(_called);
        Assert.True(turnstile.TryEnter(Key("b"), Idle(9)));
    }

    // Several workers on several threads: the count is exact at every moment, and in the end everybody has had a turn.
    [Fact]
    public void However_many_start_at_once_no_more_run_than_may()
    {
        var (turnstile, running, most, done) = (Of(3, 2), 0, 0, 0);
        var lockless = new Lock();
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var (key, minute) = (Key($"ns{number % 3}/d{number}"), number);
            Assert.True(SpinWait.SpinUntil(() => turnstile.TryEnter(key, Idle(minute)), TimeSpan.FromMinutes(1)));
            turnstile.Seen(key, Running(minute));
            turnstile.Entered(key);
            lock (lockless)
            {
                most = Math.Max(most, ++running);
            }

            lock (lockless)
            {
                running--;
                done++;
            }

            turnstile.Seen(key, Idle(minute));
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal(40, done);
    }
}
