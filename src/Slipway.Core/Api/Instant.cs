using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Api;

/// <summary>
/// Times as Kubernetes writes them: RFC 3339, in UTC, with a Z; milliseconds where there are any, and nothing finer. So that what is stored is
/// what was decided, the clock is cut to milliseconds when it is read.
/// </summary>
public static class Instant
{
    /// <summary>The last whole millisecond.</summary>
    public static DateTimeOffset Of(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString(time.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <inheritdoc cref="Instant"/>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Instant.Write(value));
}
