using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Kube;

/// <summary>
/// The objects of one resource type, projected on arrival to <typeparamref name="T"/>: whole objects are never kept.
/// Every failure is a <see cref="KubeException"/>. Retries are the caller's, which knows what has to be decided anew.
/// </summary>
public sealed partial class ResourceClient<T>
    where T : class
{
    /// <summary>As many as client-go asks for: 500 Deployments are about 2 MB.</summary>
    public const int PageSize = 500;

    private const int LongestPage = 256 << 20;

    // The server ends a watch by itself before five minutes are over, and sends a bookmark about each minute. One that has been silent
    // for longer than its whole life is a connection that nobody holds any more.
    private static readonly TimeSpan WatchLife = TimeSpan.FromSeconds(290);
    private static readonly TimeSpan WatchSilence = TimeSpan.FromSeconds(330);

    private readonly Projection<T> _projection;
    private readonly JsonTypeInfo<T>? _json;

    /// <summary>Reads and writes whole objects of a type that we own.</summary>
    public ResourceClient(ClusterConnection connection, ResourceType type, JsonTypeInfo<T> json)
        : this(connection, type, element => element.Deserialize(json)) => _json = json;

    /// <summary>Reads what <paramref name="reader"/> takes of an object, and writes only fields (apply, patches).</summary>
    /// <param name="reader">May throw for an object that it cannot read; other objects are not harmed by that.</param>
    public ResourceClient(ClusterConnection connection, ResourceType type, Func<JsonElement, T?> reader)
    {
        Connection = connection;
        Type = type;
        _projection = new Projection<T>(type, reader);
    }

    public ClusterConnection Connection { get; }

    public ResourceType Type { get; }

    /// <summary>As it is now at the server (a quorum read); null when there is none.</summary>
    public async Task<ResourceItem<T>?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await Connection.CallAsync(Call(HttpMethod.Get, "get", Type.Describe(key), Type.ObjectPath(key)), _projection.ReadOne, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// One page, at the most recent version. No resourceVersion is asked for: "0" would be answered from a cache of the server that may
    /// be older than what we have already seen, and a cache that goes back in time would undo read-your-writes.
    /// </summary>
    /// <param name="limit">0 is all in one page.</param>
    public Task<ListPage<T>> ListPageAsync(ListScope scope, string? continueToken, int limit, CancellationToken cancellationToken)
    {
        var query = Query(scope);
        Add(query, "limit", limit > 0 ? limit.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        Add(query, "continue", continueToken);
        var call = Call(HttpMethod.Get, "list", Describe(scope), Path(scope, query)) with { LongestAnswer = LongestPage };
        return Connection.CallAsync(call, ReadPage, cancellationToken);
    }

    /// <summary>All pages. Where a page's token expires before it is used, everything is asked for again in one page.</summary>
    public async Task<ListPage<T>> ListAsync(ListScope scope, CancellationToken cancellationToken)
    {
        var items = ImmutableArray.CreateBuilder<ResourceItem<T>>();
        var unreadable = ImmutableArray.CreateBuilder<UnreadableObject>();
        string? next = null;
        var limit = PageSize;
        while (true)
        {
            ListPage<T> page;
            try
            {
                page = await ListPageAsync(scope, next, limit, cancellationToken);
            }
            catch (KubeException e) when (e.IsGone && next is not null)
            {
                (next, limit) = (null, 0);
                items.Clear();
                unreadable.Clear();
                continue;
            }

            items.AddRange(page.Items);
            unreadable.AddRange(page.Unreadable);
            if (string.IsNullOrEmpty(page.Continue))
            {
                return page with { Items = items.ToImmutable(), Unreadable = unreadable.ToImmutable(), Continue = null };
            }

            next = page.Continue;
        }
    }

    /// <summary>
    /// Every change after <paramref name="resourceVersion"/>, until the server ends the watch in good order (then the sequence ends) or it
    /// breaks (then it throws; <see cref="KubeException.IsGone"/> says that the version is no longer kept).
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(ListScope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = Query(scope);
        Add(query, "watch", "true");
        Add(query, "allowWatchBookmarks", "true");
        Add(query, "timeoutSeconds", ((int)WatchLife.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(query, "resourceVersion", resourceVersion);
        var call = Call(HttpMethod.Get, "watch", Describe(scope), Path(scope, query));

        await using var stream = await WatchStream.OpenAsync(Connection, call, WatchSilence, cancellationToken);
        while (await stream.NextAsync() is { } line)
        {
            using (line)
            {
                if (_projection.ReadEvent(line.RootElement, call.Doing) is { } change)
                {
                    yield return change;
                }
            }
        }
    }

    private ListPage<T> ReadPage(JsonElement page)
    {
        var metadata = page.Property("metadata") ?? default;
        var items = ImmutableArray.CreateBuilder<ResourceItem<T>>();
        var unreadable = ImmutableArray.CreateBuilder<UnreadableObject>();
        foreach (var (item, problem) in page.Elements("items").Select(_projection.Read))
        {
            if (item is not null)
            {
                items.Add(item);
            }
            else
            {
                unreadable.Add(problem!);
            }
        }

        var version = metadata.Text("resourceVersion")
            ?? throw new KubeException($"cannot list {Type.Plural}: the answer is not a list, it has no metadata.resourceVersion") { Reason = KubeException.Garbled };
        return new ListPage<T>(items.ToImmutable(), unreadable.ToImmutable(), version, metadata.Text("continue"));
    }

    private string Path(ListScope scope, List<string> query) =>
        query.Count == 0 ? Type.CollectionPath(scope.Namespace) : $"{Type.CollectionPath(scope.Namespace)}?{string.Join('&', query)}";

    private string Describe(ListScope scope) => string.IsNullOrEmpty(scope.Namespace) ? Type.Plural : $"{Type.Plural} in {scope.Namespace}";

    private static List<string> Query(ListScope scope)
    {
        List<string> query = [];
        Add(query, "labelSelector", scope.LabelSelector);
        Add(query, "fieldSelector", scope.FieldSelector);
        return query;
    }

    private static void Add(List<string> query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    private static KubeCall Call(HttpMethod method, string verb, string subject, string path) => new(method, verb, subject, path);
}
