using System.Reflection;
using System.Text.Json;
using Slipway.Vectors;

namespace Slipway.Tests.Vectors;

/// <summary>A peer's own rule is told by what it hangs on: one case that has it for each, and one that differs in nothing else and has it not.</summary>
public sealed class RolloutDialectsTests
{
    public static TheoryData<string, string, string, string> Rules => new()
    {
        { "canary-weight-approximation", "one-total", """{"input":{"replicas":10,"weight":20},"expect":{"stable":8,"canary":2}}""", """{"input":{"replicas":10,"weight":20},"expect":{"stable":10,"canary":2}}""" },
        { "canary-trajectories", "one-total", """{"input":{"replicas":1,"weight":1},"expect":{"fixpoint":{"stable":1,"canary":0}}}""", """{"input":{"replicas":1,"weight":0},"expect":{"fixpoint":{"stable":1,"canary":0}}}""" },
        { "canary-trajectories", "more-than-half-by-pods", """{"input":{"replicas":1,"weight":51},"expect":{"fixpoint":{"stable":1,"canary":1}}}""", """{"input":{"replicas":1,"weight":50},"expect":{"fixpoint":{"stable":1,"canary":1}}}""" },
        { "canary-replicas", "canary-within-surge", Pods(30, "10", "0", "10", "2"), Pods(20, "10", "0", "10", "2") },
        { "canary-replicas", "both-sides-in-one-pass", Pods(100, "4", "0", "0", "4"), Pods(100, "4", "0", "4", "2") },
        { "canary-replicas", "canary-scale", Routed("""{"matchTrafficWeight":false}"""), Routed("""{"matchTrafficWeight":true}""") },
        { "canary-replicas", "least-pods", Routed("null", least: "2"), Routed("null") },
        { "canary-dynamic-stable-scale", "stable-by-weight", Dynamic(20, "9"), Dynamic(20, "10") },
        { "canary-dynamic-stable-scale", "canary-by-weight", Dynamic(10, "10"), Dynamic(20, "10") },
        { "progress-thresholds", "replica-progress-threshold", """{"input":{"threshold":{"value":9},"replicaSet":{}},"expect":true}""", """{"input":{"threshold":{"value":-1},"replicaSet":{}},"expect":true}""" },
        { "progress-thresholds", "though-unavailable", """{"input":{"ignoreAvailability":true},"expect":3}""", """{"input":{"ignoreAvailability":false},"expect":3}""" },
        { "progress-deadline", "any-change", """{"input":{"old":{"available":1},"new":{"available":1}},"expect":{"progressed":true}}""", """{"input":{"old":{"available":1},"new":{"available":2}},"expect":{"progressed":true}}""" },
        { "deployment-readiness", "ready-threshold", """{"input":{"readyThresholdPercent":50}}""", """{"input":{"readyThresholdPercent":100}}""" },
        { "fenceposts", "unset-is-zero", """{"input":{"replicas":1,"maxSurge":null,"maxUnavailable":1}}""", """{"input":{"replicas":1,"maxSurge":1,"maxUnavailable":1}}""" },
        { "fenceposts", "before-the-clamp", """{"input":{"replicas":0,"maxSurge":1,"maxUnavailable":1}}""", """{"strategy":"canary","input":{"replicas":0,"maxSurge":1,"maxUnavailable":1}}""" },
        { "fenceposts", "none-in-blue-green", """{"strategy":"blueGreen","input":{"replicas":null}}""", """{"strategy":"canary","input":{"replicas":1}}""" },
        { "flagger-canary", "computed-steps", Analysis(""" "stepWeight":20,"maxWeight":50 """), Analysis(""" "stepWeights":[20] """) },
        { "flagger-canary", "clamped-steps", Analysis(""" "stepWeights":[1,200] """), Analysis(""" "stepWeights":[1,100] """) },
        { "flagger-canary", "stepwise-promotion", Analysis(""" "stepWeight":100,"stepWeightPromotion":50 """), Analysis(""" "stepWeight":10,"mirror":true """) },
        { "flagger-canary", "rounds", Analysis(""" "iterations":1 """), Analysis(""" "iterations":1,"match":["header"] """) },
        { "flagger-canary", "copied-configuration", """{"input":{"changes":["image"]}}""", """{"input":{"event":"new revision"}}""" },
        { "flagger-canary", "raised-again", """{"input":{"phase":"Finalising"}}""", """{"input":{"phase":"Promoting"}}""" },
        { "kargo-promotion", "projects-and-origins", Offered("""{"requests":[{"origin":"w"}]}""", """{"origin":"v"}"""), Offered("""{"requests":[{"origin":"w"}]}""", """{"origin":"w"}""") },
        { "kargo-promotion", "projects-and-origins", Offered("null", "{}"), Offered("{}", "null") },
        { "kargo-promotion", "approved-anyway", Offered("""{"requests":[{"origin":"w"}]}""", """{"origin":"w","approvedFor":["stage"]}"""), Offered("""{"requests":[{"origin":"w"}]}""", """{"origin":"w"}""") },
        { "kargo-promotion", "finished-soak", Soak("null", "3600"), Soak("7200", "3600") },
        { "kargo-promotion", "match-upstream", """{"input":{"policy":"MatchUpstream"},"expect":{}}""", """{"input":{"policy":"Newest"},"expect":{}}""" },
        { "fleet-waves-ocm", "endless", """{"input":"None"}""", """{"input":"1s"}""" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_told_by_what_it_hangs_on(string file, string rule, string has, string hasNot)
    {
        Assert.Equal(rule, Of(file, has));
        Assert.NotEqual(rule, Of(file, hasNot));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_has_a_reason(string file, string rule, string has, string hasNot)
    {
        Assert.NotEqual(has, hasNot);
        Assert.True(DeclaredDialects.All.TryGetValue($"{file}/{rule}", out var reason) && reason.Length > 40, $"{file}/{rule}");
    }

    [Fact]
    public void Every_rule_is_tried_here() => Assert.Equal(
        typeof(RolloutDialects).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(),
        Rules.Select(row => row.Data.Item2).Distinct().Order());

    private static string? Of(string file, string json) => RolloutDialects.Of(file, JsonDocument.Parse(json).RootElement);

    private static string Pods(int weight, string stable, string canary, string thenStable, string thenCanary) => $$$"""
        {"mode":"replica-weighted","input":{"replicas":{{{stable}}},"setWeight":{{{weight}}},"maxSurge":2,"promoteFull":false,
          "stable":{"specReplicas":{{{stable}}},"availableReplicas":{{{stable}}}},"canary":{"specReplicas":{{{canary}}},"availableReplicas":{{{canary}}}}},
         "expect":{"stable":{{{thenStable}}},"canary":{{{thenCanary}}}}}
        """;

    private static string Routed(string scale, string least = "null") => $$$"""{"mode":"traffic-routed","input":{"setCanaryScale":{{{scale}}},"minPodsPerReplicaSet":{{{least}}}},"expect":{}}""";

    private static string Dynamic(int weight, string stable) =>
        $$$"""{"input":{"replicas":10,"steps":[{"setWeight":20}],"currentStepIndex":0,"actualWeights":{"canary":{{{weight}}}}},"expect":{"stable":{{{stable}}}}}""";

    private static string Analysis(string fields) => $$$"""{"input":{"analysis":{ {{{fields}}} }},"expect":{}}""";

    private static string Offered(string stage, string release) => $$$"""{"input":{"stage":{{{stage}}},"release":{{{release}}}},"expect":{"available":true}}""";

    private static string Soak(string current, string completed) => $$$"""{"input":{"currentlyInForSeconds":{{{current}}},"longestCompletedSoakSeconds":{{{completed}}}},"expect":{"longestSoakSeconds":1}}""";
}
