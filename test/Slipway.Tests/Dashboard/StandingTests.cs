using Slipway.Dashboard.Deliveries;

namespace Slipway.Tests.Dashboard;

public sealed class StandingTests
{
    [Fact]
    public void What_runs_as_it_should_is_healthy() => Assert.Equal(Standing.Healthy, Standings.Of(Rows.Calm()));

    [Fact]
    public void A_rollout_is_one_until_a_person_is_asked_or_something_holds_it()
    {
        Assert.Equal(Standing.RollingOut, Standings.Of(Rows.Stepping()));
        Assert.Equal(Standing.AwaitingApproval, Standings.Of(Rows.Held("AwaitingApproval", phase: "Stepping")));
        Assert.Equal(Standing.Held, Standings.Of(Rows.Held("Frozen", phase: "Stepping")));
    }

    [Fact]
    public void The_way_back_is_shown_whatever_holds_the_next_version() => Assert.Equal(Standing.GoingBack, Standings.Of(Rows.Held("Frozen", phase: "Reverting")));

    [Theory]
    [InlineData("Rejected", Standing.Failing)]
    [InlineData("SignatureMissing", Standing.Failing)]
    [InlineData("Frozen", Standing.Held)]
    [InlineData("OutsideWindow", Standing.Held)]
    [InlineData("TooYoung", Standing.Held)]
    public void A_hold_is_a_failure_only_where_something_went_wrong(string reason, Standing standing) => Assert.Equal(standing, Standings.Of(Rows.Held(reason)));

    [Fact]
    public void What_is_not_ready_and_not_held_is_failing() => Assert.Equal(Standing.Failing, Standings.Of(Rows.Calm() with { Ready = "False", Reason = "TargetNotFound" }));

    [Fact]
    public void Suspended_goes_before_all() => Assert.Equal(Standing.Suspended, Standings.Of(Rows.Held("Rejected") with { Suspended = true }));

    [Fact]
    public void Each_standing_has_a_word_and_a_sign_of_its_own()
    {
        var looks = Enum.GetValues<Standing>().Select(StandingLook.Of).ToArray();

        Assert.Equal(looks.Length, looks.Select(look => look.Word).Distinct().Count());
        Assert.Equal(looks.Length, looks.Select(look => look.Icon).Distinct().Count());
    }

    [Theory]
    [InlineData("AwaitingApproval", "Awaiting approval")]
    [InlineData("Frozen", "Frozen")]
    [InlineData("NewImage", "New image")]
    [InlineData("", "")]
    public void Reasons_are_read_as_words(string reason, string words) => Assert.Equal(words, Slipway.Dashboard.Deliveries.Reasons.Spaced(reason));
}
