using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Browser.Harness;

/// <summary>A Delivery with a canary and a history, as the controller would have written them.</summary>
internal sealed class Story(DateTimeOffset now)
{
    public JsonObject Delivery(string name)
    {
        var delivery = Fleet.Calm("prod", name, "1.4.2", 1, now - TimeSpan.FromDays(2));
        delivery["spec"]!["strategy"] = JsonNode.Parse("""{"canary":{"steps":[{"weight":5,"hold":"5m"},{"weight":25,"hold":"10m"},{"weight":50,"approval":{}},{"weight":100,"hold":"10m"}],"traffic":{"service":"shop"}}}""");
        delivery["spec"]!["checks"] = JsonNode.Parse("""[{"name":"errors","prometheus":{"query":"errors"},"pass":"result < 0.01","interval":"20s"}]""");
        return delivery;
    }

    public JsonObject Release(string name, string uid, int number, string tag, string outcome, string? reason = null, string? message = null) => new()
    {
        ["apiVersion"] = "slipway.dev/v1alpha1", ["kind"] = "Release",
        ["metadata"] = new JsonObject
        {
            ["name"] = $"{name}-{number}", ["namespace"] = "prod", ["labels"] = new JsonObject { ["slipway.dev/delivery"] = name },
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "slipway.dev/v1alpha1", ["kind"] = "Delivery", ["name"] = name, ["uid"] = uid }),
        },
        ["spec"] = new JsonObject
        {
            ["delivery"] = name, ["number"] = number, ["repository"] = $"registry.example.com/acme/{name}", ["tag"] = tag, ["digest"] = Fleet.Digest(number == 2 ? 1 : number + 500), ["cause"] = "NewImage", ["startedAt"] = At(-86_400 / number),
        },
        ["status"] = new JsonObject { ["outcome"] = outcome, ["reason"] = reason, ["message"] = message, ["finishedAt"] = At((-86_400 / number) + 900) },
    };

    private string At(int seconds) => (now + TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
