using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Defaults of built-in kinds that are more than a value for an absent field. Those that are no more stand in the types.
/// Filling in twice is the same as once.
/// </summary>
internal static class KindDefaults
{
    public static void Fill(ResourceDefinition definition, JsonObject value)
    {
        SchemaDefaults.Fill(definition.Schema, value);
        if (!definition.BuiltIn)
        {
            return;
        }
        switch (definition.Kind)
        {
            case "Deployment":
                RollingUpdate(value.Ensure("spec", "strategy"), new() { ["maxUnavailable"] = "25%", ["maxSurge"] = "25%" });
                break;
            case "StatefulSet":
                RollingUpdate(value.Ensure("spec", "updateStrategy"), new() { ["partition"] = 0L });
                break;
            case "DaemonSet":
                RollingUpdate(value.Ensure("spec", "updateStrategy"), new() { ["maxUnavailable"] = 1L, ["maxSurge"] = 0L });
                break;
            case "Job":
                Completions(value.Ensure("spec"));
                break;
            case "Pod":
                FillPod(value);
                break;
            case "Secret":
                EncodeStringData(value);
                break;
            case "CustomResourceDefinition":
                FillNames(value);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                FillSubjects(value);
                break;
        }
        if (PodSpec(definition.Kind, value) is { } pod)
        {
            FillPodSpec(pod);
        }
    }

    /// <summary>The pods that a kind makes, or is.</summary>
    public static JsonObject? PodSpec(string kind, JsonObject value) => kind switch
    {
        "Pod" => value.Section("spec"),
        "CronJob" => value.Section("spec", "jobTemplate", "spec", "template", "spec"),
        "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" => value.Section("spec", "template", "spec"),
        _ => null,
    };

    /// <summary>What depends on the uid, so that it cannot come before there is one: the selector of a Job.</summary>
    public static void FillCreated(ResourceDefinition definition, JsonObject value)
    {
        if (definition.Kind != "Job" || !definition.BuiltIn || value.Flag("spec", "manualSelector") || value.Section("spec", "selector") is not null)
        {
            return;
        }
        var labels = value.Ensure("spec", "template", "metadata", "labels");
        foreach (var prefix in new[] { "", "batch.kubernetes.io/" })
        {
            labels[prefix + "controller-uid"] = value.Uid();
            labels[prefix + "job-name"] = value.Name();
        }
        value.Ensure("spec", "selector", "matchLabels")["batch.kubernetes.io/controller-uid"] = value.Uid();
    }

    private static void RollingUpdate(JsonObject strategy, JsonObject defaults)
    {
        if (strategy.Text("type").Length == 0)
        {
            strategy["type"] = "RollingUpdate";
        }
        if (strategy.Text("type") != "RollingUpdate")
        {
            return;
        }
        var rolling = strategy.Ensure("rollingUpdate");
        foreach (var (name, value) in defaults)
        {
            if (rolling[name] is null)
            {
                rolling[name] = JsonTree.Copy(value);
            }
        }
    }

    private static void Completions(JsonObject spec)
    {
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            (spec["completions"], spec["parallelism"]) = (1L, 1L);
        }
        else if (spec["parallelism"] is null)
        {
            spec["parallelism"] = 1L;
        }
    }

    private static void FillPod(JsonObject value)
    {
        var spec = value.Ensure("spec");
        if (spec.Text("serviceAccountName").Length == 0)
        {
            spec["serviceAccountName"] = spec.Text("serviceAccount") is { Length: > 0 } older ? older : "default";
        }
        if (spec["enableServiceLinks"] is null)
        {
            spec["enableServiceLinks"] = true;
        }
        var status = value.Ensure("status");
        if (status.Text("phase").Length == 0)
        {
            status["phase"] = "Pending";
        }
        if (status.Text("qosClass").Length == 0)
        {
            status["qosClass"] = spec.Objects("containers").Any(container => container.Section("resources") is { Count: > 0 }) ? "Burstable" : "BestEffort";
        }
    }

    private static void FillPodSpec(JsonObject spec)
    {
        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            spec["serviceAccount"] = account;
        }
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            if (container.Text("imagePullPolicy").Length == 0)
            {
                container["imagePullPolicy"] = IsLatest(container.Text("image")) ? "Always" : "IfNotPresent";
            }
        }
    }

    // With a digest an image is never "latest", and a colon before the last slash belongs to a port.
    private static bool IsLatest(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return false;
        }
        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || name[(colon + 1)..] == "latest";
    }

    private static void EncodeStringData(JsonObject value)
    {
        if (value.Section("stringData") is not { } plain)
        {
            return;
        }
        foreach (var (name, text) in plain)
        {
            value.Ensure("data")[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonFields.AsText(text) ?? ""));
        }
        value.Remove("stringData");
    }

    private static void FillNames(JsonObject value)
    {
        var names = value.Ensure("spec", "names");
        var kind = names.Text("kind");
        if (names.Text("singular").Length == 0)
        {
            names["singular"] = kind.ToLowerInvariant();
        }
        if (names.Text("listKind").Length == 0)
        {
            names["listKind"] = kind + "List";
        }
        if (value.Section("spec", "conversion") is null)
        {
            value.Ensure("spec", "conversion")["strategy"] = "None";
        }
    }

    private static void FillSubjects(JsonObject value)
    {
        foreach (var subject in value.Objects("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group" && subject.Text("apiGroup").Length == 0)
            {
                subject["apiGroup"] = "rbac.authorization.k8s.io";
            }
        }
        if (value.Section("roleRef") is { } role && role.Text("apiGroup").Length == 0)
        {
            role["apiGroup"] = "rbac.authorization.k8s.io";
        }
    }
}
