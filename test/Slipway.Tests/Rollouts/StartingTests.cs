using Slipway.Checks;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class StartingTests
{
    private static readonly DeliverySnapshot Pushed = Settled.Seeing(New);

    [Fact]
    public void A_new_version_starts_with_its_deadline_and_what_to_go_back_to()
    {
        var plan = Pushed.Plan();

        Assert.Equal(new Advancing(Second, Wave: 0, Noon + Deadline), plan.State());
        Assert.Equal(2, plan.Status.LastRelease);
        Assert.Equal(Noon + Deadline, plan.Wake);
    }

    [Fact]
    public void The_intent_is_stored_before_anything_is_written()
    {
        var plan = Pushed.Plan();

        Assert.False(plan.Status.SameAs(Pushed.Status));
        Assert.Empty(plan.World.Images);
        Assert.Null(plan.World.Release);
    }

    [Theory]
    [InlineData(CheckMoment.Before)]
    [InlineData(CheckMoment.During)]
    public void Where_nothing_can_be_stepped_beside_the_checks_of_the_steps_are_made_at_the_promotion(CheckMoment when)
    {
        var now = Beside.Ready(Beside.Canary, Beside.Errors with { When = when });
        var attempt = (now with { Targets = [now.Targets[0] with { Replicas = 0 }] }).Next<Advancing>().Attempt;

        Assert.Equal(["errors"], attempt.Plan!.ChecksOfPromotion().Select(check => check.Name));
        Assert.Empty((now.Next<Stepping>().Attempt.Plan! with { Checks = [Beside.Errors with { When = when }] }).ChecksOfPromotion());
    }

    [Fact]
    public void The_same_digest_under_another_tag_is_no_new_release()
    {
        var retagged = Settled.Seeing(Old with { Tag = "1.0" });

        retagged.Stays();
        Assert.Equal("1.0", retagged.Plan().Status.Candidate!.Tag);
    }

    [Fact]
    public void A_number_exceeds_every_release_that_exists()
    {
        var now = Pushed.WithHistory(Old.Release(1, Outcomes.Succeeded), Newer.Release(7, Outcomes.RolledBack));

        Assert.Equal(8, now.Next<Advancing>().Attempt.Number);
    }

    [Fact]
    public void A_number_exceeds_the_last_one_though_its_release_is_gone()
    {
        var now = Pushed with { Status = Pushed.Status with { LastRelease = 9 }, History = [] };

        Assert.Equal(10, now.Next<Advancing>().Attempt.Number);
    }

    [Fact]
    public void A_release_is_named_after_its_cause() =>
        Assert.Equal(ReleaseName.For("shop", "uid-1", 2, New.Digest), Pushed.Next<Advancing>().Attempt.Release);

    [Fact]
    public void The_repository_of_the_attempt_is_that_of_the_terms() =>
        Assert.Equal(Repository, Pushed.Next<Advancing>().Attempt.Repository);

    [Fact]
    public void A_pass_that_finds_nothing_new_changes_nothing()
    {
        var settled = Settled.Stored();

        var plan = settled.Plan();

        Assert.True(plan.Status.SameAs(settled.Status));
        Assert.Null(plan.Wake);
        Assert.Empty(plan.Announcements);
    }

    [Fact]
    public void A_candidate_keeps_the_instant_at_which_it_was_first_seen() =>
        Assert.Equal(Noon.AddHours(-1), Pushed.After(TimeSpan.FromDays(1)).Plan().Status.Candidate!.FirstSeen);

    [Fact]
    public void A_new_tag_on_a_known_digest_keeps_the_instant_too() =>
        Assert.Equal(Noon.AddHours(-1), (Pushed with { Sighting = (New with { Tag = "1.1" }).Seen() }).Plan().Status.Candidate!.FirstSeen);

    [Fact]
    public void Another_digest_is_first_seen_now() =>
        Assert.Equal(Noon, (Settled with { Sighting = New.Seen() }).Plan().Status.Candidate!.FirstSeen);

    [Fact]
    public void Another_explanation_of_the_same_pick_is_not_worth_a_write()
    {
        var settled = Settled.Stored();
        var explained = settled with { Sighting = Old.Seen() with { Why = "of 4711 tags, 1.0.0 is the highest" } };

        Assert.True(explained.Plan().Status.SameAs(settled.Status));
    }

    [Fact]
    public void A_known_candidate_is_kept_while_nobody_has_looked_yet() =>
        Assert.Equal(Pushed.Status.Candidate, (Pushed with { Sighting = new Sighting.Pending() }).Plan().Status.Candidate);

    [Fact]
    public void Equal_snapshots_lead_to_equal_plans()
    {
        var (one, other) = (HalfWay.Plan(), HalfWay.Plan());

        Assert.True(one.Status.SameAs(other.Status));
        Assert.Equal(one.Wake, other.Wake);
        Assert.Equal(one.World.Images, other.World.Images);
    }

    public static TheoryData<string> Waiting => [.. Waits.Keys];

    private static readonly Dictionary<string, DeliverySnapshot> Waits = new()
    {
        ["Idle"] = Settled,
        ["Adopting"] = Fresh.Running(Old, new Health.Failing("CrashLoopBackOff", "exit 1")),
        ["Advancing"] = HalfWay,
        ["Advancing by hand"] = HalfWay with
        {
            Status = HalfWay.Status with { Current = Newer.By(1), Rollout = new Advancing(Second with { Cause = Causes.Rollback }, 0, Noon + Deadline, HighWater: 2) },
        },
        ["Reverting"] = GoingBack,
        ["Held"] = Settled.In(new Held(Reasons.Drifted, "held", Noon, Old.Digest)),
    };

    [Theory]
    [MemberData(nameof(Waiting))]
    public void A_candidate_that_rests_is_looked_at_again_when_it_has_rested(string state)
    {
        var now = Waits[state].Seeing(Newer);
        now = (now with { Terms = now.Terms with { MinimumAge = TimeSpan.FromMinutes(65) } }).Stored();

        Assert.Equal(Noon.AddMinutes(5), now.Plan().Wake);
    }

    [Fact]
    public void A_deadline_before_that_is_not_missed()
    {
        var now = HalfWay.Seeing(Newer);

        Assert.Equal(Noon + Deadline, (now with { Terms = now.Terms with { MinimumAge = TimeSpan.FromHours(9) } }).Plan().Wake);
    }

    [Fact]
    public void An_unknown_cause_of_nothing_to_do_is_told_as_up_to_date() =>
        Assert.Equal(Reasons.UpToDate, Settled.Plan().Condition(DeliveryConditions.Ready)!.Reason);
}
