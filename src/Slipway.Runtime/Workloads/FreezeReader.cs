using System.Text.Json;
using Slipway.Api;
using Slipway.Gates;

namespace Slipway.Workloads;

/// <summary>Makes terms of a Freeze as the API server gives it.</summary>
public static class FreezeReader
{
    public static FreezeTerms? Read(JsonElement json) => json.Deserialize(ApiJson.Default.Freeze) is { } freeze ? FreezeTerms.Read(freeze, Manager(json)) : null;

    // The last entry is the newest (Kubernetes documentation, Server-Side Apply, "Field management").
    private static string? Manager(JsonElement json) =>
        json.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("managedFields", out var fields) && fields is { ValueKind: JsonValueKind.Array } && fields.GetArrayLength() > 0
            && fields[fields.GetArrayLength() - 1].TryGetProperty("manager", out var manager) ? manager.GetString() : null;
}
