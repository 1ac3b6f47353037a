using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Verbs;

public sealed class WhyVerbTests
{
    private static FakeCluster Cluster(string delivery) => new FakeCluster().With("deliveries", delivery).WithHistory().WithFailure();

    public static TheoryData<string, string> States => new()
    {
        { "calm", Samples.Calm() },
        { "rolled-back", Samples.RolledBack() },
        { "advancing", Samples.Advancing() },
        { "fresh", """{"metadata":{"name":"shop","namespace":"prod","generation":1},"spec":{"targets":[{"name":"shop"}],"source":{"follow":{"tag":{"name":"prod","versionPattern":"[0-9.]+"}},"minimumAge":"10m"}}}""" },
        {
            "young", Samples.Changed(delivery =>
            {
                delivery["status"]!["candidate"] = Samples.Candidate120();
                delivery["status"]!["held"] = new JsonObject { ["reason"] = "TooYoung", ["message"] = "1.2.0 rests until 2026-03-01 12:07:00Z (spec.source.minimumAge)", ["until"] = "2026-03-01T12:07:00Z" };
            })
        },
        {
            "invalid", Samples.Changed(delivery =>
            {
                delivery["spec"]!["source"]!["follow"]!["semver"]!["range"] = ">=1 <";
                Samples.SetReady(delivery, "False", "InvalidSpec", "spec.source.follow.semver.range: '>=1 <' is no range");
                Samples.AddCondition(delivery, "Stalled", "True", "InvalidSpec", "spec.source.follow.semver.range: '>=1 <' is no range");
            })
        },
        {
            "unauthorized", Samples.Changed(delivery =>
            {
                var source = delivery["status"]!["conditions"]![1]!;
                (source["status"], source["reason"], source["message"]) = ("False", "Unauthorized", "cannot list the tags of registry.example/shop: registry.example does not accept the pull secret for it; renew the secret");
            })
        },
        {
            "by-hand", Samples.Changed(delivery =>
            {
                delivery["status"]!["rollout"] = new JsonObject { ["phase"] = "Held", ["reason"] = "ManualRollback", ["message"] = "rolled back to 1.1.0 by hand; 'slipway resume shop' follows the source again", ["since"] = "2026-03-01T11:00:00Z" };
                delivery["status"]!["held"] = new JsonObject { ["reason"] = "ManualRollback", ["message"] = "rolled back to 1.1.0 by hand; 'slipway resume shop' follows the source again" };
                Samples.SetReady(delivery, "True", "ManualRollback", "1.1.0 runs; rolled back to 1.1.0 by hand; 'slipway resume shop' follows the source again");
            })
        },
        {
            "reverting", Samples.Changed(delivery =>
            {
                delivery["status"]!["rollout"] = new JsonObject { ["phase"] = "Reverting", ["attempt"] = Samples.Attempt(3, "1.2.0", Samples.Digest120, "NewImage"), ["reason"] = "CrashLoopBackOff", ["message"] = "container web exits with 1", ["deadline"] = "2026-03-01T12:08:00Z" };
                Samples.AddCondition(delivery, "Reconciling", "True", "RollingBack", "release 3: CrashLoopBackOff: container web exits with 1; going back to 1.1.0");
                Samples.SetReady(delivery, "False", "RollingBack", "release 3: CrashLoopBackOff: container web exits with 1; going back to 1.1.0");
            })
        },
        {
            "stepping", Samples.Changed(delivery =>
            {
                var attempt = Samples.Attempt(3, "1.2.0", Samples.Digest120, "NewImage");
                attempt["plan"] = JsonNode.Parse("""{"strategy":"Canary","steps":[{"weight":25,"hold":"10m","for":"30m"},{"weight":50}]}""");
                delivery["status"]!["rollout"] = new JsonObject { ["phase"] = "Stepping", ["attempt"] = attempt, ["step"] = 0, ["stage"] = "Holding", ["side"] = JsonNode.Parse("""{"stable":"shop","replicas":1,"of":3,"open":1}"""), ["deadline"] = "2026-03-01T12:10:00Z", ["since"] = "2026-03-01T11:55:00Z", ["boxEnds"] = "2026-03-01T12:25:00Z" };
                delivery["status"]!["held"] = new JsonObject { ["reason"] = "Inconclusive", ["message"] = "step 1 of 1.2.0 is paused: errors: no data (Prometheus is unreachable); 'slipway promote shop' goes on without it, 'slipway abort shop' goes back" };
                Samples.AddCondition(delivery, "Reconciling", "True", "Stepping", "step 1 of 2 of 1.2.0: 25 % (1 pod beside 3) since 2026-03-01 11:55:00Z, held for 10m, until 2026-03-01 12:25:00Z at the latest");
                Samples.SetReady(delivery, "False", "Stepping", "step 1 of 2 of 1.2.0: 25 % (1 pod beside 3) since 2026-03-01 11:55:00Z");
            })
        },
        {
            "draining", Samples.Changed(delivery =>
            {
                delivery["status"]!["rollout"] = new JsonObject { ["phase"] = "Draining", ["attempt"] = Samples.Attempt(3, "1.2.0", Samples.Digest120, "NewImage"), ["side"] = JsonNode.Parse("""{"stable":"shop","replicas":1,"of":3}"""), ["then"] = new JsonObject { ["phase"] = "Idle" }, ["deadline"] = "2026-03-01T12:10:00Z" };
                Samples.AddCondition(delivery, "Reconciling", "True", "Draining", "release 3: requests are taken from what ran beside shop");
                Samples.SetReady(delivery, "False", "Draining", "release 3: requests are taken from what ran beside shop");
            })
        },
        { "edited", Samples.Changed(delivery => delivery["metadata"]!["generation"] = 3) },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task The_explanation_is_as_reviewed(string state, string delivery)
    {
        var run = await CliRun.OfAsync(["why", "shop"], connect: Cluster(delivery).Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match($"why-{state}.txt", run.Out);
    }

    [Fact]
    public async Task For_machines_each_question_is_a_field()
    {
        var run = await CliRun.OfAsync(["why", "shop", "-o", "json"], connect: Cluster(Samples.RolledBack()).Connect);

        Golden.Match("why-rolled-back.json", run.Out);
    }

    [Fact]
    public async Task Events_of_others_are_not_told()
    {
        var cluster = Cluster(Samples.Calm()).With("events", Samples.Event("e9", "Started", "of another", "2026-03-01T11:59:59Z", about: "shop-worker"));

        Assert.DoesNotContain("of another", (await CliRun.OfAsync(["why", "shop"], connect: cluster.Connect)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_read_events_still_gets_the_rest()
    {
        var cluster = Cluster(Samples.Calm());
        cluster.Fault = asked => asked.Path.Contains("/events", StringComparison.Ordinal) ? FakeCluster.Failure(HttpStatusCode.Forbidden, "Forbidden", "no") : null;

        var run = await CliRun.OfAsync(["why", "shop"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        Assert.Contains("Runs", run.Out, StringComparison.Ordinal);
        Assert.Contains("events are left out", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_of_rejections_is_cut()
    {
        var delivery = Samples.Changed(json =>
        {
            var rejected = new JsonArray();
            for (var number = 1; number <= 8; number++)
            {
                rejected.Add(new JsonObject { ["tag"] = $"0.{number}", ["digest"] = $"sha256:{number}", ["release"] = number, ["reason"] = "R", ["message"] = "m", ["terms"] = "t" });
            }

            json["status"]!["rejected"] = rejected;
        });

        var run = await CliRun.OfAsync(["why", "shop", "-o", "json"], connect: Cluster(delivery).Connect);

        var sentences = JsonNode.Parse(run.Out)!["rejected"]!.AsArray();
        Assert.StartsWith("0.8 ", (string?)sentences[0], StringComparison.Ordinal);
        Assert.Equal("and 3 before that", (string?)sentences[^1]);
    }
}
