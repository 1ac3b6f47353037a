using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Tests.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Api;

/// <summary>What is stored must be read back as what it was, or each pass would take its own status for another one and write again (I25).</summary>
public sealed class StatusRoundTripTests
{
    private static readonly Dictionary<string, RolloutState> All = new()
    {
        ["Idle"] = new Idle(),
        ["Idle with corrections"] = new Idle(new Corrections(3, Noon)),
        ["Advancing"] = new Advancing(Second, 0, Noon + Deadline),
        ["Advancing, healthy"] = new Advancing(Second with { By = "ann", Previous = null }, 1, Noon + Deadline, HighWater: 3, HealthySince: Noon.AddMilliseconds(7), FirstHealthy: Noon),
        ["Reverting"] = new Reverting(Second, "CrashLoopBackOff", "exit \"1\" →\n…", Noon + Deadline, HighWater: 2),
        ["Recording, then idle"] = new Recording(Second, Failure, new Idle(new Corrections(1, Noon))),
        ["Recording, then held"] = new Recording(Second, Failure, new Held(Reasons.ManualRollback, "by hand", Noon)),
        ["Correcting, then held"] = new Correcting("a tool", Noon + Deadline, new Held(Reasons.ManualRollback, "by hand", Noon, New.Digest, new Corrections(2, Noon))),
        ["Held, pinned"] = new Held(Reasons.RollbackDisabled, "held", Noon, New.Digest, Pinned: true),
        ["Held"] = new Held(Reasons.Drifted, "held", Noon, New.Digest),
    };

    public static TheoryData<string> States => [.. All.Keys];

    private static DeliveryStatus Status(RolloutState state) => Describe(JustStarted.Rejecting(New, Newer).Suspended() with
    {
        Status = JustStarted.Rejecting(New, Newer).Status with { Rollout = state, Handled = new("t1", "t2 digest sha256:1", "t3 to 1 by ann", "t4") },
    });

    private static DeliveryStatus Describe(DeliverySnapshot now) => DeliveryConditions.Describe(now, now.Status);

    private static string Write(DeliveryStatus status) => JsonSerializer.Serialize(new Delivery { Status = status }, ApiJson.Default.Delivery);

    private static DeliveryStatus Read(string json) => JsonSerializer.Deserialize(json, ApiJson.Default.Delivery)!.Status!;

    [Theory]
    [MemberData(nameof(States))]
    public void A_status_is_read_back_as_what_was_written(string state) => Assert.True(Read(Write(Status(All[state]))).SameAs(Status(All[state])));

    [Theory]
    [MemberData(nameof(States))]
    public void A_status_is_read_back_whatever_the_order_of_its_keys(string state) =>
        Assert.True(Read(Sorted(JsonNode.Parse(Write(Status(All[state])))).ToJsonString()).SameAs(Status(All[state])));

    [Theory]
    [MemberData(nameof(States))]
    public void A_status_that_says_null_where_nothing_is_said_is_the_same(string state)
    {
        var json = JsonNode.Parse(Write(Status(All[state])))!;
        json["status"]!["candidate"] ??= null;
        json["status"]!["rollout"]!["corrections"] ??= null;
        json["status"]!["rollout"]!["healthySince"] ??= null;

        Assert.True(Read(json.ToJsonString()).SameAs(Status(All[state])));
    }

    [Fact]
    public void Empty_lists_and_absent_ones_are_the_same()
    {
        var status = new DeliveryStatus { Current = Old.By(1) };

        Assert.True(status.SameAs(status with { Rejected = [], Conditions = [] }));
        Assert.True((status with { Rejected = [], Conditions = [] }).SameAs(status));
    }

    public static TheoryData<string> Changes => [.. Changed.Keys];

    private static readonly Dictionary<string, Func<DeliveryStatus, DeliveryStatus>> Changed = new()
    {
        ["conditions"] = status => status with { Conditions = [.. status.Conditions!.Skip(1)] },
        ["a condition's message"] = status => status with { Conditions = [.. status.Conditions!.Select(condition => condition with { Message = "other" })] },
        ["rejected"] = status => status with { Rejected = [.. status.Rejected!.Take(1)] },
        ["the order of rejected"] = status => status with { Rejected = [.. status.Rejected!.Reverse()] },
        ["rollout"] = status => status with { Rollout = new Idle() },
        ["a field of rollout"] = status => status with { Rollout = ((Held)status.Rollout!) with { Candidate = null } },
        ["candidate"] = status => status with { Candidate = null },
        ["current"] = status => status with { Current = status.Current! with { Adopted = true } },
        ["held"] = status => status with { Held = null },
        ["lastRelease"] = status => status with { LastRelease = 99 },
        ["handled"] = status => status with { Handled = new() },
        ["observedGeneration"] = status => status with { ObservedGeneration = 99 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_status_that_differs_in_one_thing_is_another(string change)
    {
        var status = Status(All["Held"]);

        Assert.False(status.SameAs(Changed[change](status)));
    }

    [Fact]
    public void A_release_is_read_back_as_what_was_written()
    {
        var release = WorldOf.State(HalfWay).Release!;

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(release, ApiJson.Default.Release), ApiJson.Default.Release)!;

        Assert.Equal((release.Spec, release.Status), (read.Spec, read.Status));
        Assert.Equal(release.Metadata.Labels!.ToArray(), read.Metadata.Labels!.ToArray());
        Assert.Equal(release.Metadata.OwnerReferences, read.Metadata.OwnerReferences);
    }

    // The API server returns keys in its own order.
    private static JsonNode Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderByDescending(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Sorted(item))]),
        _ => node!.DeepClone(),
    };
}
