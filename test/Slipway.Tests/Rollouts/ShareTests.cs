using Slipway.Api;
using Slipway.Checks;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>What share a step asks for: weight, matches, mirror, and what becomes of it when the stable side is scaled.</summary>
public sealed class ShareTests
{
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(5);

    private static readonly PlanStep Beta = new(0) { Match = [new RequestMatch(new NamedValue("X-Beta", "1"))], Hold = Minutes };

    private static readonly PlanStep Mirror = new(0) { Mirror = true, Hold = Minutes };

    private static RolloutPlan Routed(params PlanStep[] steps) => ByRoute with { Steps = steps };

    public static TheoryData<bool> MatchOrMirror => [true, false];

    [Theory]
    [MemberData(nameof(MatchOrMirror))]
    public void Matches_and_mirroring_are_written_without_any_weight_and_waited_for(bool match)
    {
        var now = Ready(Routed(match ? Beta : Mirror)).Moved().With(Side(1, 1)).Moved();

        Assert.Equal((Stage.Shifting, 0, 0), (now.Stepping().Stage, now.Stepping().Side.Weight, now.Stepping().Side.Rules));
        Assert.Equal((0, match), (now.Plan().World.Traffic!.RulesStep, now.Plan().World.Traffic!.Rules!.Match is not null));
        Assert.Equal(Stage.Shifting, now.Routing(0).Moved().After(TimeSpan.FromSeconds(5)).Moved().Stepping().Stage);
        Assert.Equal(Stage.Holding, now.Routed().Moved().After(TimeSpan.FromSeconds(5)).Moved().Stepping().Stage);
    }

    [Fact]
    public void A_weight_alone_has_no_rules_and_opens_no_gate_of_a_pod()
    {
        var side = Holding(ByRoute).Stepping().Side;

        Assert.Equal((10, 0, null), (side.Weight, side.Open, side.Rules));
    }

    [Fact]
    public void The_same_weight_with_other_rules_is_another_share()
    {
        var now = Holding(Routed(new PlanStep(10) { Hold = Minutes }, new PlanStep(10) { Match = Beta.Match })).After(Minutes).Moved();

        Assert.Equal((1, Stage.Shifting, 1), (now.Stepping().Step, now.Stepping().Stage, now.Stepping().Side.Rules) is var at ? (at.Step, at.Stage, at.Rules) : default);
        Assert.Equal(1, now.Plan().World.Traffic!.RulesStep);
    }

    [Fact]
    public void The_same_share_again_is_not_waited_for_again()
    {
        var now = Holding(Routed(new PlanStep(10) { Hold = Minutes }, new PlanStep(10) { Hold = TimeSpan.FromMinutes(7) })).After(Minutes);

        Assert.Equal((1, Stage.Holding, now.Now), (now.Moved().Stepping().Step, now.Moved().Stepping().Stage, now.Moved().Stepping().Since));
    }

    [Fact]
    public void A_quiet_step_has_the_pods_of_the_first_one_that_requests_reach()
    {
        Assert.Equal(3, Ready(Routed(new PlanStep(0), new PlanStep(25))).Moved().Stepping().Side.Replicas);
        Assert.Equal(1, Ready(Routed(new PlanStep(0))).Moved().Stepping().Side.Replicas);
    }

    [Fact]
    public void A_stable_side_that_grows_while_pods_of_a_step_come_up_gets_no_larger_share_before_they_are_there()
    {
        var now = Holding(Canary).After(Minutes).Moved();
        Assert.Equal((1, Stage.Preparing, 10, 1), (now.Stepping().Step, now.Stepping().Stage, now.Stepping().Side.Replicas, now.Stepping().Side.Open));

        now = now.Scaled(20).Moved();

        Assert.Equal((1, Stage.Preparing, 20, 2), (now.Stepping().Step, now.Stepping().Stage, now.Stepping().Side.Replicas, now.Stepping().Side.Open));
    }

    [Fact]
    public void By_weight_the_share_of_the_step_before_stays_while_the_stable_side_grows()
    {
        var now = Holding(Routed(new PlanStep(10) { Hold = Minutes }, new PlanStep(50))).After(Minutes).Moved().Scaled(20).Moved();

        Assert.Equal((1, Stage.Preparing, 10, 10), (now.Stepping().Step, now.Stepping().Stage, now.Stepping().Side.Replicas, now.Stepping().Side.Weight));
    }

    [Fact]
    public void A_stable_side_that_shrinks_closes_pods_and_removes_none()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(50) { Hold = TimeSpan.FromHours(1) }] }).Scaled(4).Moved();

        Assert.Equal((10, 4), (now.Stepping().Side.Replicas, now.Stepping().Side.Open));
        Assert.Equal(Stage.Holding, now.Stepping().Stage);
    }

    [Fact]
    public void What_a_scaling_changes_nothing_of_is_not_written()
    {
        var now = Holding(ByRoute);

        Assert.True(now.Scaled(9).Plan().Status.SameAs(now.Status));
        Assert.True(now.Plan().Status.SameAs(now.Status));
        Assert.Contains("shop has 20 pods now: 10 % by HttpRoute", now.Scaled(20).Moved().Attempted().Transitions![^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_side_that_was_given_another_image_goes_and_its_step_begins_again_with_its_pods()
    {
        var now = Holding(Routed(new PlanStep(50) { Hold = TimeSpan.FromHours(1), For = TimeSpan.FromHours(3) }), Errors).Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };
        var ends = now.Stepping().BoxEnds;

        var drain = now.With(Side(5, 5, digest: "sha256:666")).Drains();
        Assert.Equal((0, false), (drain.Side.Weight, drain.Gently));
        now = now.In(drain).With(Side(5, 5, digest: "sha256:666")).Routing(0).Moved().After(TimeSpan.FromMinutes(15)).Moved().With(null) with { Traffic = null };
        now = now.Moved();

        Assert.Equal((Stage.Preparing, 5, 0, now.Now + Shop.Deadline), (now.Stepping().Stage, now.Stepping().Side.Replicas, now.Stepping().Side.Weight, now.Stepping().Deadline));
        Assert.Equal(0, now.Plan().World.Traffic!.Weight);
        Assert.Null(now.Stepping().Checks);
        now = now.AtItsShare();
        Assert.Equal((Stage.Holding, now.Now, 50, ends), (now.Stepping().Stage, now.Stepping().Since, now.Stepping().Side.Weight, now.Stepping().BoxEnds));
    }

    [Fact]
    public void Requests_that_a_rule_sends_are_taken_back_with_the_last_of_the_weight()
    {
        var now = Holding(Routed(new PlanStep(50) { Match = Beta.Match, Hold = TimeSpan.FromHours(1) })).Scaled(10, available: 6).Seeing(Shop.Newer).Moved();
        Assert.Equal((40, 0), Assert.IsType<Draining>(now.State).Side is var side ? (side.Weight, side.Rules) : default);

        now = now.Scaled(10).Moved();

        Assert.False(Assert.IsType<Draining>(now.State).Side.IsExposed);
        Assert.Null(now.Plan().World.Traffic!.RulesStep);
    }
}
