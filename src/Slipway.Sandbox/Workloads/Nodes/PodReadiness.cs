using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>
/// The conditions ContainersReady and Ready ("Pod readiness" of the Kubernetes documentation): the first says how the containers are, the
/// second also wants every readiness gate of the pod to be a condition that is True. Whoever gates the pod writes that condition.
/// </summary>
internal static class PodReadiness
{
    /// <param name="unready">Names of the containers that are not ready.</param>
    public static void Set(JsonObject pod, JsonObject status, string phase, string[] unready, DateTimeOffset now)
    {
        var (state, reason, message) = OfContainers(phase, unready);
        Conditions.Set(status, "ContainersReady", state, reason, message, now);
        if (state == "True" && Closed(pod, status) is { Length: > 0 } closed)
        {
            (state, reason, message) = ("False", "ReadinessGatesNotReady", string.Join(", ", closed));
        }

        Conditions.Set(status, "Ready", state, reason, message, now);
    }

    private static (string State, string Reason, string Message) OfContainers(string phase, string[] unready) => (phase, unready) switch
    {
        (_, []) => ("True", "", ""),
        ("Succeeded", _) => ("False", "PodCompleted", ""),
        _ => ("False", "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]"),
    };

    // The kubelet's words.
    private static string[] Closed(JsonObject pod, JsonObject status) =>
    [
        .. pod.Objects("spec", "readinessGates").Select(gate => gate.Text("conditionType"))
            .Select(type => Conditions.Find(status, type)?.Text("status") switch
            {
                "True" => null,
                null => $"corresponding condition of pod readiness gate \"{type}\" does not exist.",
                var other => $"the status of pod readiness gate \"{type}\" is not \"True\", but {other}",
            })
            .OfType<string>(),
    ];
}
