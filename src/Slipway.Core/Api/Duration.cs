using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Deliveries;

namespace Slipway.Api;

/// <summary>Durations in what Slipway stores are written as users write them: <c>30s</c>, <c>10m</c>.</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DurationText.TryParse(reader.GetString(), out var duration) ? duration : throw new JsonException("this is no duration; write for example 30s, 10m or 1h30m");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(DurationText.Write(value));
}
