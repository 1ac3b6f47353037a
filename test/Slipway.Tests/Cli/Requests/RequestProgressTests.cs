using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Actions;
using Slipway.Api;
using Slipway.Cli.Requests;

namespace Slipway.Tests.Cli.Requests;

/// <summary>When a request is done is decided from what the Delivery says, one look after the other.</summary>
public sealed class RequestProgressTests
{
    private const string Value = "2026-03-01T12:00:00.000Z";

    private static readonly ActionPlan.Write Retry = Asked(ActionKind.Retry, Value);
    private static readonly ActionPlan.Write Rollback = Asked(ActionKind.Rollback, Value);

    private static ActionPlan.Write Asked(ActionKind kind, string value) => new(kind, value, null, "");

    private static Delivery Delivery(params Action<JsonObject>[] changes) => JsonSerializer.Deserialize(
        Samples.Changed(delivery =>
        {
            delivery["status"]!["handled"] = new JsonObject { ["retry"] = Value, ["rollback"] = Value };
            foreach (var change in changes)
            {
                change(delivery);
            }
        }),
        ApiJson.Default.Delivery)!;

    private static void Advancing(JsonObject delivery) => Samples.Advance(delivery, 3, "1.2.0", Samples.Digest120, "NewImage");

    private static void Idle(JsonObject delivery) => Samples.Settle(delivery);

    private static Action<JsonObject> Phase(string phase) => delivery => delivery["status"]!["rollout"] = new JsonObject
    {
        ["phase"] = phase,
        ["attempt"] = Samples.Attempt(3, "1.2.0", Samples.Digest120, "NewImage"),
        ["result"] = new JsonObject { ["outcome"] = "Succeeded" },
        ["then"] = new JsonObject { ["phase"] = "Idle" },
        ["reason"] = "CrashLoopBackOff",
        ["message"] = "m",
        ["by"] = "kubectl",
        ["deadline"] = "2026-03-01T12:08:00Z",
    };

    [Fact]
    public void A_value_that_was_handled_is_not_another_one()
    {
        var other = Asked(ActionKind.Retry, "2026-03-01T12:00:00.001Z");

        Assert.IsType<Standing.Pending>(new RequestProgress(other, 2).Look(Delivery(Idle)));
        Assert.IsType<Standing.Settled>(new RequestProgress(Retry, 2).Look(Delivery(Idle)));
    }

    [Fact]
    public void A_status_of_an_older_spec_says_nothing_yet() =>
        Assert.IsType<Standing.Pending>(new RequestProgress(Retry, 2).Look(Delivery(Idle, delivery => delivery["metadata"]!["generation"] = 3)));

    [Theory]
    [InlineData("Reverting")]
    [InlineData("Recording")]
    [InlineData("Correcting")]
    public void What_is_under_way_is_waited_for(string phase) => Assert.IsType<Standing.Pending>(new RequestProgress(Retry, 2).Look(Delivery(Phase(phase))));

    [Fact]
    public void The_attempt_is_remembered_when_it_is_no_longer_shown()
    {
        var progress = new RequestProgress(Retry, lastRelease: 2);

        Assert.IsType<Standing.Pending>(progress.Look(Delivery(Advancing)));
        var settled = Assert.IsType<Standing.Settled>(progress.Look(Delivery(Idle)));

        Assert.Equal(3, settled.Attempt?.Number);
    }

    [Fact]
    public void An_attempt_is_recognized_even_when_only_its_record_was_seen()
    {
        var progress = new RequestProgress(Retry, lastRelease: 2);

        progress.Look(Delivery(Phase("Recording")));

        Assert.Equal("shop-3", Assert.IsType<Standing.Settled>(progress.Look(Delivery(Idle))).Attempt?.Release);
    }

    [Fact]
    public void An_attempt_from_before_is_not_what_came_of_the_request()
    {
        var progress = new RequestProgress(Retry, lastRelease: 3);

        progress.Look(Delivery(Advancing));

        Assert.Null(Assert.IsType<Standing.Settled>(progress.Look(Delivery(Idle))).Attempt);
    }

    [Fact]
    public void To_end_an_attempt_from_before_is_what_came_of_a_rollback()
    {
        var progress = new RequestProgress(Rollback, lastRelease: 3);

        progress.Look(Delivery(Phase("Reverting")));

        Assert.Equal(3, Assert.IsType<Standing.Settled>(progress.Look(Delivery(Idle))).Attempt?.Number);
    }

    [Fact]
    public void A_rollout_that_is_stalled_is_not_waited_for() => Assert.IsType<Standing.Settled>(
        new RequestProgress(Retry, 2).Look(Delivery(Advancing, delivery => Samples.AddCondition(delivery, "Stalled", "True", "TargetNotFound", "m"))));

    [Theory]
    [InlineData(null, true)]
    [InlineData("TooYoung", false)]
    public void A_candidate_that_nothing_holds_is_waited_for(string? held, bool pending)
    {
        var standing = new RequestProgress(Retry, 2).Look(Delivery(Idle, delivery =>
        {
            delivery["status"]!["candidate"] = Samples.Candidate120();
            delivery["status"]!["held"] = held is null ? null : new JsonObject { ["reason"] = held, ["message"] = "m" };
        }));

        Assert.Equal(pending, standing is Standing.Pending);
    }

    [Fact]
    public void Without_a_status_nobody_has_taken_it_up() =>
        Assert.IsType<Standing.Pending>(new RequestProgress(Retry, 0).Look(new Delivery()));
}
