using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Tags;

namespace Slipway.Tests.Cli.Tags;

public sealed class ArrivalTests
{
    private const string Wanted = Samples.Digest120;

    private static readonly string Attempt =
        $$"""{"number":3,"release":"shop-3-1200","tag":"1.2.0","digest":"{{Wanted}}","cause":"NewImage","startedAt":"2026-03-01T11:59:00Z"}""";

    private static Arrival After(string status, long generation = 2)
    {
        var delivery = JsonNode.Parse(Samples.Calm())!.AsObject();
        delivery["metadata"]!["generation"] = generation;
        foreach (var (name, value) in JsonNode.Parse(status)!.AsObject())
        {
            delivery["status"]![name] = value?.DeepClone();
        }

        return Arrival.Of(delivery.Deserialize(ApiJson.Default.Delivery)!, Wanted);
    }

    private static string Candidate(string digest = Wanted) => $$""" "candidate": {"tag":"1.2.0","digest":"{{digest}}","firstSeen":"2026-03-01T11:59:00Z","why":"newest"} """;

    [Fact]
    public void What_is_current_has_arrived() =>
        Assert.Equal(new Arrival.Arrived(3), After($$"""{"current":{"tag":"1.2.0","digest":"{{Wanted}}","release":3} }"""));

    [Fact]
    public void A_digest_that_nobody_has_seen_is_waited_for_and_what_is_selected_instead_is_told() =>
        Assert.Equal(new Arrival.Pending("not seen yet; the policy selects 1.1.0"), After("{}"));

    [Fact]
    public void A_registry_that_does_not_answer_is_told_while_waiting()
    {
        var pending = Assert.IsType<Arrival.Pending>(After(
            """{"conditions":[{"type":"SourceReady","status":"False","reason":"RateLimited","message":"asked too often","lastTransitionTime":"2026-03-01T11:00:00Z"}]}"""));

        Assert.Equal("not seen yet: RateLimited: asked too often", pending.Doing);
    }

    [Fact]
    public void A_spec_that_the_controller_has_not_read_yet_says_nothing() =>
        Assert.Equal(new Arrival.Pending("waiting for the controller to take it up"), After($$"""{"current":{"tag":"1.2.0","digest":"{{Wanted}}","release":3} }""", generation: 3));

    [Fact]
    public void A_Delivery_without_a_status_is_waited_for()
    {
        var delivery = JsonSerializer.Deserialize(Samples.Calm(), ApiJson.Default.Delivery)! with { Status = null };

        Assert.IsType<Arrival.Pending>(Arrival.Of(delivery, Wanted));
    }

    [Theory]
    [InlineData("Advancing", "\"wave\":0,\"deadline\":\"2026-03-01T12:09:00Z\"", "release 3 is being rolled out")]
    [InlineData("Stepping", "\"step\":1,\"stage\":\"Holding\",\"side\":{\"stable\":\"shop\",\"replicas\":1,\"of\":4},\"deadline\":\"2026-03-01T12:09:00Z\"", "release 3 runs beside the stable version, step 2 of 2")]
    [InlineData("Reverting", "\"reason\":\"CrashLoopBackOff\",\"message\":\"web crashes\",\"deadline\":\"2026-03-01T12:09:00Z\"", "release 3 is being rolled back: CrashLoopBackOff: web crashes")]
    [InlineData("Recording", "\"result\":{\"outcome\":\"Succeeded\"},\"then\":{\"phase\":\"Idle\"}", "release 3 is being recorded")]
    public void What_is_under_way_is_waited_for(string phase, string more, string doing) =>
        Assert.Equal(new Arrival.Pending(doing), After($$"""{"rollout":{"phase":"{{phase}}","attempt":{{Attempt}},{{more}}},{{Candidate()}}}"""));

    [Fact]
    public void While_another_version_goes_back_to_it_it_has_not_arrived_yet()
    {
        var other = Attempt.Replace(Wanted, Samples.Digest110, StringComparison.Ordinal);
        var back = $$"""{"phase":"Reverting","attempt":{{other}},"reason":"Bad","message":"bad","deadline":"2026-03-01T12:09:00Z"}""";

        Assert.IsType<Arrival.Pending>(After($$"""{"current":{"tag":"1.2.0","digest":"{{Wanted}}","release":2},"rollout":{{back}} }"""));
    }

    [Fact]
    public void What_was_rejected_has_failed()
    {
        var failed = Assert.IsType<Arrival.Failed>(After(
            $$"""{"rejected":[{"tag":"1.2.0","digest":"{{Wanted}}","release":3,"reason":"CrashLoopBackOff","message":"web crashes","terms":"v1:0"}],{{Candidate()}},"held":{"reason":"Rejected","message":"no"} }"""));

        Assert.Equal("release 3: CrashLoopBackOff: web crashes", failed.Why);
    }

    [Theory]
    [InlineData("RollbackDisabled")]
    [InlineData("NothingToRollBackTo")]
    public void What_failed_and_was_left_where_it_is_has_failed(string reason) =>
        Assert.IsType<Arrival.Failed>(After($$"""{"rollout":{"phase":"Held","reason":"{{reason}}","message":"stays","since":"2026-03-01T11:00:00Z"},{{Candidate()}}}"""));

    [Theory]
    [InlineData("{\"held\":{\"reason\":\"Suspended\",\"message\":\"spec.suspend is true\"}}", "Suspended")]
    [InlineData("{\"rollout\":{\"phase\":\"Held\",\"reason\":\"Drifted\",\"message\":\"by hand\",\"since\":\"2026-03-01T11:00:00Z\"}}", "Drifted")]
    [InlineData("{\"conditions\":[{\"type\":\"Stalled\",\"status\":\"True\",\"reason\":\"InvalidSpec\",\"message\":\"no\",\"lastTransitionTime\":\"2026-03-01T11:00:00Z\"}]}", "InvalidSpec")]
    public void What_waits_for_a_person_is_stuck(string status, string reason) =>
        Assert.StartsWith(reason, Assert.IsType<Arrival.Stuck>(After(status)).Why, StringComparison.Ordinal);

    [Fact]
    public void A_gate_without_an_end_is_stuck_only_when_it_is_about_this_image()
    {
        const string Held = "\"held\":{\"reason\":\"PlatformMismatch\",\"message\":\"no arm64\"}";

        Assert.IsType<Arrival.Stuck>(After($$"""{ {{Candidate()}},{{Held}} }"""));
        Assert.IsType<Arrival.Pending>(After($$"""{ {{Candidate(Samples.Digest100)}},{{Held}} }"""));
    }

    [Fact]
    public void A_gate_that_opens_by_itself_is_waited_for()
    {
        var pending = Assert.IsType<Arrival.Pending>(After($$"""{ {{Candidate()}},"held":{"reason":"TooYoung","message":"rests","until":"2026-03-01T12:09:00Z"} }"""));

        Assert.Equal("TooYoung until 2026-03-01 12:09:00Z: rests", pending.Doing);
    }

    [Theory]
    [InlineData("TooManyRollouts")]
    [InlineData("AwaitingDelivery")]
    [InlineData("AwaitingGroup")]
    public void What_others_have_to_end_is_waited_for(string reason) =>
        Assert.Equal(new Arrival.Pending($"{reason}: others first"), After($$"""{ {{Candidate()}},"held":{"reason":"{{reason}}","message":"others first"} }"""));

    [Theory]
    [InlineData("Inconclusive", typeof(Arrival.Pending))]
    [InlineData("AwaitingApproval", typeof(Arrival.Stuck))]
    public void A_step_that_waits_for_a_person_is_stuck_and_one_that_waits_for_measurements_is_not(string reason, Type expected)
    {
        var stepping = $$"""{"phase":"Stepping","attempt":{{Attempt}},"step":0,"stage":"Holding","side":{"stable":"shop","replicas":1,"of":4},"deadline":"2026-03-01T12:09:00Z"}""";

        Assert.IsType(expected, After($$"""{ {{Candidate()}},"rollout":{{stepping}},"held":{"reason":"{{reason}}","message":"waits"} }"""));
    }

    [Fact]
    public void A_candidate_that_nothing_holds_is_about_to_start() => Assert.Equal(new Arrival.Pending("it is about to start"), After($$"""{ {{Candidate()}} }"""));
}
