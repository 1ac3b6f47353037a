using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>Makes the Node objects. They have no heartbeat: an idle cluster writes nothing.</summary>
internal static class NodeFleet
{
    public static void Register(ObjectStore store, WorkloadOptions options, DateTimeOffset now)
    {
        for (var index = 0; index < options.Nodes.Length; index++)
        {
            if (store.Find(Known.Nodes, "", options.Nodes[index].Name) is null)
            {
                store.Create(Known.Nodes, Node(options.Nodes[index], $"10.0.0.{index + 1}", now));
            }
        }
    }

    private static JsonObject Node(SandboxNode node, string address, DateTimeOffset now)
    {
        var labels = new JsonObject
        {
            ["kubernetes.io/hostname"] = node.Name,
            ["kubernetes.io/arch"] = node.Architecture,
            ["kubernetes.io/os"] = node.Os,
        };
        foreach (var (name, value) in node.Labels)
        {
            labels[name] = value;
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = node.Name, ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["taints"] = new JsonArray([.. node.Taints.Select(taint => new JsonObject { ["key"] = taint.Key, ["value"] = taint.Value, ["effect"] = taint.Effect })]),
            },
            ["status"] = Status(node, address, now),
        };
    }

    private static JsonObject Status(SandboxNode node, string address, DateTimeOffset now)
    {
        var status = new JsonObject
        {
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = address },
                new JsonObject { ["type"] = "Hostname", ["address"] = node.Name }),
            ["capacity"] = new JsonObject { ["cpu"] = "4", ["memory"] = "8Gi", ["pods"] = "110" },
            ["allocatable"] = new JsonObject { ["cpu"] = "4", ["memory"] = "8Gi", ["pods"] = "110" },
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = node.Architecture,
                ["operatingSystem"] = node.Os,
                ["osImage"] = "Slipway sandbox",
                ["kubeletVersion"] = "v1.34.0",
                ["containerRuntimeVersion"] = "containerd://2.0.0",
            },
        };
        Conditions.Set(status, "Ready", "True", "KubeletReady", "the sandbox is always ready", now);
        return status;
    }
}
