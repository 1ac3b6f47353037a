using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli;

/// <summary>Deliveries in the midst of things, and Releases with what was measured.</summary>
internal static class Midway
{
    public const string Plan = """{"strategy":"Canary","steps":[{"weight":5,"hold":"10m"},{"weight":50,"hold":"10m","for":"30m","then":"Ask"},{"weight":50,"approval":true}],"traffic":{"router":"Pods","settle":"5s","drain":"10s"},"bake":"0s"}""";

    /// <summary>A canary in its second step, with a check that has measured twice.</summary>
    public static string Stepping(string stage = "Holding") => Samples.Changed(delivery =>
    {
        delivery["metadata"]!["labels"] = new JsonObject { ["team"] = "web" };
        delivery["spec"]!["strategy"] = JsonNode.Parse("""{"canary":{"steps":[{"weight":5,"hold":"10m"},{"weight":50,"hold":"10m","for":"30m","then":"Ask"},{"approval":{}}],"traffic":{"service":"shop"}}}""");
        delivery["spec"]!["checks"] = JsonNode.Parse("""[{"name":"errors","prometheus":{"query":"errors"},"pass":"result < 0.01","interval":"20s"},{"name":"smoke","job":{"image":"registry.example/smoke:1"},"when":"Before","dryRun":true}]""");
        delivery["spec"]!["windows"] = JsonNode.Parse("""[{"schedule":"0 8 * * 1-5","duration":"10h","timeZone":"Europe/Berlin"}]""");
        delivery["spec"]!["after"] = JsonNode.Parse("""[{"delivery":"staging/shop","healthyFor":"1h"}]""");
        delivery["spec"]!["approval"] = "Manual";
        delivery["spec"]!["group"] = new JsonObject { ["name"] = "checkout" };
        delivery["status"]!["candidate"] = Samples.Candidate120();
        delivery["status"]!["lastRelease"] = 3;
        var attempt = Samples.Attempt(3, "1.2.0", Samples.Digest120, "NewImage");
        attempt["plan"] = JsonNode.Parse(Plan);
        attempt["checks"] = JsonNode.Parse($"[{Result("errors", 0, "Passed")}]");
        delivery["status"]!["rollout"] = new JsonObject
        {
            ["phase"] = "Stepping", ["attempt"] = attempt, ["step"] = 1, ["stage"] = stage, ["side"] = JsonNode.Parse("""{"stable":"shop","replicas":3,"of":3,"open":3}"""),
            ["deadline"] = "2026-03-01T12:10:00Z", ["highWater"] = 3, ["since"] = "2026-03-01T11:55:00Z", ["boxEnds"] = "2026-03-01T12:25:00Z",
            ["checks"] = JsonNode.Parse("""[{"name":"errors","ordinal":3,"due":"2026-03-01T12:00:10Z","passed":1,"failed":1,"recent":[{"result":"Pass","at":"2026-03-01T11:59:30Z","value":"0.004"},{"result":"Fail","at":"2026-03-01T11:59:50Z","value":"0.2","message":"result < 0.01 does not hold"}]}]"""),
        };
        Samples.AddCondition(delivery, "Reconciling", "True", "Stepping", "release 3: step 2 of 3 of 1.2.0: 50 % (3 pods beside 3) since 2026-03-01 11:55:00Z, held for 10m");
        Samples.SetReady(delivery, "False", "Stepping", "release 3: step 2 of 3 of 1.2.0");
    });

    public static string Result(string name, int step, string verdict, string? log = null) => new JsonObject
    {
        ["name"] = name, ["step"] = step, ["verdict"] = verdict, ["passed"] = verdict == "Passed" ? 2 : 1, ["failed"] = verdict == "Failed" ? 1 : 0, ["inconclusive"] = 0,
        ["recent"] = JsonNode.Parse("""[{"result":"Pass","at":"2026-03-01T11:50:00Z","value":"0.002"}]"""), ["log"] = log,
    }.ToJsonString();

    /// <summary>The third Release failed in its check.</summary>
    public static string FailedRelease()
    {
        var release = JsonNode.Parse(Samples.Release(3, "1.2.0", Samples.Digest120, "RolledBack", "CheckFailed", "errors: 1 of 2 failed", by: "ada", started: "2026-03-01T11:58:00Z", finished: "2026-03-01T11:59:30Z"))!;
        release["spec"]!["previous"] = new JsonObject { ["tag"] = "1.1.0", ["digest"] = Samples.Digest110, ["release"] = 2 };
        release["status"]!["checks"] = JsonNode.Parse($"[{Result("smoke", 0, "Passed", "GET /\n200 OK\n")},{Result("errors", 1, "Failed")}]");
        return release.ToJsonString();
    }

    public static FakeCluster WithPods(this FakeCluster cluster) => cluster
        .With("deployments", Deployment("shop"))
        .With("deployments", Deployment("shop-canary"))
        .With("pods", Pod("shop", "shop-7d4-abcde", "1.1.0", """{"running":{}}"""))
        .With("pods", Pod("shop-canary", "shop-canary-9f8-fghij", "1.2.0", """{"waiting":{"reason":"CrashLoopBackOff"}}"""));

    private static string Deployment(string name) => new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "prod" },
        ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } } },
    }.ToJsonString();

    private static string Pod(string app, string name, string tag, string state)
    {
        var runs = state.Contains("running", StringComparison.Ordinal);
        var container = new JsonObject { ["name"] = "web", ["ready"] = runs, ["restartCount"] = runs ? 0 : 4, ["state"] = JsonNode.Parse(state) };
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "prod", ["labels"] = new JsonObject { ["app"] = app } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = $"registry.example/shop:{tag}" }) },
            ["status"] = new JsonObject { ["phase"] = "Running", ["containerStatuses"] = new JsonArray(container) },
        }.ToJsonString();
    }
}
