using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// One watch ("Efficient detection of changes", "Watch bookmarks" and "Streaming lists" of the Kubernetes API concepts).
/// </summary>
internal sealed class WatchStream(ObjectStore store, ApiRequest request, WatchFaults faults, TimeSpan bookmarkInterval, CancellationToken stopping)
{
    // Of clients that name none. The API server draws one from 30 to 60 minutes.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    private readonly ObjectFilter _filter = ObjectFilter.Of(request);
    private readonly Representation _representation = Negotiation.Of(request.Http.Request);
    private readonly bool _bookmarks = request.Flag("allowWatchBookmarks");
    private readonly TimeProvider _time = store.Time;
    private bool _columnsSent;

    private HttpResponse Response => request.Http.Response;

    public async Task RunAsync()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, stopping);
        var start = Start();
        var timeout = request.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : DefaultTimeout;
        Response.ContentType = ResponseJson.ContentType;
        try
        {
            await Response.StartAsync(cancelled.Token);
            await Response.BodyWriter.FlushAsync(cancelled.Token);
            await FollowAsync(start, _time.GetUtcNow() + timeout, cancelled.Token);
        }
        catch (StatusException e)
        {
            // The answer has begun, so that an error can only be an event.
            await WriteAsync("ERROR", body => body.Write(JsonTree.ToUtf8(e.Status.ToJson())), cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the server does; a watch ends so.
        }
    }

    private WatchStart Start()
    {
        var version = VersionQuery.Read(request);
        VersionQuery.IsExact(request, version);
        var initial = request.Query("sendInitialEvents");
        if (initial.Length > 0 && request.Query("resourceVersionMatch") != "NotOlderThan")
        {
            throw VersionQuery.Refused("FieldValueForbidden", "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (request.Flag("sendInitialEvents"))
        {
            VersionQuery.RequireReached(version ?? 0, store.Version);
            return new(Initial: true, From: null, MarkEnd: true);
        }
        return initial.Length > 0 && version is null or 0
            ? new(Initial: false, From: store.Version, MarkEnd: false)
            : new(Initial: version is null or 0, From: version, MarkEnd: false);
    }

    private async Task FollowAsync(WatchStart start, DateTimeOffset end, CancellationToken cancelled)
    {
        var from = start.Initial ? await SendInitialAsync(start.MarkEnd, cancelled) : start.From!.Value;
        var watch = new Watch(store, request.Resource.Storage, request.Scope, from);
        var nextBookmark = _time.GetUtcNow() + bookmarkInterval;
        while (true)
        {
            var events = watch.Read(out var changed);
            foreach (var change in events)
            {
                if (!await SendAsync(change, end, cancelled))
                {
                    return;
                }
            }
            await Response.BodyWriter.FlushAsync(cancelled);
            if (events.Count > 0)
            {
                continue;
            }
            var now = _time.GetUtcNow();
            if (now >= end || now >= nextBookmark)
            {
                await BookmarkAsync(watch.Version, initialEnd: false, cancelled);
                nextBookmark = now + bookmarkInterval;
            }
            if (now >= end)
            {
                return;
            }
            await WaitAsync(changed, (end < nextBookmark ? end : nextBookmark) - now, cancelled);
        }
    }

    private async Task WaitAsync(Task changed, TimeSpan atMost, CancellationToken cancelled)
    {
        try
        {
            // Timers are cut to whole milliseconds; the rest of one would be waited for by looking at the clock.
            await changed.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(atMost.TotalMilliseconds)), _time, cancelled);
        }
        catch (TimeoutException)
        {
            // Then a bookmark or the end is due, and the caller looks at the clock.
        }
    }

    private async Task<long> SendInitialAsync(bool markEnd, CancellationToken cancelled)
    {
        var listing = store.List(request.Resource.Storage, request.Scope);
        foreach (var stored in listing.Objects)
        {
            if (_filter.Matches(stored.Value))
            {
                await WriteObjectAsync("ADDED", stored, cancelled);
            }
        }
        if (markEnd)
        {
            await BookmarkAsync(listing.Version, initialEnd: true, cancelled);
        }
        return listing.Version;
    }

    /// <returns>False when the watch ends here.</returns>
    private async Task<bool> SendAsync(WatchEvent change, DateTimeOffset end, CancellationToken cancelled)
    {
        var (type, stored) = Seen(change);
        if (type is null)
        {
            return true;
        }
        switch (faults.Next())
        {
            case WatchFault.Dropped:
                return true;
            case WatchFault.Expired:
                throw ApiStatus.Expired($"too old resource version: {change.Version - 1} ({store.Version})").Thrown();
            case WatchFault.Closed:
                request.Http.Abort();
                return false;
            case WatchFault.Silent:
                await Response.BodyWriter.FlushAsync(cancelled);
                await Task.Delay(end - _time.GetUtcNow(), _time, cancelled);
                return false;
            case WatchFault.Delayed:
                await Response.BodyWriter.FlushAsync(cancelled);
                await Task.Delay(faults.Delay, _time, cancelled);
                break;
            case WatchFault.Duplicated:
                await WriteObjectAsync(type, stored, cancelled);
                break;
        }
        await WriteObjectAsync(type, stored, cancelled);
        return true;
    }

    // To a filtered watch an object comes and goes as it starts and ceases to match.
    private (string? Type, StoredObject Stored) Seen(WatchEvent change)
    {
        var was = change.Previous is not null && _filter.Matches(change.Previous.Value);
        var matches = change.Type is not WatchEventType.Deleted && _filter.Matches(change.Value);
        return (was, matches) switch
        {
            (false, true) => ("ADDED", change.Stored),
            (true, true) => ("MODIFIED", change.Stored),
            (true, false) => ("DELETED", change.Type is WatchEventType.Deleted ? change.Stored : Last(change)),
            (false, false) => (null, change.Stored),
        };
    }

    private static StoredObject Last(WatchEvent change)
    {
        var value = JsonTree.Copy(change.Previous!.Value);
        value.Ensure("metadata")["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture);
        return new(change.Key, value, change.Version);
    }

    private Task WriteObjectAsync(string type, StoredObject stored, CancellationToken cancelled) => WriteAsync(type, body =>
    {
        switch (_representation)
        {
            case Representation.Table:
                var table = Table.Of(request.Resource, [stored], _time.GetUtcNow(), request.Query("includeObject"));
                table["metadata"] = new JsonObject { ["resourceVersion"] = stored.Value.ResourceVersion() };
                if (_columnsSent)
                {
                    table["columnDefinitions"] = null;
                }
                _columnsSent = true;
                body.Write(JsonTree.ToUtf8(table));
                break;
            case Representation.Metadata:
                body.Write(JsonTree.ToUtf8(PartialMetadata.Of(stored.Value)));
                break;
            default:
                ResponseJson.Append(body, request.Resource, stored);
                break;
        }
    }, cancelled);

    private Task BookmarkAsync(long version, bool initialEnd, CancellationToken cancelled)
    {
        if (!_bookmarks && !initialEnd)
        {
            return Task.CompletedTask;
        }
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { [InitialEventsEnd] = "true" };
        }
        var value = new JsonObject { ["kind"] = request.Resource.Kind, ["apiVersion"] = request.Resource.ApiVersion, ["metadata"] = metadata };
        if (_representation is Representation.Table)
        {
            value = Table.Of(request.Resource, [], _time.GetUtcNow(), "");
            value["metadata"] = JsonTree.Copy(metadata);
            value["columnDefinitions"] = null;
        }
        return WriteAsync("BOOKMARK", body => body.Write(JsonTree.ToUtf8(value)), cancelled);
    }

    private async Task WriteAsync(string type, Action<IBufferWriter<byte>> write, CancellationToken cancelled)
    {
        var body = Response.BodyWriter;
        ResponseJson.Append(body, $"{{\"type\":\"{type}\",\"object\":");
        write(body);
        body.Write("}\n"u8);

        // A slow reader holds the writer here, not the memory of the server.
        if (body.UnflushedBytes > 64 * 1024 || type is "BOOKMARK" or "ERROR")
        {
            await body.FlushAsync(cancelled);
        }
    }

    private readonly record struct WatchStart(bool Initial, long? From, bool MarkEnd);
}
