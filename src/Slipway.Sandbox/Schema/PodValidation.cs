using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Checks pods and the templates of pods.</summary>
internal static class PodValidation
{
    // What an update of a pod may change besides its metadata and status.
    private const string ImmutableRule =
        "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, "
        + "`spec.tolerations` (only additions to existing tolerations) or `spec.terminationGracePeriodSeconds`";

    public static void Check(JsonObject spec, string path, Faults faults)
    {
        if (!spec.Objects("containers").Any())
        {
            faults.Required($"{path}.containers");
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in new[] { "containers", "initContainers" })
        {
            var i = 0;
            foreach (var container in spec.Objects(list))
            {
                CheckContainer(container, $"{path}.{list}[{i++}]", names, faults);
            }
        }
        CheckVolumes(spec, path, faults);
        CheckReadinessGates(spec, path, faults);
        if (spec.Text("restartPolicy") is not ("" or "Always" or "OnFailure" or "Never") and var policy)
        {
            faults.NotSupported($"{path}.restartPolicy", policy, "Always", "OnFailure", "Never");
        }
    }

    public static void CheckChange(JsonObject value, JsonObject? before, Faults faults)
    {
        if (before is not null && !JsonTree.Same(Fixed(before), Fixed(value)))
        {
            faults.Forbidden("spec", ImmutableRule);
        }
    }

    private static void CheckContainer(JsonObject container, string path, HashSet<string> names, Faults faults)
    {
        var name = container.Text("name");
        if (name.Length == 0)
        {
            faults.Required($"{path}.name");
        }
        else if (!Names.IsLabel(name))
        {
            faults.Invalid($"{path}.name", name, Names.LabelRule);
        }
        else if (!names.Add(name))
        {
            faults.Duplicate($"{path}.name", name);
        }
        if (container.Text("image").Length == 0)
        {
            faults.Required($"{path}.image");
        }
        else if (container.Text("image").Trim() != container.Text("image"))
        {
            faults.Invalid($"{path}.image", container.Text("image"), "must not have leading or trailing whitespace");
        }
        var i = 0;
        foreach (var port in container.Objects("ports"))
        {
            if (port.Number("containerPort") is not (> 0 and < 65536))
            {
                faults.Invalid($"{path}.ports[{i}].containerPort", port.Number("containerPort") ?? 0, "must be between 1 and 65535, inclusive");
            }
            i++;
        }
        i = 0;
        foreach (var variable in container.Objects("env"))
        {
            if (variable.Text("name").Length == 0)
            {
                faults.Required($"{path}.env[{i}].name");
            }
            i++;
        }
    }

    private static void CheckVolumes(JsonObject spec, string path, Faults faults)
    {
        var volumes = spec.Objects("volumes").Select(volume => volume.Text("name")).ToHashSet();
        var c = 0;
        foreach (var container in spec.Objects("containers"))
        {
            var m = 0;
            foreach (var mount in container.Objects("volumeMounts"))
            {
                if (!volumes.Contains(mount.Text("name")))
                {
                    faults.Invalid($"{path}.containers[{c}].volumeMounts[{m}].name", mount.Text("name"), "Not found");
                }
                m++;
            }
            c++;
        }
    }

    private static void CheckReadinessGates(JsonObject spec, string path, Faults faults)
    {
        var i = 0;
        foreach (var gate in spec.Objects("readinessGates"))
        {
            if (!Names.IsQualifiedName(gate.Text("conditionType")))
            {
                faults.Invalid($"{path}.readinessGates[{i}].conditionType", gate.Text("conditionType"), Names.QualifiedNameRule);
            }
            i++;
        }
    }

    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = JsonTree.Copy(pod.Section("spec") ?? []);
        foreach (var field in new[] { "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName", "schedulingGates",
            "ephemeralContainers" })
        {
            spec.Remove(field);
        }
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
            container.Remove("imagePullPolicy");
        }
        return spec;
    }
}
