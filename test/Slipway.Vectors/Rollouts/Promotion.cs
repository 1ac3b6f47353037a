using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Workloads;

namespace Slipway.Vectors.Rollouts;

/// <summary>
/// A Deployment that goes from one version to another by its own rolling update, to which ours leaves the promotion: the rules of the Deployment
/// controller as the sandbox has them, on which ours is tested.
/// </summary>
internal sealed class Promotion(int replicas, JsonElement maxSurge, JsonElement maxUnavailable)
{
    private const int MostSteps = 1000;

    private readonly RolloutView _view = new(replicas, Fence(replicas, maxSurge, maxUnavailable), Recreates: false, []);

    public int MaxTotal => _view.MaxTotal;

    public int MinAvailable => _view.MinAvailable;

    /// <exception cref="FormatException">A bound is no count and no part.</exception>
    public static Fencepost Fence(int replicas, JsonElement maxSurge, JsonElement maxUnavailable, string type = "RollingUpdate") => Fencepost.Of(new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["replicas"] = (long)replicas,
            ["strategy"] = new JsonObject { ["type"] = type, ["rollingUpdate"] = new JsonObject { ["maxSurge"] = Node(maxSurge), ["maxUnavailable"] = Node(maxUnavailable) } },
        },
    });

    /// <summary>One step: the sizes of the old and the new ReplicaSet after it.</summary>
    public (int Old, int New) Step((int Wanted, int Available) old, (int Wanted, int Available) fresh)
    {
        var sizes = RolloutScaling.Step(_view with { Sets = [Set("old", old), Set("new", fresh)] });
        return (sizes.GetValueOrDefault("old", old.Wanted), sizes.GetValueOrDefault("new", fresh.Wanted));
    }

    /// <summary>All steps, where every pod is available before the next one.</summary>
    public IEnumerable<(int Old, int New)> Path()
    {
        var at = (Old: replicas, New: 0);
        for (var step = 0; step < MostSteps; step++)
        {
            yield return at;
            var next = Step((at.Old, at.Old), (at.New, at.New));
            if (next == at)
            {
                yield break;
            }

            at = next;
        }

        throw new InvalidOperationException($"it is not over after {MostSteps} steps");
    }

    private static ReplicaSetView Set(string name, (int Wanted, int Available) pods) =>
        new(name, name == "new" ? 2 : 1, pods.Wanted, pods.Available, pods.Available, pods.Available, IsNew: name == "new", SizedFor: null);

    private static JsonNode? Node(JsonElement bound) => bound.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : JsonNode.Parse(bound.GetRawText());
}
