using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Which fields a writer can have. Nobody has those that the server writes or that say which object it is; through the status
/// subresource only the status is written.
/// </summary>
internal static class OwnedFields
{
    private static readonly FrozenSet<string> OfTheServer = new[]
    {
        "name", "namespace", "generateName", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields", "clusterName",
        "deletionTimestamp", "deletionGracePeriodSeconds",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The fields of an object that a writer can have, with those of its metadata told apart.</summary>
    public static IEnumerable<(string Name, JsonNode? Value)> Of(JsonObject value, Writer writer)
    {
        foreach (var (name, field) in value)
        {
            if (name is not ("apiVersion" or "kind" or "metadata") && (writer.Subresource != "status" || name == "status"))
            {
                yield return (name, field);
            }
        }
    }

    /// <summary>Those of its metadata.</summary>
    public static IEnumerable<(string Name, JsonNode? Value)> OfMetadata(JsonObject value, Writer writer)
    {
        if (value["metadata"] is not JsonObject metadata || writer.Subresource == "status")
        {
            yield break;
        }
        foreach (var (name, field) in metadata)
        {
            if (!OfTheServer.Contains(name))
            {
                yield return (name, field);
            }
        }
    }
}
