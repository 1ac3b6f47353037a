using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Checks CustomResourceDefinitions (apiextensions.k8s.io/v1).</summary>
internal static class DefinitionValidation
{
    public static void Check(JsonObject value, JsonObject? before, Faults faults)
    {
        var spec = value.Section("spec") ?? [];
        var (group, plural) = (spec.Text("group"), spec.Text("names", "plural"));
        if (value.Name() != $"{plural}.{group}")
        {
            faults.Invalid("metadata.name", value.Name(), $"must be spec.names.plural+\".\"+spec.group");
        }
        foreach (var (field, text) in new[] { ("spec.group", group), ("spec.names.plural", plural), ("spec.names.kind", spec.Text("names", "kind")) })
        {
            if (text.Length == 0)
            {
                faults.Required(field);
            }
        }
        if (spec.Text("scope") is not ("Namespaced" or "Cluster") and var scope)
        {
            faults.NotSupported("spec.scope", scope, "Cluster", "Namespaced");
        }
        if (before is not null)
        {
            KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "group");
            KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "scope");
            KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "names", "plural");
            KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "names", "kind");
        }
        CheckVersions(spec, faults);
    }

    private static void CheckVersions(JsonObject spec, Faults faults)
    {
        var versions = spec.Objects("versions").ToArray();
        if (versions.Count(version => version.Flag("storage")) != 1)
        {
            faults.Invalid("spec.versions", spec.Field("versions"), "must have exactly one version marked as storage version");
        }
        for (var i = 0; i < versions.Length; i++)
        {
            var path = $"spec.versions[{i}]";
            if (!Names.IsLabel(versions[i].Text("name")))
            {
                faults.Invalid($"{path}.name", versions[i].Text("name"), Names.LabelRule);
            }
            if (versions[i].Section("schema", "openAPIV3Schema") is not { } schema)
            {
                faults.Required($"{path}.schema.openAPIV3Schema", "schemas are required");
                continue;
            }
            CustomSchema.Read(schema, $"{path}.schema.openAPIV3Schema", out var causes);
            faults.Add(causes);
            CheckColumns(versions[i], path, faults);
        }
    }

    private static void CheckColumns(JsonObject version, string path, Faults faults)
    {
        var i = 0;
        foreach (var column in version.Objects("additionalPrinterColumns"))
        {
            if (JsonPath.TryParse(column.Text("jsonPath")) is null || column.Text("jsonPath").Length == 0)
            {
                faults.Invalid($"{path}.additionalPrinterColumns[{i}].jsonPath", column.Text("jsonPath"),
                    "must be a JSONPath of fields, positions and simple filters");
            }
            if (column.Text("type") is not ("integer" or "number" or "string" or "boolean" or "date") and var type)
            {
                faults.NotSupported($"{path}.additionalPrinterColumns[{i}].type", type, "boolean", "date", "integer", "number", "string");
            }
            i++;
        }
    }
}
