using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>How a version of a built-in kind differs from the one that is stored, and back. Both make a copy; kind and apiVersion are the caller's.</summary>
public sealed record ServedForm(Func<JsonObject, JsonObject> ToServed, Func<JsonObject, JsonObject> ToStored);

/// <summary>
/// autoscaling/v1 knows one metric, the use of the CPU; what else v2 has is in annotations there, and comes back from them
/// ("HorizontalPodAutoscaler", "API Object").
/// </summary>
internal static class AutoscalerForms
{
    private const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";
    private const string Behavior = "autoscaling.alpha.kubernetes.io/behavior";
    private const string Conditions = "autoscaling.alpha.kubernetes.io/conditions";

    public static readonly ServedForm One = new(ToOne, FromOne);

    private static JsonObject ToOne(JsonObject stored)
    {
        var value = JsonTree.Copy(stored);
        var spec = value.Ensure("spec");
        var metrics = spec.Objects("metrics").ToList();
        if (metrics.Find(IsCpu) is { } cpu)
        {
            spec["targetCPUUtilizationPercentage"] = cpu.Number("resource", "target", "averageUtilization");
            metrics.Remove(cpu);
        }
        Hide(value, Metrics, metrics.Count > 0 ? new JsonArray([.. metrics.Select(metric => metric.DeepClone())]) : null);
        Hide(value, Behavior, spec["behavior"]);
        spec.Remove("metrics");
        spec.Remove("behavior");
        if (value["status"] is JsonObject status)
        {
            if (status.Objects("currentMetrics").FirstOrDefault(metric => metric.Text("resource", "name") == "cpu")
                ?.Number("resource", "current", "averageUtilization") is { } now)
            {
                status["currentCPUUtilizationPercentage"] = now;
            }
            Hide(value, Conditions, status["conditions"]);
            status.Remove("currentMetrics");
            status.Remove("conditions");
        }
        return value;
    }

    private static JsonObject FromOne(JsonObject served)
    {
        var value = JsonTree.Copy(served);
        var spec = value.Ensure("spec");
        var metrics = Shown(value, Metrics) as JsonArray ?? [];
        if (spec.Number("targetCPUUtilizationPercentage") is { } target)
        {
            var wanted = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = target };
            metrics.Insert(0, new JsonObject { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = wanted } });
        }
        spec.Remove("targetCPUUtilizationPercentage");
        if (metrics.Count > 0)
        {
            spec["metrics"] = metrics;
        }
        if (Shown(value, Behavior) is { } behavior)
        {
            spec["behavior"] = behavior;
        }
        if (Shown(value, Conditions) is { } conditions)
        {
            value.Ensure("status")["conditions"] = conditions;
        }
        (value["status"] as JsonObject)?.Remove("currentCPUUtilizationPercentage");
        return value;
    }

    private static bool IsCpu(JsonObject metric) => metric.Text("resource", "name") == "cpu" && metric.Number("resource", "target", "averageUtilization") is not null;

    private static void Hide(JsonObject value, string annotation, JsonNode? field)
    {
        if (field is not null)
        {
            value.Ensure("metadata", "annotations")[annotation] = field.ToJsonString();
        }
    }

    private static JsonNode? Shown(JsonObject value, string annotation)
    {
        if (value.Annotation(annotation) is not { } text)
        {
            return null;
        }
        var annotations = value.Ensure("metadata", "annotations");
        annotations.Remove(annotation);
        if (annotations.Count == 0)
        {
            value.Ensure("metadata").Remove("annotations");
        }
        return JsonNode.Parse(text);
    }
}

/// <summary>networking.k8s.io/v1beta1 names backends in other words than v1 ("Deprecated API Migration Guide", v1.22).</summary>
internal static class IngressForms
{
    public static readonly ServedForm Beta = new(stored => Converted(stored, "defaultBackend", "backend", ToBeta), served => Converted(served, "backend", "defaultBackend", FromBeta));

    private static JsonObject Converted(JsonObject source, string from, string to, Func<JsonObject, JsonObject> convert)
    {
        var value = JsonTree.Copy(source);
        var spec = value.Ensure("spec");
        if (spec[from] is JsonObject byDefault)
        {
            spec.Remove(from);
            spec[to] = convert(byDefault);
        }
        foreach (var path in spec.Objects("rules").SelectMany(rule => rule.Objects("http", "paths")))
        {
            if (path["backend"] is JsonObject backend)
            {
                path["backend"] = convert(backend);
            }
        }
        return value;
    }

    private static JsonObject ToBeta(JsonObject backend)
    {
        if (backend["service"] is not JsonObject service)
        {
            return JsonTree.Copy(backend);
        }
        var port = service.Field("port", "name") ?? service.Field("port", "number");
        return new() { ["serviceName"] = service.Text("name"), ["servicePort"] = port?.DeepClone() };
    }

    private static JsonObject FromBeta(JsonObject backend)
    {
        if (backend["serviceName"] is null)
        {
            return JsonTree.Copy(backend);
        }
        var service = new JsonObject { ["name"] = backend.Text("serviceName") };
        if (backend["servicePort"] is { } port)
        {
            service["port"] = new JsonObject { [JsonFields.AsText(port) is null ? "number" : "name"] = port.DeepClone() };
        }
        return new() { ["service"] = service };
    }
}
