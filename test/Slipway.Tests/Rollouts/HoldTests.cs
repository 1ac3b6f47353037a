using Slipway.Conditions;
using Slipway.Rollouts;
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
}
