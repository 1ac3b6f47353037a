using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts;
using Slipway.Tests.Cli;
using Slipway.Views;

namespace Slipway.Tests.Views;

public sealed class ViewTests
{
    [Fact]
    public void A_row_says_what_runs_what_is_next_and_what_holds_it() =>
        Matches("rows.json", new DeliveryPage([DeliveryViews.Row(ViewSamples.Calm), DeliveryViews.Row(ViewSamples.RolledBack), DeliveryViews.Row(ViewSamples.Advancing), DeliveryViews.Row(ViewSamples.Stepping)]), ViewJson.Default.DeliveryPage);

    [Fact]
    public void A_canary_shows_its_steps_both_sides_the_share_and_what_is_measured() =>
        Matches("stepping.json", DeliveryViews.Whole(ViewSamples.FactsOf(ViewSamples.Stepping), ViewSamples.Live), ViewJson.Default.DeliveryView);

    [Fact]
    public void A_rolling_update_has_no_steps_and_one_side() =>
        Matches("advancing.json", DeliveryViews.Whole(ViewSamples.FactsOf(ViewSamples.Advancing), new(ViewSamples.Live.Stable)), ViewJson.Default.DeliveryView);

    [Fact]
    public void Where_nothing_is_under_way_there_is_no_rollout() =>
        Assert.Null(DeliveryViews.Whole(ViewSamples.FactsOf(ViewSamples.Calm), new()).Rollout);

    [Fact]
    public void A_release_tells_who_what_and_how_it_ended() => Matches("release.json", ReleaseViews.Whole(ViewSamples.Release), ViewJson.Default.ReleaseView);

    [Fact]
    public void What_a_check_had_to_keep_to_is_drawn_when_it_is_over_too()
    {
        var check = ReleaseViews.Check(new("errors", 0, "Failed", 2, 3, 0) { Pass = "result < 0.01" });

        var limit = Assert.Single(check.Limits!);
        Assert.Equal(("result < 0.01", 0.01), (check.Pass, limit.Value));
        Assert.Null(ReleaseViews.Check(new("smoke", 0, "Passed", 1, 0, 0)).Limits);
    }

    [Fact]
    public void A_release_without_a_status_is_unknown() =>
        Assert.Equal("Unknown", ReleaseViews.Whole(ViewSamples.Release with { Status = null }).Row.Outcome);

    [Fact]
    public void A_Delivery_of_which_nothing_is_known_has_a_row_all_the_same()
    {
        var row = DeliveryViews.Row(new Delivery { Metadata = new() { Name = "new", Namespace = "prod" } });

        Assert.Equal(("Idle", "Unknown", null, null, "Rolling"), (row.Phase, row.Ready, row.Current, row.Reason, row.Strategy));
    }

    [Theory]
    [InlineData(0, "Current,Ahead,Ahead")]
    [InlineData(1, "Done,Current,Ahead")]
    [InlineData(2, "Done,Done,Current")]
    public void Steps_are_done_current_or_ahead(int at, string standings)
    {
        var state = (RolloutState.Stepping)ViewSamples.Stepping.Status!.Rollout!;
        Assert.Equal(standings, Standings(state with { Step = at }));
    }

    [Fact]
    public void The_promotion_comes_after_every_step() =>
        Assert.Equal("Done,Done,Done", Standings(new RolloutState.Advancing(ViewSamples.Stepping.Status!.Rollout!.Attempted!, 0, ViewSamples.Noon)));

    [Fact]
    public void What_goes_back_has_not_done_the_steps_that_were_ahead() =>
        Assert.Equal("Ahead,Ahead,Ahead", Standings(new RolloutState.Reverting(ViewSamples.Stepping.Status!.Rollout!.Attempted!, "CheckFailed", "errors", ViewSamples.Noon)));

    [Fact]
    public void Who_waits_for_a_yes_is_shown_with_the_digest_that_it_would_be_for()
    {
        var waiting = ViewSamples.RolledBack with { Status = ViewSamples.RolledBack.Status! with { Held = new(Reasons.AwaitingApproval, $"1.2.0 waits: {Samples.Digest120}") } };
        var approval = DeliveryViews.Approval(waiting)!;

        Assert.Equal(("1.2.0", Samples.Digest120, false, "1.2.0 waits: sha256:120000000000"), (approval.Tag, approval.Digest, approval.Beside, approval.Message));
        Assert.Null(DeliveryViews.Approval(ViewSamples.RolledBack));
    }

    [Fact]
    public void A_step_that_waits_asks_about_what_it_shows()
    {
        var waiting = ViewSamples.Stepping with { Status = ViewSamples.Stepping.Status! with { Held = new(Reasons.AwaitingApproval, "step 2 waits"), Candidate = new("1.3.0", Samples.Digest100, ViewSamples.Noon, "newer") } };
        Assert.Equal((Samples.Digest120, true), (DeliveryViews.Approval(waiting)!.Digest, DeliveryViews.Approval(waiting)!.Beside));
    }

    [Fact]
    public void A_freeze_tells_whether_it_freezes_now_and_what_is_wrong_with_it()
    {
        var freeze = FreezeTerms.Read(new Freeze { Metadata = new() { Name = "xmas" }, Spec = new() { Reason = "holidays", From = "2026-03-01T10:00:00Z", Until = "2026-03-02T10:00:00Z", Namespaces = ["prod-*"] } }, "ada");
        var view = DeliveryViews.Freeze(freeze, ViewSamples.Noon);
        Assert.Equal((true, "ada", new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero), null), (view.InForce, view.By, view.Ends, view.Problem));
        Assert.Equal(["prod-*"], view.Namespaces!);
        Assert.False(DeliveryViews.Freeze(freeze, ViewSamples.Noon.AddDays(2)).InForce);

        var broken = DeliveryViews.Freeze(FreezeTerms.Read(new Freeze { Metadata = new() { Name = "x" }, Spec = new() { Until = "soon" } }, null), ViewSamples.Noon);
        Assert.True(broken.InForce);
        Assert.StartsWith("spec.until: ", broken.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var view = DeliveryViews.Whole(ViewSamples.FactsOf(ViewSamples.Stepping), ViewSamples.Live);
        var text = JsonSerializer.Serialize(view, ViewJson.Default.DeliveryView);
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, ViewJson.Default.DeliveryView), ViewJson.Default.DeliveryView));
    }

    [Fact]
    public void A_field_that_no_action_has_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"digset":"sha256:1"}""", ViewJson.Default.ActionRequest));

    private static string Standings(RolloutState state)
    {
        var delivery = ViewSamples.Stepping with { Status = ViewSamples.Stepping.Status! with { Rollout = state } };
        return string.Join(',', RolloutViews.Of(ViewSamples.FactsOf(delivery), new())!.Steps!.Select(step => step.Standing));
    }

    private static void Matches<T>(string name, T view, JsonTypeInfo<T> type) =>
        Golden.Match($"views/{name}", JsonNode.Parse(JsonSerializer.Serialize(view, type))!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
}
