using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>
/// Reads an object of a custom kind: the fields that some Delivery names, and what its controller reports. Of what a schema of others may
/// look like nothing is taken for granted: what is not in the usual form is passed over.
/// </summary>
/// <param name="name">Of the kind, with its group.</param>
public sealed class CustomReader(ValuePool pool, string name, string apiVersion, ImmutableHashSet<FieldPath> paths)
{
    // More conditions than any controller writes.
    private const int MostConditions = 32;

    /// <exception cref="FormatException">Its metadata is not in order.</exception>
    public WorkloadSnapshot Read(JsonElement json)
    {
        var metadata = JsonField.Root(json, name)["metadata"];
        var key = new WorkloadKey(name, pool.Share(metadata["namespace"].Text ?? ""), metadata["name"].RequiredText);
        metadata = JsonField.Root(json, $"{key}")["metadata"];
        return new()
        {
            Key = key,
            ApiVersion = apiVersion,
            Uid = metadata["uid"].Text ?? "",
            ResourceVersion = metadata["resourceVersion"].Text ?? "",
            Deleting = metadata["deletionTimestamp"].Text is not null,
            WrittenBy = metadata["annotations"][ApiNames.ReleaseAnnotation].Text,
            Labels = pool.Map(metadata["labels"]),
            Custom = new(
                paths.ToImmutableDictionary(path => path.ToString(), path => FieldLookup.Read(json, path)),
                Report(json, metadata["generation"].Number ?? 0),
                metadata["annotations"].Entries.Any()),
        };
    }

    private static ReportedStatus Report(JsonElement json, long generation)
    {
        var status = Property(json, "status");
        var health = Property(status, "health");
        return new()
        {
            Generation = generation,
            ObservedGeneration = Number(Property(status, "observedGeneration")),
            Phase = Text(status, "phase"),
            Health = Text(health, "status"),
            Sync = Text(Property(status, "sync"), "status"),
            Message = (Text(status, "message") ?? Text(health, "message")) is { } message ? BoundedText.Of(message) : null,
            Conditions = Property(status, "conditions") is { ValueKind: JsonValueKind.Array } conditions
                ? [.. conditions.EnumerateArray().Where(condition => Text(condition, "type") is not null).Take(MostConditions).Select(Condition)]
                : [],
        };
    }

    private static ReportedCondition Condition(JsonElement condition) => new(
        Text(condition, "type")!,
        Text(condition, "status") ?? "Unknown",
        Text(condition, "reason") ?? "",
        BoundedText.Of(Text(condition, "message")),
        Number(Property(condition, "observedGeneration")));

    private static long? Number(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var read) => read,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) => read,
        _ => null,
    };

    private static JsonElement? Property(JsonElement? from, string property) =>
        from is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(property, out var child) ? child : null;

    private static string? Text(JsonElement? from, string property) =>
        Property(from, property) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } read ? read : null;
}
