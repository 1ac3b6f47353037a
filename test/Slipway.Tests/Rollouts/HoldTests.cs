using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class HoldTests
{
    public static TheoryData<string> LeftByANewerCandidate => [Reasons.Drifted, Reasons.Contested, Reasons.RollbackDisabled, Reasons.NothingToRollBackTo];

    public static TheoryData<string> All => [.. LeftByANewerCandidate.Select(row => row.Data), Reasons.ManualRollback];

    private static DeliverySnapshot Held(string reason) => Settled.Seeing(New).In(new Held(reason, "held", Noon, New.Digest));

    [Theory]
    [MemberData(nameof(All))]
    public void The_candidate_that_was_there_when_the_hold_began_does_not_end_it(string reason) => Held(reason).Stays();

    [Theory]
    [MemberData(nameof(LeftByANewerCandidate))]
    public void A_newer_candidate_ends_it(string reason) => Assert.Equal(new Idle(), Held(reason).Seeing(Newer).Plan().State());

    [Theory]
    [MemberData(nameof(LeftByANewerCandidate))]
    public void A_newer_candidate_that_a_gate_holds_back_does_not(string reason) => (Held(reason).Seeing(Newer) with { PlatformProblem = "no arm64" }).Stays();

    [Fact]
    public void A_rollback_by_hand_is_not_ended_by_a_newer_candidate() => Held(Reasons.ManualRollback).Seeing(Newer).Stays();

    [Theory]
    [MemberData(nameof(All))]
    public void A_person_ends_it(string reason)
    {
        var plan = Held(reason).Asking(resume: "t1").Plan();

        Assert.Equal(new Idle(), plan.State());
        Assert.Equal("t1", plan.Status.Handled?.Resume);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_written_to_the_workload_while_it_lasts(string reason) => Assert.Empty(Held(reason).Plan().World.Images);

    [Theory]
    [MemberData(nameof(All))]
    public void It_outlasts_targets_with_a_problem(string reason) =>
        (Held(reason).Seeing(Newer) with { Targets = [], TargetProblem = new("TargetNotFound", "gone") }).Stays();

    [Fact]
    public void A_hold_from_before_the_first_candidate_is_ended_by_the_first() =>
        Assert.Equal(new Idle(), Settled.Seeing(New).In(new Held(Reasons.Drifted, "held", Noon)).Plan().State());

    [Fact]
    public void A_hold_that_a_rollback_by_hand_led_to_is_not_ended_by_a_newer_candidate()
    {
        var byHand = Second with { Cause = Causes.Rollback };
        var advancing = new Advancing(byHand, 0, Noon + Deadline, HighWater: 2);
        var crashed = HalfWay.In(advancing).Running(New, new Health.Failing("CrashLoopBackOff", "exit 1"));
        RolloutState[] ends =
        [
            HalfWay.In(advancing).Running(Newer, author: ImageWriter.Person).Plan().State(),
            (crashed with { Terms = crashed.Terms with { RollsBack = false } }).Plan().State(),
            crashed.In(advancing with { Attempt = byHand with { Previous = null } }).Plan().State(),
            GoingBack.In((Reverting)GoingBack.State with { Attempt = byHand, HighWater = 1 }).Running(Newer, author: ImageWriter.Person).Plan().State(),
        ];

        Assert.All(ends, end =>
        {
            var hold = Assert.IsType<Held>(Assert.IsType<Recording>(end).Then);
            Assert.True(hold.Pinned);
            Assert.DoesNotContain("newer version", hold.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("push a fixed version", hold.Message, StringComparison.Ordinal);
            Settled.In(hold).Seeing(Newer).Stays();
            Assert.Equal(new Idle(), Settled.In(hold).Asking(resume: "t1").Plan().State());
        });
    }
}
