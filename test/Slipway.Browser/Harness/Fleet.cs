using System.Text.Json.Nodes;

namespace Slipway.Browser.Harness;

/// <summary>Deliveries as a company has them: most are calm, some are under way, a few need somebody.</summary>
internal static class Fleet
{
    private static readonly string[] Services =
        ["shop", "cart", "checkout", "search", "catalog", "pricing", "stock", "invoice", "mail", "push", "login", "profile", "media", "reviews", "orders", "refunds", "tax", "geo", "audit", "export"];

    private static readonly string[] Teams = ["prod", "stage", "team-a", "team-b"];

    public static string Digest(int number) => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)))}";

    public static JsonObject One(int number, DateTimeOffset now)
    {
        var (service, ns) = (Services[number % Services.Length], Teams[number / Services.Length % Teams.Length]);
        var name = number < Services.Length * Teams.Length ? service : $"{service}-{number / (Services.Length * Teams.Length)}";
        var version = $"{1 + (number % 4)}.{number % 13}.{number % 7}";
        var since = now - TimeSpan.FromMinutes(7 + (number * 37 % 9000));
        var delivery = Calm(ns, name, version, number, since);
        var next = $"{1 + (number % 4)}.{(number % 13) + 1}.0";
        return (number % 50, number / 50 % 20) switch
        {
            (7, 0) => RolledBack(delivery, next, number, since),
            (7, 1) => Waiting(delivery, next, number, since, "AwaitingApproval", $"{next} waits for a person's yes: 'slipway approve {name} -n {ns}'"),
            (7, 2 or 3) => Waiting(delivery, next, number, since, "OutsideWindow", $"{next} waits for its window 'office hours', which opens at 08:00 in Europe/Berlin"),
            (19, 0 or 1 or 2) => Advancing(delivery, next, number, now - TimeSpan.FromSeconds(20 + (number % 90))),
            (43, _) => Suspended(delivery),
            _ => delivery,
        };
    }

    /// <summary>One that holds nothing yet, and one that concerns nobody here.</summary>
    public static JsonObject[] Freezes(DateTimeOffset now) =>
    [
        Freeze("year-end", new JsonObject { ["reason"] = "the shop earns its year now", ["from"] = Text(now + TimeSpan.FromDays(24)), ["until"] = Text(now + TimeSpan.FromDays(41)), ["namespaces"] = new JsonArray("prod", "stage") }),
        Freeze("migration", new JsonObject { ["reason"] = "the database moves to another region", ["until"] = Text(now + TimeSpan.FromHours(5)), ["namespaces"] = new JsonArray("team-billing") }),
    ];

    private static JsonObject Freeze(string name, JsonObject spec) => new() { ["apiVersion"] = "slipway.dev/v1alpha1", ["kind"] = "Freeze", ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { ["slipway.dev/by"] = "ada@example.com" } }, ["spec"] = spec };

    public static JsonObject Calm(string ns, string name, string version, int number, DateTimeOffset since) => new()
    {
        ["apiVersion"] = "slipway.dev/v1alpha1", ["kind"] = "Delivery",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = new JsonObject { ["team"] = ns, ["tier"] = number % 3 == 0 ? "web" : "back" } },
        ["spec"] = new JsonObject
        {
            ["targets"] = new JsonArray(new JsonObject { ["kind"] = "Deployment", ["name"] = name }),
            ["source"] = new JsonObject { ["repository"] = $"registry.example.com/acme/{name}", ["follow"] = new JsonObject { ["semver"] = new JsonObject { ["range"] = ">=1.0" } }, ["interval"] = "1m" },
        },
        ["status"] = new JsonObject
        {
            ["observedGeneration"] = 1,
            ["conditions"] = new JsonArray(
                Condition("Ready", "True", "UpToDate", $"{version} runs", since), Condition("SourceReady", "True", "Found", $"registry.example.com/acme/{name}: {version}", since)),
            ["candidate"] = new JsonObject { ["tag"] = version, ["digest"] = Digest(number), ["firstSeen"] = Text(since), ["why"] = $"{version} is the highest of {3 + (number % 40)} tags in >=1.0" },
            ["current"] = new JsonObject { ["tag"] = version, ["digest"] = Digest(number), ["release"] = 2 },
            ["lastRelease"] = 2,
        },
    };

    private static JsonObject RolledBack(JsonObject delivery, string tag, int number, DateTimeOffset since)
    {
        var (status, name) = (delivery["status"]!, (string)delivery["metadata"]!["name"]!);
        var sentence = $"{tag} was rejected in release 3 (CrashLoopBackOff: container web exits with 1); push a newer version, or 'slipway retry {name}' tries it again";
        status["candidate"]!["tag"] = tag;
        status["candidate"]!["digest"] = Digest(number + 100_000);
        status["lastRelease"] = 3;
        status["rejected"] = new JsonArray(new JsonObject { ["tag"] = tag, ["digest"] = Digest(number + 100_000), ["release"] = 3, ["reason"] = "CrashLoopBackOff", ["message"] = "container web exits with 1", ["terms"] = "v1:1" });
        status["held"] = new JsonObject { ["reason"] = "Rejected", ["message"] = sentence };
        status["conditions"]![0] = Condition("Ready", "False", "RolledBack", sentence, since);
        return delivery;
    }

    private static JsonObject Advancing(JsonObject delivery, string tag, int number, DateTimeOffset since)
    {
        var status = delivery["status"]!;
        status["candidate"] = new JsonObject { ["tag"] = tag, ["digest"] = Digest(number + 200_000), ["firstSeen"] = Text(since), ["why"] = $"{tag} is the highest of 12 tags in >=1.0" };
        status["lastRelease"] = 3;
        status["rollout"] = new JsonObject
        {
            ["phase"] = "Advancing", ["wave"] = 0, ["deadline"] = Text(since + TimeSpan.FromMinutes(10)), ["highWater"] = 2, ["attempt"] = new JsonObject
            {
                ["number"] = 3, ["release"] = $"{(string)delivery["metadata"]!["name"]!}-3", ["repository"] = (string)delivery["spec"]!["source"]!["repository"]!, ["tag"] = tag, ["digest"] = Digest(number + 200_000),
                ["cause"] = "NewImage", ["startedAt"] = Text(since), ["previous"] = new JsonObject { ["tag"] = (string)status["current"]!["tag"]!, ["digest"] = Digest(number), ["release"] = 2 },
            },
        };
        status["conditions"]![0] = Condition("Ready", "False", "Progressing", $"{tag} is rolled out: 2 of 3 pods are ready", since);
        status["conditions"]!.AsArray().Add(Condition("Reconciling", "True", "Progressing", $"release 3: {tag}: 2 of 3 pods are ready", since));
        return delivery;
    }

    private static JsonObject Waiting(JsonObject delivery, string tag, int number, DateTimeOffset since, string reason, string sentence)
    {
        var status = delivery["status"]!;
        status["candidate"] = new JsonObject { ["tag"] = tag, ["digest"] = Digest(number + 300_000), ["firstSeen"] = Text(since), ["why"] = $"{tag} is the highest of 12 tags in >=1.0" };
        status["held"] = new JsonObject { ["reason"] = reason, ["message"] = sentence };
        return delivery;
    }

    private static JsonObject Suspended(JsonObject delivery)
    {
        delivery["spec"]!["suspend"] = true;
        return delivery;
    }

    private static JsonObject Condition(string type, string status, string reason, string message, DateTimeOffset at) =>
        new() { ["type"] = type, ["status"] = status, ["reason"] = reason, ["message"] = message, ["lastTransitionTime"] = Text(at), ["observedGeneration"] = 1 };

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
