using Slipway.Api;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class MilestoneTests
{
    private static readonly CandidateStatus Seen = new(New.Tag, New.Digest, Noon.AddMinutes(-5), "newest");

    private static readonly DeliveryStatus Waiting = Settled.Status with { Candidate = Seen };

    private static readonly DeliveryStatus UnderWay = Waiting with { LastRelease = 2, Rollout = new Advancing(Second, Wave: 0, Noon + Deadline) };

    [Fact]
    public void A_start_tells_how_long_its_image_has_waited() =>
        Assert.Equal(new Milestone.Started(StrategyKind.Rolling, TimeSpan.FromMinutes(5)), Milestone.Between(Waiting, UnderWay));

    [Fact]
    public void Nobody_has_waited_for_what_is_gone_back_to()
    {
        var back = UnderWay with { Rollout = new Advancing(Second with { Cause = Causes.Rollback }, Wave: 0, Noon + Deadline) };

        Assert.Equal(new Milestone.Started(StrategyKind.Rolling, null), Milestone.Between(Waiting, back));
    }

    [Fact]
    public void The_next_step_of_a_rollout_is_no_start() =>
        Assert.Null(Milestone.Between(UnderWay, UnderWay with { Rollout = new Advancing(Second, Wave: 1, Noon + Deadline) }));

    [Fact]
    public void A_success_tells_the_time_from_push_to_live() =>
        Assert.Equal(new Milestone.Ended(Outcomes.Succeeded, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(7)), Milestone.Between(UnderWay, Done(Outcomes.Succeeded)));

    [Fact]
    public void An_image_that_was_overtaken_while_it_rested_keeps_its_own_time() =>
        Assert.Equal(
            TimeSpan.FromMinutes(7),
            Assert.IsType<Milestone.Ended>(Milestone.Between(UnderWay with { Candidate = new(Newer.Tag, Newer.Digest, Noon, "newest"), Resting = [Seen] }, Done(Outcomes.Succeeded))).SinceSeen);

    [Theory]
    [InlineData(Outcomes.RolledBack)]
    [InlineData(Outcomes.Failed)]
    [InlineData(Outcomes.Superseded)]
    public void What_did_not_pass_is_not_live(string outcome) =>
        Assert.Equal(new Milestone.Ended(outcome, TimeSpan.FromMinutes(2), null), Milestone.Between(UnderWay, Done(outcome)));

    [Fact]
    public void An_end_is_told_once() => Assert.Null(Milestone.Between(Done(Outcomes.Succeeded), Done(Outcomes.Succeeded)));

    [Fact]
    public void What_was_found_running_was_not_rolled_out() =>
        Assert.Null(Milestone.Between(Waiting, Done(Outcomes.Succeeded, Second with { Cause = Causes.Adopted })));

    private static DeliveryStatus Done(string outcome, Attempt? attempt = null) =>
        UnderWay with { Rollout = new Recording(attempt ?? Second, new ReleaseStatus { Outcome = outcome, FinishedAt = Noon.AddMinutes(2) }, new Idle()) };
}
