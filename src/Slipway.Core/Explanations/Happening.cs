using System.Globalization;
using System.Text.Json;
using Slipway.Kube;

namespace Slipway.Explanations;

/// <summary>What is kept of a Kubernetes Event (core v1, or events.k8s.io/v1 seen through it).</summary>
public sealed record Happening(string Kind, string Name, bool Warning, string Reason, string Message, DateTimeOffset At, long Count)
{
    public static Happening? Read(JsonElement json)
    {
        var about = json.Property("involvedObject") ?? default;
        var series = json.Property("series") ?? default;
        var metadata = json.Property("metadata") ?? default;

        // Which of the times is set depends on the client that wrote the event.
        var at = Instant(series, "lastObservedTime")
            ?? Instant(json, "lastTimestamp")
            ?? Instant(json, "eventTime")
            ?? Instant(metadata, "creationTimestamp")
            ?? default;
        return new Happening(
            about.Text("kind") ?? "",
            about.Text("name") ?? "",
            json.Text("type") == "Warning",
            json.Text("reason") ?? "",
            json.Text("message") ?? "",
            at,
            series.Number("count") ?? json.Number("count") ?? 1);
    }

    private static DateTimeOffset? Instant(JsonElement json, string name) =>
        DateTimeOffset.TryParse(json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
