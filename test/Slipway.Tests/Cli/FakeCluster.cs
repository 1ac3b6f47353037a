using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Slipway.Kube;

namespace Slipway.Tests.Cli;

internal sealed record Asked(string Method, string Path, string Body);

/// <summary>
/// An API server of a few objects, beneath the connection: get, list by label, watch, merge patch. What a controller would do after a
/// patch is a script of the test.
/// </summary>
internal sealed class FakeCluster : DelegatingHandler
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Path, string Line)> _changes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 100;
    private int _watches;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>What happens to the object after it was patched, one version each.</summary>
    public Action<JsonObject>[] AfterPatch { get; set; } = [];

    /// <summary>Answers instead of the objects, where it does.</summary>
    public Func<Asked, (HttpStatusCode Code, string Body)?> Fault { get; set; } = _ => null;

    /// <summary>All that the n-th watch (from 1) says before the server ends it; null: it follows the objects and stays open.</summary>
    public Func<int, string[]?> WatchScript { get; set; } = _ => null;

    public Func<ConnectionOptions, ClusterConnection> Connect => options => ClusterConnection.To(new Uri("http://cluster.test"), options with { Handlers = [this] }, ns: "prod");

    public FakeCluster With(string plural, string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        Store($"{CollectionOf(plural, (string?)value["metadata"]!["namespace"])}/{value["metadata"]!["name"]}", value);
        return this;
    }

    public IReadOnlyList<Asked> Patches => [.. Requests.Where(request => request.Method == "PATCH")];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(request.Method.Method, request.RequestUri!.PathAndQuery, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        Requests.Enqueue(asked);
        var (path, query) = (request.RequestUri.AbsolutePath, HttpUtility.ParseQueryString(request.RequestUri.Query));
        if (Fault(asked) is { } fault)
        {
            return Answer(fault.Code, fault.Body);
        }

        if (query["watch"] is not null)
        {
            if (WatchScript(++_watches) is { } lines)
            {
                return Answer(HttpStatusCode.OK, string.Concat(lines.Select(line => line + "\n")));
            }

            return new HttpResponseMessage { Content = new StreamContent(Watch(path, long.Parse(query["resourceVersion"]!, null), cancellationToken)) };
        }

        return request.Method == HttpMethod.Patch ? Patch(path, asked.Body) : Find(path) is { } one ? Answer(HttpStatusCode.OK, one) : IsCollection(path) ? Answer(HttpStatusCode.OK, List(path, query["labelSelector"])) : Missing(path);
    }

    private HttpResponseMessage Patch(string path, string body)
    {
        if (Find(path) is not { } before)
        {
            return Missing(path);
        }

        var value = JsonNode.Parse(before)!.AsObject();
        Merge(value, JsonNode.Parse(body)!.AsObject());
        Store(path, value);
        var answer = Answer(HttpStatusCode.OK, value.ToJsonString());
        foreach (var step in AfterPatch)
        {
            var next = value.DeepClone().AsObject();
            step(next);
            Store(path, next);
            value = next;
        }

        return answer;
    }

    private void Store(string path, JsonObject value)
    {
        lock (_gate)
        {
            value["metadata"]!["resourceVersion"] = (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
            value["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "noise" });
            _objects[path] = value;
            _changes.Add((_version, path, new JsonObject { ["type"] = "MODIFIED", ["object"] = value.DeepClone() }.ToJsonString() + "\n"));
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private Stream Watch(string collection, long from, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _ = PumpAsync(pipe.Writer, collection, from, cancellationToken);
        return pipe.Reader.AsStream();
    }

    private async Task PumpAsync(PipeWriter writer, string collection, long from, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Task changed;
                string[] lines;
                lock (_gate)
                {
                    lines = [.. _changes.Where(change => change.Version > from && change.Path.StartsWith(collection + "/", StringComparison.Ordinal)).Select(change => change.Line)];
                    (from, changed) = (_version, _changed.Task);
                }

                foreach (var line in lines)
                {
                    await writer.WriteAsync(Encoding.UTF8.GetBytes(line), cancellationToken);
                }

                await changed.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await writer.CompleteAsync();
        }
    }

    private string? Find(string path)
    {
        lock (_gate)
        {
            return _objects.TryGetValue(path, out var value) ? value.ToJsonString() : null;
        }
    }

    private string List(string path, string? labels)
    {
        lock (_gate)
        {
            var plural = path.Split('/')[^1];
            var items = _objects
                .Where(pair => path.Contains("/namespaces/", StringComparison.Ordinal) ? pair.Key.StartsWith(path + "/", StringComparison.Ordinal) : pair.Key.Contains($"/{plural}/", StringComparison.Ordinal))
                .Where(pair => labels is null || (string?)pair.Value["metadata"]!["labels"]?[labels.Split('=')[0]] == labels.Split('=')[1])
                .Select(pair => (JsonNode?)pair.Value.DeepClone());
            return new JsonObject { ["kind"] = "List", ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" }, ["items"] = new JsonArray([.. items]) }.ToJsonString();
        }
    }

    private static string CollectionOf(string plural, string? ns) =>
        plural is "events" or "pods" ? $"/api/v1/namespaces/{ns}/{plural}"
        : plural is "deployments" ? $"/apis/apps/v1/namespaces/{ns}/{plural}"
        : plural is "namespaces" ? "/api/v1/namespaces"
        : ns is null ? $"/apis/slipway.dev/v1alpha1/{plural}"
        : $"/apis/slipway.dev/v1alpha1/namespaces/{ns}/{plural}";

    private static bool IsCollection(string path) => path.Split('/')[^1] is "deliveries" or "releases" or "events" or "freezes" or "pods" or "namespaces";

    // RFC 7386.
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject below)
            {
                if (target[name] is not JsonObject inner)
                {
                    target[name] = inner = [];
                }

                Merge(inner, below);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    public static (HttpStatusCode Code, string Body) Failure(HttpStatusCode code, string reason, string message) =>
        (code, new JsonObject { ["kind"] = "Status", ["status"] = "Failure", ["reason"] = reason, ["message"] = message, ["code"] = (int)code }.ToJsonString());

    private static HttpResponseMessage Missing(string path)
    {
        var (code, body) = Failure(HttpStatusCode.NotFound, "NotFound", $"{path} not found");
        return Answer(code, body);
    }

    private static HttpResponseMessage Answer(HttpStatusCode code, string body) => new(code) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
