using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Slipway.Kube;

/// <summary>One entry of <c>Status.details.causes</c>: which field the server refused, and why.</summary>
public sealed record KubeCause(string? Field, string? Reason, string? Message);

/// <summary>
/// A request to the API server did not succeed. Whatever goes wrong between here and there ends in this one type, with a message that
/// says what was being done to which object.
/// </summary>
public sealed class KubeException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Reasons of our own, beside those of the server: no answer at all, no answer in time, an answer that is not what the API promises.</summary>
    public const string Unreachable = "Unreachable", TimedOut = "TimedOut", Garbled = "Garbled", Unreadable = "Unreadable", Invalid = "Invalid";

    private const int Longest = 1024;

    /// <summary>HTTP status code; 0 when there was no answer.</summary>
    public int Code { get; init; }

    /// <summary>CamelCase: <c>Status.reason</c> of the server (NotFound, AlreadyExists, Conflict, Expired, …), or one of ours.</summary>
    public string Reason { get; init; } = "";

    public ImmutableArray<KubeCause> Causes { get; init; } = [];

    /// <summary>How long the server asks to be left alone; callers honour it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Another write came first: read again, decide again.</summary>
    public bool IsConflict => Code == 409 && Reason != "AlreadyExists";

    /// <summary>The object to create is there: for names that are derived from their cause this means "done".</summary>
    public bool IsAlreadyExists => Code == 409 && Reason == "AlreadyExists";

    public bool IsNotFound => Code == 404;

    public bool IsForbidden => Code is 401 or 403;

    /// <summary>The resource version or the page token is no longer kept.</summary>
    public bool IsGone => Code == 410;

    /// <summary>The server is busy or going down (429, 5xx), or there was no answer: the same request may succeed later.</summary>
    public bool IsTransient => Code is 0 or 429 or >= 500 && Reason is not (Invalid or Unreadable);

    /// <summary>From an answer with a code of 400 and above. The body is a Status (meta/v1) where the API server wrote it, and anything where a proxy did.</summary>
    internal static KubeException FromAnswer(string doing, int code, ReadOnlySpan<byte> body, RetryConditionHeaderValue? retryAfter)
    {
        var status = ParseStatus(body);
        return FromStatus(doing, code, status?.RootElement, Encoding.UTF8.GetString(body[..Math.Min(body.Length, Longest)]), retryAfter?.Delta);
    }

    /// <summary>From a Status object, as it also arrives in the ERROR event of a watch.</summary>
    internal static KubeException FromStatus(string doing, int code, JsonElement? status, string fallback = "", TimeSpan? retryAfter = null)
    {
        var details = status?.Property("details");
        var said = status?.Text("message") ?? fallback.Trim();
        var reason = status?.Text("reason") ?? "";
        return new KubeException($"cannot {doing}: {code.ToString(CultureInfo.InvariantCulture)} {reason}".TrimEnd() + (said.Length == 0 ? "" : $": {Clip(said)}"))
        {
            Code = code,
            Reason = reason,
            Causes = [.. (details?.Elements("causes") ?? []).Select(cause => new KubeCause(cause.Text("field"), cause.Text("reason"), cause.Text("message")))],
            RetryAfter = retryAfter ?? (details?.Number("retryAfterSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null),
        };
    }

    private static JsonDocument? ParseStatus(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonDocument.TryParseValue(ref reader, out var document) ? document : null;
        }
        catch (JsonException)
        {
            // A proxy's HTML page: its beginning goes into the message as it is.
            return null;
        }
    }

    private static string Clip(string text) => text.Length <= Longest ? text : text[..Longest] + "…";
}
