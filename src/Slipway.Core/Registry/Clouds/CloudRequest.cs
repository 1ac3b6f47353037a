using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Registry;

/// <summary>A request to a cloud's service, made and not sent. It may hold secrets, and never shows them.</summary>
/// <param name="Headers">Beside those of the content.</param>
public sealed record CloudRequest(string Method, Uri Address, ImmutableArray<KeyValuePair<string, string>> Headers, string? ContentType = null, string? Body = null)
{
    public const string Form = "application/x-www-form-urlencoded";

    public const string Json = "application/json";

    public override string ToString() => $"{Method} {Address.Authority}";

    public static CloudRequest Get(Uri address, params ImmutableArray<KeyValuePair<string, string>> headers) => new("GET", address, headers);

    public static CloudRequest PostForm(Uri address, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var pairs = new List<string>(fields.Length);
        foreach (var (name, value) in fields)
        {
            pairs.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
        }

        return new("POST", address, [], Form, string.Join('&', pairs));
    }
}

/// <summary>A login that ends. It never shows itself.</summary>
/// <param name="UsableUntil">Shortly before its end, so that a request that is sent with it arrives in time; null where it has none.</param>
public sealed record ExpiringLogin(RegistryCredential Credential, DateTimeOffset? UsableUntil)
{
    // Of what is left at most a tenth: a token of five minutes is not thrown away at once.
    private static readonly TimeSpan MaxMargin = TimeSpan.FromMinutes(5);

    public static ExpiringLogin Until(RegistryCredential credential, DateTimeOffset end, DateTimeOffset now)
    {
        var left = end - now;
        return new ExpiringLogin(credential, end - (left / 10 < MaxMargin ? left / 10 : MaxMargin));
    }

    public override string ToString() => nameof(ExpiringLogin);
}

/// <summary>Reads the few fields that are needed of a cloud's JSON answer; what is missing or of another kind is null.</summary>
internal static class CloudJson
{
    public static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read) where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object ? read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>Also where it is written as text, as some of Azure's are.</summary>
    public static double? Number(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) switch
        {
            true when value.ValueKind is JsonValueKind.Number => value.GetDouble(),
            true when value.ValueKind is JsonValueKind.String && double.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };

    public static JsonElement Field(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
}
