using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli;

/// <summary>Objects as a cluster has them at noon, <see cref="CliRun.Noon"/>. Each state is the calm one with a change.</summary>
internal static class Samples
{
    public const string Digest100 = "sha256:1000000000000000000000000000000000000000000000000000000000000000";
    public const string Digest110 = "sha256:1100000000000000000000000000000000000000000000000000000000000000";
    public const string Digest120 = "sha256:1200000000000000000000000000000000000000000000000000000000000000";

    /// <summary>1.1.0 runs, and is the candidate.</summary>
    public static string Calm(string name = "shop", string ns = "prod") => $$"""
        {
          "apiVersion": "slipway.dev/v1alpha1", "kind": "Delivery",
          "metadata": {"name": "{{name}}", "namespace": "{{ns}}", "uid": "u-{{name}}", "generation": 2, "creationTimestamp": "2026-03-01T06:00:00Z", "finalizers": ["kept.example/as-it-is"]},
          "spec": {
            "targets": [{"kind": "Deployment", "name": "{{name}}"}],
            "source": {"repository": "registry.example/{{name}}", "follow": {"semver": {"range": ">=1.0"} }, "interval": "1m"}
          },
          "status": {
            "observedGeneration": 2,
            "conditions": [
              {"type": "Ready", "status": "True", "reason": "UpToDate", "message": "1.1.0 runs", "lastTransitionTime": "2026-03-01T11:00:00Z", "observedGeneration": 2},
              {"type": "SourceReady", "status": "True", "reason": "Found", "message": "registry.example/{{name}}: 1.1.0", "lastTransitionTime": "2026-03-01T06:00:10Z", "observedGeneration": 2}
            ],
            "candidate": {"tag": "1.1.0", "digest": "{{Digest110}}", "firstSeen": "2026-03-01T10:58:00Z", "why": "1.1.0 is the highest of 2 tags in >=1.0"},
            "current": {"tag": "1.1.0", "digest": "{{Digest110}}", "release": 2},
            "lastRelease": 2
          }
        }
        """;

    /// <summary>1.2.0 crashed and was rolled back.</summary>
    public static string RolledBack() => Changed(delivery =>
    {
        var status = delivery["status"]!;
        status["candidate"] = Candidate120();
        status["lastRelease"] = 3;
        status["rejected"] = new JsonArray(new JsonObject
        {
            ["tag"] = "1.2.0", ["digest"] = Digest120, ["release"] = 3, ["reason"] = "CrashLoopBackOff", ["message"] = "pod shop-x: container web exits with 1", ["terms"] = "v1:1",
        });
        const string Sentence = "1.2.0 was rejected in release 3 (CrashLoopBackOff: pod shop-x: container web exits with 1); push a newer version, or 'slipway retry shop' tries it again";
        status["held"] = new JsonObject { ["reason"] = "Rejected", ["message"] = Sentence };
        SetReady(delivery, "False", "RolledBack", Sentence);
    });

    /// <summary>1.2.0 is on its way.</summary>
    public static string Advancing() => Changed(delivery =>
    {
        delivery["status"]!["candidate"] = Candidate120();
        Advance(delivery, 3, "1.2.0", Digest120, "NewImage");
    });

    public static string Changed(Action<JsonObject> change)
    {
        var delivery = JsonNode.Parse(Calm())!.AsObject();
        change(delivery);
        return delivery.ToJsonString();
    }

    public static void SetReady(JsonObject delivery, string status, string reason, string message)
    {
        var ready = delivery["status"]!["conditions"]![0]!;
        (ready["status"], ready["reason"], ready["message"]) = (status, reason, message);
    }

    public static void AddCondition(JsonObject delivery, string type, string status, string reason, string message) =>
        delivery["status"]!["conditions"]!.AsArray().Add(new JsonObject
        {
            ["type"] = type, ["status"] = status, ["reason"] = reason, ["message"] = message, ["lastTransitionTime"] = "2026-03-01T11:59:00Z",
        });

    public static void RemoveCondition(JsonObject delivery, string type)
    {
        var conditions = delivery["status"]!["conditions"]!.AsArray();
        conditions.Remove(conditions.FirstOrDefault(condition => (string?)condition!["type"] == type));
    }

    public static void Advance(JsonObject delivery, long number, string tag, string digest, string cause, string? by = null)
    {
        delivery["status"]!["lastRelease"] = number;
        delivery["status"]!["rollout"] = new JsonObject
        {
            ["phase"] = "Advancing", ["attempt"] = Attempt(number, tag, digest, cause, by), ["wave"] = 0, ["deadline"] = "2026-03-01T12:08:00Z", ["highWater"] = 1,
        };
        RemoveCondition(delivery, "Reconciling");
        AddCondition(delivery, "Reconciling", "True", "Advancing", $"release {number}: {tag}, 1 pods available");
        SetReady(delivery, "False", "Advancing", $"release {number}: {tag}, 1 pods available");
    }

    public static void Settle(JsonObject delivery, JsonObject? rollout = null)
    {
        delivery["status"]!["rollout"] = rollout ?? new JsonObject { ["phase"] = "Idle" };
        RemoveCondition(delivery, "Reconciling");
        SetReady(delivery, "True", "UpToDate", "settled");
    }

    public static JsonObject Attempt(long number, string tag, string digest, string cause, string? by = null) => new()
    {
        ["number"] = number,
        ["release"] = $"shop-{number}",
        ["repository"] = "registry.example/shop",
        ["tag"] = tag,
        ["digest"] = digest,
        ["previous"] = new JsonObject { ["tag"] = "1.1.0", ["digest"] = Digest110, ["release"] = 2 },
        ["cause"] = cause,
        ["by"] = by,
        ["startedAt"] = "2026-03-01T11:58:00Z",
    };

    public static JsonObject Candidate120() => new()
    {
        ["tag"] = "1.2.0", ["digest"] = Digest120, ["firstSeen"] = "2026-03-01T11:57:00Z", ["why"] = "1.2.0 is the highest of 3 tags in >=1.0",
    };

    public static string Release(long number, string tag, string digest, string outcome, string? reason = null, string? message = null, string cause = "NewImage", string? by = null, string started = "2026-03-01T11:00:00Z", string? finished = "2026-03-01T11:00:42Z") =>
        new JsonObject
        {
            ["apiVersion"] = "slipway.dev/v1alpha1",
            ["kind"] = "Release",
            ["metadata"] = new JsonObject { ["name"] = $"shop-{number}", ["namespace"] = "prod", ["uid"] = $"r-{number}", ["labels"] = new JsonObject { ["slipway.dev/delivery"] = "shop" } },
            ["spec"] = new JsonObject
            {
                ["delivery"] = "shop", ["number"] = number, ["repository"] = "registry.example/shop", ["tag"] = tag, ["digest"] = digest, ["cause"] = cause, ["by"] = by, ["startedAt"] = started,
            },
            ["status"] = new JsonObject { ["outcome"] = outcome, ["reason"] = reason, ["message"] = message, ["finishedAt"] = finished },
        }.ToJsonString();

    public static FakeCluster WithHistory(this FakeCluster cluster) => cluster
        .With("releases", Release(1, "1.0.0", Digest100, "Succeeded", "Adopted", "1.0.0 was running when Slipway took over", "Adopted", started: "2026-03-01T06:00:10Z", finished: "2026-03-01T06:00:10Z"))
        .With("releases", Release(2, "1.1.0", Digest110, "Succeeded", "Succeeded", "1.1.0 is healthy on every target"));

    public static FakeCluster WithFailure(this FakeCluster cluster) => cluster
        .With("releases", Release(3, "1.2.0", Digest120, "RolledBack", "CrashLoopBackOff", "pod shop-x: container web exits with 1", started: "2026-03-01T11:58:00Z", finished: "2026-03-01T11:59:30Z"))
        .With("events", Event("e1", "Started", "release 3: 1.1.0 → 1.2.0 (sha256:12)", "2026-03-01T11:58:00Z"))
        .With("events", Event("e2", "RolledBack", "release 3: pod shop-x: container web exits with 1", "2026-03-01T11:59:30Z", "Warning"));

    public static string Event(string name, string reason, string message, string at, string type = "Normal", string about = "shop") => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "prod" },
        ["involvedObject"] = new JsonObject { ["kind"] = "Delivery", ["name"] = about, ["namespace"] = "prod" },
        ["reason"] = reason,
        ["message"] = message,
        ["type"] = type,
        ["lastTimestamp"] = at,
        ["count"] = 1,
    }.ToJsonString();
}
