using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Checks objects of built-in kinds, and the metadata of all: the mistakes that users and controllers make, not all that the
/// API server knows.
/// </summary>
internal static class KindValidation
{
    // Of all keys and values together (TotalAnnotationSizeLimitB).
    private const int MaxAnnotationBytes = 256 * 1024;

    /// <param name="before">Null for an object that is new.</param>
    public static ImmutableArray<StatusCause> Check(ResourceDefinition definition, JsonObject value, JsonObject? before)
    {
        var faults = new Faults();
        CheckMetadata(definition, value, faults);
        if (definition.BuiltIn)
        {
            CheckKind(definition.Kind, value, before, faults);
        }
        return definition.BuiltIn ? faults.Causes : [.. faults.Causes, .. CustomValidation.Check(definition.Schema, value)];
    }

    private static void CheckKind(string kind, JsonObject value, JsonObject? before, Faults faults)
    {
        if (KindDefaults.PodSpec(kind, value) is { } pod)
        {
            PodValidation.Check(pod, PodPath(kind), faults);
        }
        switch (kind)
        {
            case "Pod":
                PodValidation.CheckChange(value, before, faults);
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob":
                WorkloadValidation.Check(kind, value, before, faults);
                break;
            case "Service":
                CheckService(value, before, faults);
                break;
            case "ConfigMap" or "Secret":
                CheckContents(kind, value, before, faults);
                break;
            case "Lease":
                if (value.Number("spec", "leaseDurationSeconds") is <= 0 and var seconds)
                {
                    faults.Invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
                }
                break;
            case "Event":
                CheckEvent(value, faults);
                break;
            case "CustomResourceDefinition":
                DefinitionValidation.Check(value, before, faults);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                Unchanged(value, before, faults, "cannot change roleRef", "roleRef");
                break;
        }
    }

    /// <summary>Reports a field that an update may not change and did.</summary>
    public static void Unchanged(JsonObject value, JsonObject? before, Faults faults, string why, params string[] path)
    {
        if (before is not null && !JsonTree.Same(before.Field(path), value.Field(path)))
        {
            faults.Invalid(string.Join('.', path), value.Field(path), why);
        }
    }

    private static string PodPath(string kind) => kind switch
    {
        "Pod" => "spec",
        "CronJob" => "spec.jobTemplate.spec.template.spec",
        _ => "spec.template.spec",
    };

    private static void CheckMetadata(ResourceDefinition definition, JsonObject value, Faults faults)
    {
        CheckName(definition, value, faults);
        foreach (var (key, label) in value.Section("metadata", "labels") ?? [])
        {
            if (!Names.IsQualifiedName(key))
            {
                faults.Invalid("metadata.labels", key, Names.QualifiedNameRule);
            }
            if (JsonFields.AsText(label) is not { } text || !Names.IsLabelValue(text))
            {
                faults.Invalid("metadata.labels", label?.DeepClone(), Names.LabelValueRule);
            }
        }
        var size = 0;
        foreach (var (key, annotation) in value.Section("metadata", "annotations") ?? [])
        {
            size += key.Length + (JsonFields.AsText(annotation)?.Length ?? 0);
            if (!Names.IsQualifiedName(key.ToLowerInvariant()))
            {
                faults.Invalid("metadata.annotations", key, Names.QualifiedNameRule);
            }
        }
        if (size > MaxAnnotationBytes)
        {
            faults.Invalid("metadata.annotations", "", $"Too long: may not be more than {MaxAnnotationBytes} bytes");
        }
        foreach (var finalizer in value.Finalizers())
        {
            if (!Names.IsQualifiedName(finalizer))
            {
                faults.Invalid("metadata.finalizers", finalizer, Names.QualifiedNameRule);
            }
        }
        CheckOwners(value, faults);
    }

    private static void CheckName(ResourceDefinition definition, JsonObject value, Faults faults)
    {
        var name = value.Name();
        if (name.Length == 0)
        {
            if (value.Text("metadata", "generateName").Length == 0)
            {
                faults.Required("metadata.name", "name or generateName is required");
            }
            return;
        }
        var (fits, rule) = definition switch
        {
            { Group: "rbac.authorization.k8s.io" } => (Names.IsPathSegment(name), "may not contain '/' or '%'"),
            { Group: "", Kind: "Namespace" or "Service" } => (Names.IsLabel(name), Names.LabelRule),
            _ => (Names.IsSubdomain(name), Names.SubdomainRule),
        };
        if (!fits)
        {
            faults.Invalid("metadata.name", name, rule);
        }
    }

    private static void CheckOwners(JsonObject value, Faults faults)
    {
        foreach (var owner in value.Objects("metadata", "ownerReferences"))
        {
            foreach (var field in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (owner.Text(field).Length == 0)
                {
                    faults.Invalid($"metadata.ownerReferences.{field}", "", $"{(field == "apiVersion" ? "version" : field)} must not be empty");
                }
            }
        }
        if (value.Objects("metadata", "ownerReferences").Count(owner => owner.Flag("controller")) > 1)
        {
            faults.Invalid("metadata.ownerReferences", value.Field("metadata", "ownerReferences"), "Only one reference can have Controller set to true");
        }
    }

    private static void CheckService(JsonObject value, JsonObject? before, Faults faults)
    {
        var headless = value.Text("spec", "clusterIP") == "None" || value.Text("spec", "type") == "ExternalName";
        if (!headless && !value.Objects("spec", "ports").Any())
        {
            faults.Required("spec.ports");
        }
        var i = 0;
        foreach (var port in value.Objects("spec", "ports"))
        {
            if (port.Number("port") is not (> 0 and < 65536))
            {
                faults.Invalid($"spec.ports[{i}].port", port.Number("port") ?? 0, "must be between 1 and 65535, inclusive");
            }
            i++;
        }
        if (before?.Text("spec", "clusterIP") is { Length: > 0 } address && value.Text("spec", "clusterIP") != address && !headless)
        {
            faults.Invalid("spec.clusterIPs[0]", value.Field("spec", "clusterIPs"), "may not change once set");
        }
    }

    private static void CheckContents(string kind, JsonObject value, JsonObject? before, Faults faults)
    {
        foreach (var (key, content) in value.Section("data") ?? [])
        {
            if (key.Length is 0 or > 253 || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            {
                faults.Invalid($"data[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'");
            }
            if (kind == "Secret" && !System.Buffers.Text.Base64.IsValid(JsonFields.AsText(content) ?? ""))
            {
                throw ApiStatus.BadRequest($"Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data in data[{key}]").Thrown();
            }
        }
        if (kind == "Secret")
        {
            Unchanged(value, before, faults, "field is immutable", "type");
        }
        if (before is not null && before.Flag("immutable"))
        {
            if (!value.Flag("immutable"))
            {
                faults.Forbidden("immutable", "field is immutable when `immutable` is set");
            }
            if (!JsonTree.Same(before["data"], value["data"]))
            {
                faults.Forbidden("data", "field is immutable when `immutable` is set");
            }
        }
    }

    private static void CheckEvent(JsonObject value, Faults faults)
    {
        var about = value.Section("involvedObject") ?? value.Section("regarding") ?? [];
        var ns = about.Text("namespace");
        if (ns.Length == 0 ? value.Namespace() != "default" : ns != value.Namespace())
        {
            faults.Invalid("involvedObject.namespace", ns, "does not match event.namespace");
        }
    }
}
