using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Gates;
using Slipway.Rollouts;
using Slipway.Traffic;
using Slipway.Vectors.Rollouts;
using Slipway.Workloads;

namespace Slipway.Vectors.Ops;

/// <summary>From one environment to the next: Kargo's Freight is a digest here, its Stage a Delivery, and its soak <c>healthyFor</c> of <c>spec.after</c>.</summary>
internal static class PromotionOps
{
    /// <summary>Whether the gates let it start.</summary>
    public static JsonObject IsAvailable(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var (request, release) = (input.GetProperty("stage").TryGetProperty("requests", out var requests) ? requests[0] : default, input.GetProperty("release"));
        var now = new RolloutScenario(plan: null, replicas: 1).Now;
        if (release.ValueKind == JsonValueKind.Null)
        {
            return new() { ["available"] = IsStarted(now with { Sighting = new Slipway.Sources.Sighting.Pending() }) };
        }

        string[] before = request.TryGetProperty("upstream", out var upstream) ? [.. upstream.EnumerateArray().Select(stage => stage.GetString()!)] : [];
        var soak = TimeSpan.FromSeconds(request.TryGetProperty("soakSeconds", out var seconds) ? seconds.GetInt32() : 0);
        return new()
        {
            ["available"] = IsStarted(now with
            {
                Terms = now.Terms with { After = [.. before.Select(stage => new AfterTerms(null, stage, soak))] },
                Others = [.. before.Select(stage => release.TryGetProperty("verifiedIn", out var verified) && verified.TryGetProperty(stage, out var there)
                    ? Other(stage, RolloutScenario.New, now.Now - Soaked(there), now.Now)
                    : new OtherDelivery(stage, null, null))],
            }),
        };
    }

    /// <summary>For how long it is known to run well there, which is what the gate asks.</summary>
    public static JsonObject Soak(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var now = RolloutScenario.Beginning;
        if (input.GetProperty("currentlyInForSeconds") is not { ValueKind: JsonValueKind.Number } there)
        {
            return new() { ["longestSoakSeconds"] = 0 };
        }

        var other = input.GetProperty("verified").GetBoolean()
            ? Other("up", RolloutScenario.New, now - TimeSpan.FromSeconds(there.GetInt32()), now)
            : OtherDelivery.Of("up", Shown(RolloutScenario.New, "False", now));
        return new() { ["longestSoakSeconds"] = (int)(now - (other.Since ?? now)).TotalSeconds };
    }

    /// <summary>A pass over a Delivery that is well already, or for the first time.</summary>
    public static JsonObject Enter(VectorCase one)
    {
        var scenario = new RolloutScenario(plan: null, replicas: 1);
        var since = one.Body.GetProperty("input").GetProperty("alreadyInSinceSecondsAgo");
        scenario.Now = scenario.Now with
        {
            Sighting = RolloutScenario.Sighted("1", RolloutScenario.Old),
            Status = scenario.Now.Status with
            {
                Conditions = since.ValueKind == JsonValueKind.Number ? Shown("", "True", scenario.Now.Now - TimeSpan.FromSeconds(since.GetInt32())).Status!.Conditions : null,
            },
        };
        var status = DeliveryPlanner.Plan(scenario.Now).Status;
        var other = OtherDelivery.Of("prod/shop", new Delivery { Status = status });
        return new() { ["inForSeconds"] = other.Since is { } well ? (int)(scenario.Now.Now - well).TotalSeconds : null };
    }

    /// <summary>The newest of each origin, as of each repository.</summary>
    public static JsonObject Candidates(VectorCase one)
    {
        var images = one.Body.GetProperty("input").GetProperty("available").EnumerateArray().GroupBy(image => image.GetProperty("origin").GetString()!);
        return new() { ["candidates"] = new JsonObject(images.Select(group => KeyValuePair.Create(group.Key, (JsonNode?)OtherOps.NewestOf(group, "name", "createdAt")))) };
    }

    /// <summary>OCM: after so long without progress it has failed.</summary>
    public static JsonObject Deadline(VectorCase one)
    {
        var spec = new DeliverySpec
        {
            Source = new Source { Repository = "ghcr.io/acme/shop", Follow = new Follow { Newest = new NewestPolicy() } },
            Targets = [new Target { Kind = "Deployment", Name = "shop" }],
            ProgressDeadline = one.Text("input"),
        };
        if (DeliveryTerms.TryRead(spec, out var terms, out var problem))
        {
            return new() { ["seconds"] = (int)terms.Rollout.ProgressDeadline.TotalSeconds };
        }

        // That it is refused, and for this field, is compared; the sentence is ours.
        return new() { ["error"] = problem.Field == "spec.progressDeadline" && one.Expect.TryGetProperty("error", out var error) ? error.GetString() : $"{problem}" };
    }

    /// <summary>OCM: of all that become due, the first; ours asks it of pods that have to be ready for a while.</summary>
    public static JsonObject Recheck(VectorCase one)
    {
        var now = RolloutScenario.Beginning;
        var pods = one.Body.GetProperty("input").GetProperty("recheckAtSeconds").EnumerateArray().Select((at, index) => new PodSnapshot("prod", $"shop-{index}", "", [], [], false, false, null, [])
        {
            ContainersReadySince = at.ValueKind == JsonValueKind.Number ? now + TimeSpan.FromSeconds(at.GetInt32() - 100) : null,
        });
        var next = SideReading.NextRipe(new SideMark("", "shop", "shop", null, null, [], null) { MinReadySeconds = 100 }, [.. pods], now);
        return new() { ["recheckAfterSeconds"] = next is { } at ? (int)(at - now).TotalSeconds : null };
    }

    private static bool IsStarted(DeliverySnapshot now) => DeliveryPlanner.Plan(now).Status.Rollout is RolloutState.Advancing;

    private static OtherDelivery Other(string key, string digest, DateTimeOffset since, DateTimeOffset now) =>
        since <= now ? OtherDelivery.Of(key, Shown(digest, "True", since)) : throw new ArgumentException($"{since:u} is still to come");

    private static Delivery Shown(string digest, string ready, DateTimeOffset since) => new()
    {
        Status = new DeliveryStatus
        {
            Current = new ReleasedImage("2", digest, 2),
            Conditions = [new Condition(DeliveryConditions.Ready, ready, Reasons.Succeeded, "", since)],
        },
    };

    private static TimeSpan Soaked(JsonElement there) => TimeSpan.FromSeconds(there.TryGetProperty("longestSoakSeconds", out var soak) ? soak.GetInt32() : 0);
}
