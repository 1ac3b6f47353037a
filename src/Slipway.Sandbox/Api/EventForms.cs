using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

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

    public static JsonObject ToNew(JsonObject value)
    {
        var converted = Renamed(value, field => Array.Find(Fields, pair => pair.Old == field).New);
        converted["apiVersion"] = "events.k8s.io/v1";
        return converted;
    }

    public static JsonObject ToOld(JsonObject value)
    {
        var converted = Renamed(value, field => Array.Find(Fields, pair => pair.New == field).Old);
        converted["apiVersion"] = "v1";
        return converted;
    }

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
