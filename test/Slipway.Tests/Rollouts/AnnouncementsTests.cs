using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class AnnouncementsTests
{
    private static readonly Advancing First = new(Second, 0, Noon + Deadline);
    private static readonly Reverting Back = new(Second, "CrashLoopBackOff", "exit 1", Noon + Deadline);
    private static readonly Held Drifted = new(Reasons.Drifted, "somebody set it", Noon);

    private static Announcement? Said(RolloutState? from, RolloutState? to) =>
        Announcements.Of(new DeliveryStatus { Rollout = from }, new DeliveryStatus { Rollout = to }, refusal: null).SingleOrDefault();

    private static Recording Recorded(string outcome, string? reason = null) => new(Second, new ReleaseStatus { Outcome = outcome, Reason = reason, Message = "so it went" }, new Idle());

    [Fact]
    public void A_start_tells_from_and_to() =>
        Assert.Equal(new Announcement(false, Reasons.Started, "release 2: 1.0.0 → 1.1.0 (sha256:110)"), Said(new Idle(), First));

    [Fact]
    public void A_start_without_a_baseline_says_so() =>
        Assert.Equal("release 2: nothing known → 1.1.0 (sha256:110)", Said(null, First with { Attempt = Second with { Previous = null } })?.Message);

    [Fact]
    public void The_second_wave_is_told() =>
        Assert.Equal(new Announcement(false, Reasons.Advancing, "release 2: 1.1.0 passed on the first target; the others follow"), Said(First, First with { Wave = 1 }));

    [Fact]
    public void A_way_back_warns_with_the_reason() =>
        Assert.Equal(new Announcement(true, Reasons.RollingBack, "release 2: CrashLoopBackOff: exit 1; going back to 1.0.0"), Said(First, Back));

    [Theory]
    [InlineData(Outcomes.Succeeded, false)]
    [InlineData(Outcomes.Superseded, false)]
    [InlineData(Outcomes.RolledBack, true)]
    [InlineData(Outcomes.Failed, true)]
    public void An_end_is_told_by_its_outcome_and_a_bad_one_warns(string outcome, bool warns) =>
        Assert.Equal(new Announcement(warns, outcome, "release 2: so it went"), Said(First, Recorded(outcome)));

    [Fact]
    public void An_adoption_is_told_as_one() =>
        Assert.Equal(new Announcement(false, Reasons.Adopted, "release 2: so it went"), Said(new Idle(), Recorded(Outcomes.Succeeded, Causes.Adopted)));

    [Fact]
    public void A_correction_tells_what_was_set() =>
        Assert.Equal(new Announcement(false, Reasons.CorrectingDrift, "argocd set it: the current image is written again"), Said(new Idle(), new Correcting("argocd set it", Noon, new Idle())));

    [Fact]
    public void A_hold_warns_with_its_own_reason() => Assert.Equal(new Announcement(true, Reasons.Drifted, "somebody set it"), Said(new Idle(), Drifted));

    [Fact]
    public void A_hold_after_an_outcome_is_told_too() => Assert.Equal(Reasons.Drifted, Said(Recorded(Outcomes.Failed), Drifted)?.Reason);

    [Fact]
    public void The_end_of_a_hold_is_told() => Assert.Equal(new Announcement(false, Reasons.Resumed, "no longer held (Drifted)"), Said(Drifted, new Idle()));

    [Fact]
    public void A_rollback_out_of_a_hold_is_told_as_a_start() => Assert.Equal(Reasons.Started, Said(Drifted, First)?.Reason);

    [Fact]
    public void What_moves_within_a_state_is_not_told()
    {
        Assert.Null(Said(First, First with { HighWater = 2 }));
        Assert.Null(Said(First with { Wave = 1 }, First with { Wave = 1, HealthySince = Noon }));
        Assert.Null(Said(Back, Back with { HighWater = 0 }));
        Assert.Null(Said(Recorded(Outcomes.Failed), new Idle()));
        Assert.Null(Said(new Correcting("argocd", Noon, new Idle()), new Idle()));
        Assert.Null(Said(new Idle(), new Idle(new Corrections(1, Noon))));
    }

    [Fact]
    public void A_pass_that_moved_nothing_tells_nothing()
    {
        Assert.Null(Said(First, First));
        Assert.Null(Said(null, null));
        Assert.Null(Said(null, new Idle()));
    }

    [Fact]
    public void A_refusal_is_told_beside_the_move()
    {
        var said = Announcements.Of(new DeliveryStatus(), new DeliveryStatus { Rollout = Drifted }, "rollback: no");

        Assert.Equal([Reasons.RequestRefused, Reasons.Drifted], said.Select(announcement => announcement.Reason));
    }
}
