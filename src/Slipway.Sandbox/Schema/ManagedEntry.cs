using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Who writes, and how: each combination has an entry of its own in <c>metadata.managedFields</c>.</summary>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
public sealed record Writer(string Manager, string Operation, string ApiVersion, string Subresource = "")
{
    public const string Apply = "Apply";
    public const string Update = "Update";
}

/// <summary>The fields that one writer has.</summary>
internal sealed record ManagedEntry(Writer Writer, string Time, FieldSet Fields)
{
    /// <returns>Null when the list is not what a server would have written; it is then as if there were none.</returns>
    public static List<ManagedEntry>? Read(JsonObject value)
    {
        List<ManagedEntry> entries = [];
        foreach (var json in value.Objects("metadata", "managedFields"))
        {
            var (manager, operation) = (json.Text("manager"), json.Text("operation"));
            if (operation is not (Writer.Apply or Writer.Update) || json.Text("fieldsType") != "FieldsV1")
            {
                return null;
            }
            var writer = new Writer(manager, operation, json.Text("apiVersion"), json.Text("subresource"));
            entries.Add(new(writer, json.Text("time"), FieldSet.FromJson(json.Section("fieldsV1") ?? [])));
        }
        return entries;
    }

    public static void Write(JsonObject value, IReadOnlyList<ManagedEntry> entries)
    {
        var metadata = value.Ensure("metadata");
        if (entries.Count == 0)
        {
            metadata.Remove("managedFields");
            return;
        }
        // Appliers first, then by time, as the API server sorts them.
        metadata["managedFields"] = new JsonArray([.. entries
            .OrderBy(entry => entry.Writer.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Writer.Manager, StringComparer.Ordinal)
            .Select(entry => entry.ToJson())]);
    }

    /// <summary>How an error of apply names a writer.</summary>
    public string Title()
    {
        var name = $"\"{Writer.Manager}\"" + (Writer.Subresource.Length > 0 ? $" with subresource \"{Writer.Subresource}\"" : "");
        return Writer.Operation == Writer.Apply ? name
            : Time.Length == 0 ? $"{name} using {Writer.ApiVersion}"
            : $"{name} using {Writer.ApiVersion} at {Time}";
    }

    private JsonObject ToJson()
    {
        var json = new JsonObject { ["manager"] = Writer.Manager, ["operation"] = Writer.Operation, ["apiVersion"] = Writer.ApiVersion };
        if (Time.Length > 0)
        {
            json["time"] = Time;
        }
        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = Fields.ToJson();
        if (Writer.Subresource.Length > 0)
        {
            json["subresource"] = Writer.Subresource;
        }
        return json;
    }
}
