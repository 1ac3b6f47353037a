using System.Text.Json;

namespace Slipway.Workloads;

/// <summary>Reads a Node: its labels and taints.</summary>
public sealed class NodeReader(ValuePool pool)
{
    /// <exception cref="FormatException">A field has the wrong type; the message names object and field.</exception>
    public NodeSnapshot Read(JsonElement node)
    {
        var name = JsonField.Root(node, "Node")["metadata"]["name"].RequiredText;
        var root = JsonField.Root(node, $"Node {name}");
        return new(
            name,
            pool.Map(root["metadata"]["labels"]),
            [.. root["spec"]["taints"].Items.Select(Taint)],
            root["spec"]["unschedulable"].Flag);
    }

    private Taint Taint(JsonField taint) =>
        new(pool.Share(taint["key"].RequiredText), taint["value"].Text is { } value ? pool.Share(value) : null, pool.Share(taint["effect"].Text ?? ""));
}
