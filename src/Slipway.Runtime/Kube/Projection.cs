using System.Text.Json;

namespace Slipway.Kube;

/// <summary>Takes of an object what is kept: its key, its version, and what the reader makes of it.</summary>
internal sealed class Projection<T>(ResourceType type, Func<JsonElement, T?> reader)
    where T : class
{
    /// <summary>Exactly one of the two is set: what an object holds is the user's business, and may be beyond what the reader takes.</summary>
    public (ResourceItem<T>? Item, UnreadableObject? Unreadable) Read(JsonElement json)
    {
        var metadata = json.Property("metadata") ?? default;
        var key = new ObjectKey(metadata.Text("namespace") ?? "", metadata.Text("name") ?? "");
        var version = metadata.Text("resourceVersion") ?? "";
        try
        {
            return reader(json) is { } value
                ? (new ResourceItem<T>(key, metadata.Text("uid") ?? "", version, value), null)
                : (null, new UnreadableObject(key, version, $"{type.Describe(key)} is null"));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException or NotSupportedException)
        {
            return (null, new UnreadableObject(key, version, $"{type.Describe(key)} cannot be read: {e.Message}"));
        }
    }

    /// <exception cref="KubeException">Reason Unreadable.</exception>
    public ResourceItem<T> ReadOne(JsonElement json)
    {
        var (item, unreadable) = Read(json);
        return item ?? throw new KubeException(unreadable!.Why) { Reason = KubeException.Unreadable };
    }

    /// <summary>Null for a line that says nothing to us.</summary>
    /// <exception cref="KubeException">An ERROR line; with code 410 the version is no longer kept.</exception>
    public WatchEvent<T>? ReadEvent(JsonElement line, string doing)
    {
        var json = line.Property("object") ?? default;
        var metadata = json.Property("metadata") ?? default;
        switch (line.Text("type"))
        {
            case "BOOKMARK":
                return new WatchEvent<T>.Bookmark(metadata.Text("resourceVersion") ?? "");

            case "DELETED":
                return new WatchEvent<T>.Deleted(new ObjectKey(metadata.Text("namespace") ?? "", metadata.Text("name") ?? ""), metadata.Text("resourceVersion") ?? "");

            case "ADDED" or "MODIFIED":
                var (item, unreadable) = Read(json);
                return item is not null ? new WatchEvent<T>.Applied(item) : new WatchEvent<T>.Unreadable(unreadable!);

            case "ERROR":
                throw KubeException.FromStatus(doing, (int)(json.Number("code") ?? 500), json);

            default:
                // A kind of line that a later server may send (the API promises the five above) must not end the watch.
                return null;
        }
    }
}
