using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;

namespace Slipway.Sandbox.Storage;

/// <summary>What the server fills in when an object is created (rest.BeforeCreate of the API server).</summary>
internal static class NewObject
{
    // Names have at most 63 characters (DNS labels), five of them the suffix.
    private const int MaxGeneratedPrefix = 58;

    public static void Prepare(ResourceDefinition definition, JsonObject value, SeededNames names, DateTimeOffset now)
    {
        value["apiVersion"] = definition.ApiVersion;
        value["kind"] = definition.Kind;
        var metadata = value.Ensure("metadata");
        if (value.Name().Length == 0)
        {
            var prefix = value.Text("metadata", "generateName");
            metadata["name"] = prefix[..Math.Min(prefix.Length, MaxGeneratedPrefix)] + names.Suffix();
        }
        if (!definition.Namespaced)
        {
            metadata.Remove("namespace");
        }
        metadata["uid"] = names.Uid();
        metadata["creationTimestamp"] = Instant(now);
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        if (definition.Generation is GenerationRule.None)
        {
            metadata.Remove("generation");
        }
        else
        {
            metadata["generation"] = 1L;
        }
        if (definition.Storage == Known.Namespaces)
        {
            PrepareNamespace(value);
        }
        else if (definition.Storage == Known.Services)
        {
            PrepareService(value.Ensure("spec"), names);
        }
        KindDefaults.Fill(definition, value);
        KindDefaults.FillCreated(definition, value);
    }

    private static void PrepareService(JsonObject spec, SeededNames names)
    {
        if (spec.Text("type") != "ExternalName" && spec.Text("clusterIP").Length == 0)
        {
            var address = names.ServiceAddress();
            spec["clusterIP"] = address;
            spec["clusterIPs"] = new JsonArray(address);
            spec["ipFamilies"] = new JsonArray("IPv4");
            spec["ipFamilyPolicy"] = "SingleStack";
            spec["internalTrafficPolicy"] = "Cluster";
        }
        foreach (var port in spec.Objects("ports"))
        {
            if (port["targetPort"] is null && port["port"] is { } number)
            {
                port["targetPort"] = number.DeepClone();
            }
        }
    }

    // The finalizer holds a deleted namespace until it is empty.
    private static void PrepareNamespace(JsonObject value)
    {
        value.Ensure("metadata", "labels")["kubernetes.io/metadata.name"] = value.Name();
        value.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
        value.Ensure("status")["phase"] = "Active";
    }

    /// <summary>An instant as metav1.Time writes it: RFC 3339 in whole seconds.</summary>
    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
