using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Tests.Rollouts;
using static Slipway.Groups.MemberStanding;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Groups;

public sealed class GroupGateTests
{
    // It has said that it comes.
    private static readonly DeliverySnapshot Pushed = Settled.Seeing(New) is var now ? now with
    {
        Terms = now.Terms with { Group = new GroupTerms("train", 0, [], TimeSpan.FromHours(1)) },
        Status = now.Status with { Held = new(Reasons.JoiningGroup, "") },
    } : now;

    // Beside the stable version, in run 7, since noon.
    private static readonly Attempt Mine = Second with { Group = new GroupProgress(7, GroupPhase.Underway, Noon) };

    private static DeliverySnapshot With(params GroupMember[] others) => Pushed with { Group = [.. others] };

    private static DeliverySnapshot Canary(DeliverySnapshot now) => now with { Terms = now.Terms with { Plan = new RolloutPlan { Strategy = StrategyKind.Canary, Steps = [new PlanStep(10)] } } };

    private static GroupMember Member(string name, MemberStanding standing, int order = 0, params string[] needs) => new(name, order, needs, standing);

    private static HeldStatus? Held(DeliverySnapshot now) => StartGates.FirstClosed(now, now.Status.Candidate!);

    [Fact]
    public void Alone_in_its_group_it_starts_and_draws_the_first_run()
    {
        Assert.Null(Held(Pushed));
        Assert.Equal(new GroupProgress(1, GroupPhase.Switched, Noon), GroupGate.Join(Pushed));
        Assert.Equal(new GroupProgress(1, GroupPhase.Underway, Noon), GroupGate.Join(Canary(Pushed)));
    }

    [Fact]
    public void It_says_that_it_comes_before_it_does()
    {
        var silent = Pushed with { Status = Pushed.Status with { Held = null } };

        Assert.Equal(new HeldStatus(Reasons.JoiningGroup, "1.1.0 goes with group train"), Held(silent));
        Assert.Equal(Reasons.JoiningGroup, silent.Plan().Status.Held?.Reason);
        Assert.Equal(New.Digest, silent.Stored().Next<RolloutState.Advancing>().Attempt.Digest);
    }

    [Fact]
    public void It_joins_the_run_that_is_under_way() => Assert.Equal(7, GroupGate.Join(With(Member("cart", new Moving(7, GroupPhase.Underway)), Member("api", new Away()) with { Last = new(3, Noon) }))?.Run);

    [Fact]
    public void Where_none_is_under_way_it_draws_the_number_after_all_that_anybody_knows()
    {
        Assert.Equal(5, GroupGate.Join(With(Member("cart", new Away()) with { Last = new(4, Noon) }))?.Run);
        Assert.Equal(9, GroupGate.Join(With(Member("cart", new Away()) with { Last = new(4, Noon) }) is var now ? now with { Status = now.Status with { Group = new(8, Noon) } } : now)?.Run);
    }

    [Fact]
    public void Without_a_group_nothing_is_joined_and_nothing_waited_for()
    {
        Assert.Null(GroupGate.Join(Settled));
        Assert.Null(GroupGate.MustGoBack(Settled, Second));
        Assert.Equal(new GroupTurn(Second, null), GroupGate.Switch(Settled, Second));
        Assert.Equal(new GroupTurn(Second, null), GroupGate.Pass(Settled, Second));
        Assert.Null(GroupGate.Outcome(Settled, Second, Outcomes.Succeeded, null));
    }

    [Fact]
    public void A_rolling_update_waits_before_its_start_until_the_others_are_ready() => Assert.Equal(
        new HeldStatus(Reasons.AwaitingGroup, "1.1.0 waits for group train: cart is not ready yet"),
        Held(With(Member("cart", new Moving(7, GroupPhase.Underway)))));

    [Fact]
    public void What_runs_beside_the_stable_version_starts_while_the_others_are_on_their_way() =>
        Assert.Null(Held(Canary(With(Member("cart", new Moving(7, GroupPhase.Underway)), Member("api", new Coming())))));

    [Fact]
    public void Who_comes_when_the_others_have_begun_to_switch_waits_for_the_next_run() => Assert.Equal(
        new HeldStatus(Reasons.GroupBusy, "1.1.0 waits: group train is switching already (cart); it comes next"),
        Held(Canary(With(Member("cart", new Moving(7, GroupPhase.Switched))))));

    [Fact]
    public void Who_stood_at_the_door_when_they_began_is_one_of_them()
    {
        var now = With(Member("cart", new Moving(7, GroupPhase.Switched)));

        Assert.Null(Held(now with { Status = now.Status with { Held = new(Reasons.AwaitingGroup, "") } }));
    }

    [Fact]
    public void It_waits_at_the_door_for_those_it_depends_on()
    {
        var now = With(Member("api", new AtTheDoor())) is var found ? found with { Terms = found.Terms with { Group = found.Terms.Group! with { DependsOn = ["api"] } } } : found;

        Assert.Equal("1.1.0 waits for group train: api switches first", Held(now)?.Message);
    }

    [Fact]
    public void The_switch_waits_until_all_are_ready_and_others_see_that_this_one_is()
    {
        var turn = GroupGate.Switch(With(Member("cart", new Moving(7, GroupPhase.Underway))).After(TimeSpan.FromMinutes(5)), Mine);

        Assert.Equal(new GroupProgress(7, GroupPhase.Ready, Noon.AddMinutes(5)), turn.Attempt.Group);
        Assert.Equal(new HeldStatus(Reasons.AwaitingGroup, "1.1.0 waits for group train: cart is not ready yet", Noon.AddMinutes(65)), turn.Wait);
    }

    [Fact]
    public void While_it_waits_its_clock_is_not_begun_anew()
    {
        var now = With(Member("cart", new Moving(7, GroupPhase.Underway))).After(TimeSpan.FromMinutes(5));
        var ready = GroupGate.Switch(now, Mine).Attempt;

        Assert.Equal(ready, GroupGate.Switch(now.After(TimeSpan.FromMinutes(5)), ready).Attempt);
    }

    [Theory]
    [InlineData(GroupPhase.Ready)]
    [InlineData(GroupPhase.Switched)]
    [InlineData(GroupPhase.Settled)]
    public void When_all_are_ready_it_switches(GroupPhase others)
    {
        var turn = GroupGate.Switch(With(Member("cart", new Moving(7, others)), Member("api", new AtTheDoor()), Member("web", new Away())), Mine);

        Assert.Null(turn.Wait);
        Assert.Equal(GroupPhase.Switched, turn.Attempt.Group?.Phase);
    }

    [Fact]
    public void It_switches_after_those_that_it_depends_on_and_those_with_a_lower_number()
    {
        var now = With(Member("api", new Moving(7, GroupPhase.Switched)), Member("db", new Moving(7, GroupPhase.Settled)));
        var (named, ordered) = (now with { Terms = now.Terms with { Group = now.Terms.Group! with { DependsOn = ["api"] } } }, now with { Terms = now.Terms with { Group = now.Terms.Group! with { Order = 1 } } });

        Assert.Null(GroupGate.Switch(now, Mine).Wait);
        Assert.Equal("1.1.0 waits for group train: api switches first", GroupGate.Switch(named, Mine).Wait?.Message);
        Assert.Equal("1.1.0 waits for group train: api switches first", GroupGate.Switch(ordered, Mine).Wait?.Message);
    }

    [Fact]
    public void Members_that_depend_on_each_other_switch_at_the_same_time()
    {
        var now = With(Member("api", new Moving(7, GroupPhase.Ready), 0, "shop")) is var found ? found with { Terms = found.Terms with { Group = found.Terms.Group! with { DependsOn = ["api"] } } } : found;

        Assert.Null(GroupGate.Switch(now, Mine).Wait);
    }

    [Fact]
    public void It_passes_in_two_steps_first_it_promises_then_all_have()
    {
        var now = With(Member("cart", new Moving(7, GroupPhase.Settled)));

        var promised = GroupGate.Pass(now, Mine with { Group = Mine.Group! with { Phase = GroupPhase.Switched } });

        Assert.NotNull(promised.Wait);
        Assert.Equal(GroupPhase.Settled, promised.Attempt.Group?.Phase);
        Assert.Null(GroupGate.Pass(now, promised.Attempt).Wait);
    }

    [Fact]
    public void It_does_not_pass_before_the_last_has_promised()
    {
        var settled = Mine with { Group = Mine.Group! with { Phase = GroupPhase.Settled } };

        Assert.Equal("1.1.0 waits for group train: cart is not through yet", GroupGate.Pass(With(Member("cart", new Moving(7, GroupPhase.Switched))), settled).Wait?.Message);
        Assert.NotNull(GroupGate.Pass(With(Member("cart", new AtTheDoor())), settled).Wait);
        Assert.Null(GroupGate.Pass(With(Member("cart", new Coming()), Member("api", new Away())), settled).Wait);
    }

    [Fact]
    public void When_another_of_its_run_fails_it_goes_back_whatever_it_has_promised()
    {
        var settled = Mine with { Group = Mine.Group! with { Phase = GroupPhase.Settled } };

        Assert.Equal("cart of group train failed: exit 1", GroupGate.MustGoBack(With(Member("cart", new Failing(7, "exit 1"))), settled)?.Message);
        Assert.Equal("cart of group train failed: exit 1", GroupGate.MustGoBack(With(Member("cart", new Away()) with { Last = new(7, Noon, "exit 1") }), Mine)?.Message);
    }

    [Fact]
    public void What_failed_in_another_run_or_passed_in_this_one_is_no_reason_to_go_back()
    {
        Assert.Null(GroupGate.MustGoBack(With(Member("cart", new Failing(6, "exit 1"))), Mine));
        Assert.Null(GroupGate.MustGoBack(With(Member("cart", new Away()) with { Last = new(6, Noon, "exit 1") }), Mine));
        Assert.Null(GroupGate.MustGoBack(With(Member("cart", new Away()) with { Last = new(7, Noon) }), Mine));
    }

    [Fact]
    public void One_that_is_ready_does_not_wait_for_ever()
    {
        var ready = Mine with { Group = Mine.Group! with { Phase = GroupPhase.Ready } };
        var now = With(Member("cart", new Moving(7, GroupPhase.Underway)));

        Assert.Null(GroupGate.MustGoBack(now.After(TimeSpan.FromMinutes(59)), ready));
        Assert.Equal("group train was not ready within 1h: cart is not ready yet", GroupGate.MustGoBack(now.After(TimeSpan.FromMinutes(60)), ready)?.Message);
        Assert.Null(GroupGate.MustGoBack(now.After(TimeSpan.FromMinutes(60)), Mine));
    }

    [Fact]
    public void Nothing_starts_while_another_goes_back() => Assert.Equal(Reasons.GroupFailed, Held(With(Member("cart", new Failing(7, "exit 1"))))?.Reason);

    [Fact]
    public void What_was_to_go_with_one_that_failed_waits_for_something_newer_of_it()
    {
        var failed = Member("cart", new Away()) with { Last = new(7, Noon, "exit 1"), IsStuck = true };

        Assert.Equal(
            "1.1.0 waits: cart of group train failed (exit 1), and they move together; a newer version of either, or 'slipway retry cart', goes on",
            Held(With(failed))?.Message);
        Assert.Null(Held(With(failed with { IsStuck = false })));
        Assert.Null(Held(With(failed with { Last = new(7, Noon.AddHours(-2), "exit 1") })));
        Assert.Null(Held(Canary(With(failed with { Standing = new Moving(8, GroupPhase.Underway) }))));
    }

    [Theory]
    [InlineData(Outcomes.Succeeded, null)]
    [InlineData(Outcomes.Failed, "exit 1")]
    [InlineData(Outcomes.RolledBack, "exit 1")]
    public void How_it_ended_is_remembered_for_the_others(string outcome, string? message) =>
        Assert.Equal(new GroupOutcome(7, Noon, message), GroupGate.Outcome(Pushed, Mine, outcome, "exit 1"));

    [Fact]
    public void One_that_was_overtaken_has_not_ended_for_the_others() => Assert.Null(GroupGate.Outcome(Pushed, Mine, Outcomes.Superseded, "1.2.0 came"));

    [Fact]
    public void The_end_of_an_attempt_stores_it() =>
        Assert.Equal(new GroupOutcome(7, Noon, "exit 1"), Move.End(Pushed, Mine, Outcomes.Failed, "CrashLoopBackOff", "exit 1").Status.Group);
}
