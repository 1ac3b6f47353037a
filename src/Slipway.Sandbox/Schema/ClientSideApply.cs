using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// How <c>kubectl apply --server-side</c> takes over what <c>kubectl apply</c> made ("Migration between client-side and
/// server-side apply" of the documentation): the annotation of the older way says which fields were kubectl's already.
/// </summary>
internal static class ClientSideApply
{
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Fields that are as kubectl applied them last: that they have another writer's name on them is no conflict.</summary>
    public static FieldSet FieldsThatMayBeTaken(TypeSchema type, JsonObject live, Writer writer)
    {
        if (writer.Manager != "kubectl" || LastApplied(live) is not { } last)
        {
            return new();
        }
        return FieldSet.Except(FieldChanges.Of(type, last, writer), FieldChanges.Between(type, live, last, writer).Set);
    }

    /// <summary>Writes the annotation anew, so that the older way still works after the newer one.</summary>
    public static void KeepUp(JsonObject result, JsonObject applied, Writer writer)
    {
        if (writer.Manager == "kubectl" && result.Annotation(Annotation) is not null)
        {
            result.Ensure("metadata", "annotations")[Annotation] = Encoding.UTF8.GetString(JsonTree.ToUtf8(applied)) + "\n";
        }
    }

    private static JsonObject? LastApplied(JsonObject live)
    {
        try
        {
            return live.Annotation(Annotation) is { } text ? JsonTree.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            // Somebody wrote it by hand; then it says nothing.
            return null;
        }
    }
}
