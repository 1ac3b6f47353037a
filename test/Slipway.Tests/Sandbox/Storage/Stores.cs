using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Storage;

internal static class Stores
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ObjectStore Seeded(int seed = 1, StoreLimits? limits = null)
    {
        var store = new ObjectStore(BuiltInResources.Table(), new StoppedClock(Noon), seed, limits);
        ClusterSeed.Sow(store);
        return store;
    }

    public static JsonObject Object(string name, string ns = "default", JsonObject? spec = null)
    {
        var value = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns } };
        if (spec is not null)
        {
            value["spec"] = spec;
        }
        return value;
    }

    public static JsonObject OwnedBy(this JsonObject value, JsonObject owner, bool block = false)
    {
        value["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = owner.Text("apiVersion"),
            ["kind"] = owner.Kind(),
            ["name"] = owner.Name(),
            ["uid"] = owner.Uid(),
            ["blockOwnerDeletion"] = block,
        });
        return value;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
