using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Beside;

namespace Slipway.Tests.Rollouts;

/// <summary>When a time box begins, and what its end leads to.</summary>
public sealed class TimeBoxTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly RolloutPlan Promoting = Boxed(RouterKind.Pods, BoxEnd.Promote);

    private static RolloutPlan Boxed(RouterKind router, BoxEnd then, bool approval = false) => Canary with
    {
        Steps = [new PlanStep(10) { For = Hour, Then = then, Approval = approval }, new PlanStep(50)],
        Traffic = new TrafficPlan { Router = router, Route = "shop" },
    };

    [Fact]
    public void Beside_the_stable_side_it_begins_when_the_share_is_written_and_not_while_pods_come_up()
    {
        var now = Ready(Promoting).Moved();
        Assert.Null(now.Stepping().BoxEnds);

        now = now.After(TimeSpan.FromMinutes(3)).With(Side(1, 1));

        Assert.Equal(now.Now + Hour, now.Next<Stepping>().BoxEnds);
    }

    [Fact]
    public void In_place_it_begins_when_the_image_is_written_and_does_not_begin_again_when_the_pods_are_there()
    {
        var now = Ready(Boxed(RouterKind.Partition, BoxEnd.Revert)).Moved();
        Assert.Equal(now.Now + Hour, now.Stepping().BoxEnds);

        var holding = InPlaceTests.Stepped(now.After(TimeSpan.FromMinutes(5)), updated: 1, new Health.Healthy(1)).Moved();

        Assert.Equal((Stage.Holding, now.Now + Hour), (holding.Stepping().Stage, holding.Stepping().BoxEnds));
    }

    [Fact]
    public void Where_the_share_is_that_of_the_step_before_it_begins_with_the_step()
    {
        var now = Holding(Canary with { Steps = [new PlanStep(10) { Hold = Hour }, new PlanStep(10) { For = Hour }] }).After(Hour).Moved();

        Assert.Equal((1, Stage.Holding, now.Now + Hour), (now.Stepping().Step, now.Stepping().Stage, now.Stepping().BoxEnds));
    }

    [Fact]
    public void Then_Promote_goes_on_to_the_next_step_and_from_the_last_one_to_the_promotion()
    {
        var next = Holding(Promoting).After(Hour).Next<Stepping>();
        Assert.Equal((1, Stage.Preparing), (next.Step, next.Stage));

        Holding(Promoting with { Steps = [Promoting.Steps[0]] }).After(Hour).Next<Advancing>();
    }

    [Fact]
    public void Then_Promote_goes_on_with_checks_that_have_passed_by_then()
    {
        var now = Holding(Promoting, Errors).Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };

        Assert.Equal(1, now.After(Hour).Next<Stepping>().Step);
    }

    public static TheoryData<string> NotPromoted => ["unmeasured", "frozen", "unanswered", "out of effect", "few pods", "crashing", "gone", "scaled to zero", "still shifting"];

    [Theory]
    [MemberData(nameof(NotPromoted))]
    public void Then_Promote_ends_the_exposure_and_asks_where_the_step_would_not_be_over(string why)
    {
        var plan = Boxed(RouterKind.HttpRoute, BoxEnd.Promote, approval: why == "unanswered");
        var now = why == "unmeasured" ? Holding(plan, Errors) : Holding(plan);
        now = why switch
        {
            "frozen" => now.After(Hour).Frozen(),
            "out of effect" => now.Routing(0),
            "few pods" => now.With(Side(1, 0)),
            "crashing" => now.With(Side(1, 1, health: new Health.Failing("CrashLoopBackOff", "exit 1"))),
            "gone" => now.Gone(),
            "scaled to zero" => now.Scaled(0),
            "still shifting" => now.In(now.Stepping() with { Stage = Stage.Shifting }),
            _ => now,
        };

        var drain = now.After(Hour).Drains();

        var done = Assert.IsType<Recording>(drain.Then);
        Assert.Equal((Outcomes.Exposed, Reasons.ExposureEnded), (done.Result.Outcome, done.Result.Reason));
        Assert.Equal((Reasons.ExposureEnded, Shop.New.Digest), Assert.IsType<Held>(done.Then) is { } held ? (held.Reason, held.Candidate) : default);
    }

    [Fact]
    public void Then_Promote_with_an_approval_goes_on_after_a_yes()
    {
        var now = Holding(Boxed(RouterKind.Pods, BoxEnd.Promote, approval: true));
        now = now with { Status = now.Status with { Approvals = [new Approval(Shop.Newer.Digest, "ann", "test", now.Now), new Approval(Shop.New.Digest, "ann", "test", now.Now)] } };

        Assert.Equal(0, now.Moved().Stepping().Step);
        Assert.Equal(1, now.After(Hour).Next<Stepping>().Step);
    }

    [Fact]
    public void Its_end_says_how_long_it_was_and_what_was_measured_in_it()
    {
        var now = Holding(Boxed(RouterKind.Pods, BoxEnd.Revert), Errors).Measuring(MeasuredAs.Pass).Moved() with { Measurements = [] };

        var done = Assert.IsType<Recording>(now.After(Hour).Drains().Then);

        Assert.Equal("1.1.0 had its 1h at 10 %, as asked", done.Result.Message);
        Assert.Equal(("errors", 0, "Passed"), Assert.Single(done.Result.Checks!) is var measured ? (measured.Name, measured.Step, measured.Verdict) : default);
    }

    [Fact]
    public void While_it_lasts_no_gate_is_told_to_hold_it_up()
    {
        var now = Holding(Promoting).After(TimeSpan.FromMinutes(1)).Frozen();

        Assert.Null(now.Held());
        Assert.Contains($", until {now.Stepping().BoxEnds:u} at the latest", now.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_place_its_end_puts_the_pods_back_and_is_no_failure()
    {
        var now = InPlaceTests.Stepped(Ready(Boxed(RouterKind.Partition, BoxEnd.Ask)).Moved(), updated: 1, new Health.Healthy(1)).Moved().After(Hour);

        var back = now.Next<Reverting>();
        Assert.Equal((Reasons.ExposureEnded, now.Now + Shop.Deadline), (back.Reason, back.Deadline));
        var done = now.Moved().Running(Shop.Old, new Health.Healthy(10)).Next<Recording>();

        Assert.Equal((Outcomes.Exposed, Reasons.ExposureEnded), (done.Result.Outcome, done.Result.Reason));
        Assert.Equal(Reasons.ExposureEnded, Assert.IsType<Held>(done.Then).Reason);
    }
}
