using System.Text.Json.Nodes;
using System.Text.Json;
using Slipway.Api;
using Slipway.Explanations;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Explanations;

public sealed class NextStepsTests
{
    private static System.Collections.Immutable.ImmutableArray<string> Steps(Action<JsonObject> change) =>
        NextSteps.Steps(new Facts(JsonSerializer.Deserialize(Samples.Changed(change), ApiJson.Default.Delivery)!, [], [], CliRun.Noon)).Sentences;

    private static Action<JsonObject> Held(string reason) => delivery => delivery["status"]!["held"] = new JsonObject { ["reason"] = reason, ["message"] = "m" };

    public static TheoryData<string> Advised => [.. NextSteps.Advice.Keys];

    [Theory]
    [MemberData(nameof(Advised))]
    public void Advice_names_the_Delivery_and_leaves_no_gap(string reason) =>
        Assert.All(Steps(Held(reason)), step => Assert.DoesNotContain("{0}", step, StringComparison.Ordinal));

    [Fact]
    public void What_is_stalled_comes_before_what_is_held()
    {
        var steps = Steps(delivery =>
        {
            Held("Suspended")(delivery);
            Samples.AddCondition(delivery, "Stalled", "True", "TargetNotFound", "m");
        });

        Assert.Equal(["create the workload, or name the right one in spec.targets", "'slipway resume shop' lets it go on"], steps);
    }

    [Fact]
    public void The_same_advice_is_given_once() => Assert.Single(Steps(delivery =>
    {
        Held("Rejected")(delivery);
        Samples.SetReady(delivery, "False", "Rejected", "m");
    }));

    [Fact]
    public void A_reason_of_a_newer_controller_does_not_leave_the_reader_without_a_word() => Assert.NotEmpty(Steps(Held("FromTheFuture")));

    [Fact]
    public void A_candidate_that_nothing_holds_is_about_to_start() =>
        Assert.Equal(["wait: 1.2.0 is about to start"], Steps(delivery => delivery["status"]!["candidate"] = Samples.Candidate120()));

    [Fact]
    public void A_first_rollout_cannot_be_ended_by_going_back_yet() => Assert.EndsWith("as soon as there is something to go back to", Steps(delivery =>
    {
        Samples.Advance(delivery, 3, "1.2.0", Samples.Digest120, "NewImage");
        delivery["status"]!["rollout"]!["attempt"]!["previous"] = null;
    })[0], StringComparison.Ordinal);
}
