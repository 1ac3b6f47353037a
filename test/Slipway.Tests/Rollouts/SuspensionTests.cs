using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class SuspensionTests
{
    private static readonly Dictionary<string, DeliverySnapshot> All = new()
    {
        ["Idle"] = Settled.Seeing(New),
        ["Idle, drifted"] = Settled.Running(New, author: ImageWriter.Declarative),
        ["Idle, set by hand"] = Settled.Running(New, author: ImageWriter.Person),
        ["Advancing"] = JustStarted,
        ["Advancing, failing"] = HalfWay.Running(New, new Health.Failing("CrashLoopBackOff", "exit 1")),
        ["Advancing, healthy"] = HalfWay.Running(New),
        ["Advancing, superseded"] = HalfWay.Seeing(Newer),
        ["Advancing, overdue"] = HalfWay.After(Deadline),
        ["Stepping, measured by nobody"] = Beside.Holding(Beside.Canary, Beside.Errors),
        ["Stepping, to be approved"] = Beside.Holding(Beside.Canary with { Steps = [new PlanStep(10) { Hold = TimeSpan.FromMinutes(5), Approval = true }] }),
        ["Reverting"] = GoingBack.Running(Old),
        ["Reverting, overdue"] = GoingBack.After(Deadline),
        ["Correcting"] = Settled.In(new Correcting("a tool", Noon + Deadline, new Idle())),
        ["Held"] = Settled.Seeing(Newer).In(new Held(Reasons.Drifted, "held", Noon, New.Digest)),
    };

    public static TheoryData<string> States => [.. All.Keys];

    [Theory]
    [MemberData(nameof(States))]
    public void A_suspended_delivery_stays_where_it_is_and_writes_nothing(string state)
    {
        var plan = All[state].Suspended().Plan();

        Assert.Equal(All[state].State, plan.State());
        Assert.Empty(plan.World.Images);
        Assert.Null(plan.Wake);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_second_pass_over_a_suspended_delivery_changes_nothing(string state)
    {
        var stored = All[state].Suspended().Stored();

        Assert.True(stored.After(TimeSpan.FromDays(3)).Plan().Status.SameAs(stored.Status));
    }

    [Fact]
    public void The_candidate_is_still_shown() => Assert.Equal(Newer.Digest, (Settled.Suspended() with { Sighting = Newer.Seen() }).Plan().Status.Candidate?.Digest);

    [Fact]
    public void A_weekend_in_suspension_does_not_use_a_deadline_up()
    {
        var monday = Resumed(JustStarted);

        Assert.Equal(new Advancing(Second, 0, monday.Now + Deadline), monday.Plan().State());
        Assert.Empty(monday.Plan().Status.Rejected ?? []);
    }

    [Fact]
    public void A_hold_is_not_served_in_suspension()
    {
        var held = JustStarted.Running(New) with { Terms = Settled.Terms with { Hold = TimeSpan.FromMinutes(30) } };

        var monday = Resumed(held.Stored());

        Assert.Equal(monday.Now, monday.Next<Advancing>().HealthySince);
    }

    [Fact]
    public void A_way_back_has_its_time_after_a_suspension() => Assert.Equal(Resumed(GoingBack).Now + Deadline, Resumed(GoingBack).Next<Reverting>().Deadline);

    [Fact]
    public void A_correction_has_its_time_after_a_suspension()
    {
        var monday = Resumed(Settled.Running(New, author: ImageWriter.Declarative).In(new Correcting("a tool", Noon + Deadline, new Idle())));

        Assert.Equal(monday.Now + Deadline, monday.Next<Correcting>().Deadline);
    }

    [Fact]
    public void The_clocks_start_once_after_a_suspension()
    {
        var resumed = Resumed(JustStarted).Stored();

        Assert.Equal(((Advancing)resumed.State).Deadline, resumed.After(TimeSpan.FromMinutes(3)).Next<Advancing>().Deadline);
    }

    [Fact]
    public void A_request_on_the_way_out_does_not_lose_the_fresh_clocks()
    {
        var resumed = Resumed(JustStarted).Asking(resume: "t1").Stored();

        Assert.Equal((resumed.Now + Deadline, "t1"), (((Advancing)resumed.State).Deadline, resumed.Status.Handled?.Resume));
    }

    [Fact]
    public void A_spec_that_could_not_be_read_stops_the_clocks_too()
    {
        var invalid = DeliveryConditions.Invalid(JustStarted.Status, 4, Reasons.InvalidSpec, "spec.pin: …", Noon);
        var mended = (JustStarted with { Status = invalid }).After(TimeSpan.FromDays(2));

        Assert.Equal(mended.Now + Deadline, mended.Next<Advancing>().Deadline);
    }

    [Fact]
    public void A_rollout_goes_on_after_a_suspension() =>
        Assert.IsType<Recording>(Resumed(HalfWay.Running(New)).Plan().State());

    private static DeliverySnapshot Resumed(DeliverySnapshot now) => now.Suspended().Stored().After(TimeSpan.FromDays(2)) with { Terms = now.Terms };
}
