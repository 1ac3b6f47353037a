using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Events have two forms, core/v1 and events.k8s.io/v1, of the same stored objects.</summary>
internal static class EventForms
{
    private static readonly (string Old, string New)[] Fields =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
        ("reportingComponent", "reportingController"),
    ];

    public static readonly ServedForm New = new(
        stored => Renamed(stored, field => Array.Find(Fields, pair => pair.Old == field).New),
        served => Renamed(served, field => Array.Find(Fields, pair => pair.New == field).Old));

    private static JsonObject Renamed(JsonObject value, Func<string, string?> other)
    {
        var renamed = new JsonObject();
        foreach (var (name, field) in value)
        {
            renamed[other(name) ?? name] = JsonTree.Copy(field);
        }
        return renamed;
    }
}
