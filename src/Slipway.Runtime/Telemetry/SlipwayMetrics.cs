using System.Diagnostics.Metrics;
using Slipway.Registry;
using TagList = System.Diagnostics.TagList;

namespace Slipway.Telemetry;

/// <summary>
/// Every instrument of Slipway, so that the list in docs/metrics.md can be checked against one file. Instruments carry the names under
/// which Prometheus sees them. Names of objects never become label values: with thousands of them they would cost more than the cache.
/// </summary>
public sealed class SlipwayMetrics : IDisposable
{
    public const string MeterName = "Slipway";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _kubeRequests;
    private readonly Counter<long> _kubeFailures;
    private readonly Counter<long> _watchRestarts;
    private readonly Counter<long> _reconciles;
    private readonly Histogram<double> _reconcileDuration;
    private readonly Counter<long> _registryRequests;
    private readonly Counter<long> _webhookRequests;
    private readonly Counter<long> _webhookLooks;
    private readonly Counter<long> _notifications;
    private readonly Lock _gate = new();
    private readonly List<QueueGauge> _queues = [];
    private Func<IReadOnlyDictionary<FeedPace, int>> _feeds = () => new Dictionary<FeedPace, int>();

    public SlipwayMetrics()
    {
        _kubeRequests = _meter.CreateCounter<long>("slipway_kube_requests_total", description: "Requests sent to the Kubernetes API server, by verb and class of the answer's code.");
        _kubeFailures = _meter.CreateCounter<long>("slipway_kube_request_failures_total", description: "Requests to the Kubernetes API server that got no answer or a code of 400 and above.");
        _watchRestarts = _meter.CreateCounter<long>("slipway_watch_restarts_total", description: "Watches that broke or expired and were taken up again.");
        _reconciles = _meter.CreateCounter<long>("slipway_reconciles_total", description: "Passes over an object, by controller and result.");
        _reconcileDuration = _meter.CreateHistogram(
            "slipway_reconcile_duration_seconds",
            description: "Time that one pass over an object took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _registryRequests = _meter.CreateCounter<long>("slipway_registry_requests_total", description: "Requests sent to registries and their token services, by verb and class of the answer's code.");
        _meter.CreateObservableGauge(
            "slipway_registry_feeds",
            () => Volatile.Read(ref _feeds)().Select(feeds => new Measurement<int>(feeds.Value, new KeyValuePair<string, object?>("pace", Name(feeds.Key)))),
            description: "Repositories watched, by how often: asked (every interval), stretched (the webhook has proven itself), slowed (the host may not be asked more).");
        _webhookRequests = _meter.CreateCounter<long>("slipway_webhook_requests_total", description: "Requests to webhooks, by receiver and what became of them.");
        _webhookLooks = _meter.CreateCounter<long>("slipway_webhook_looks_total", description: "Looks at a repository that webhooks asked for, by receiver.");
        _notifications = _meter.CreateCounter<long>("slipway_notifications_total", description: "Messages to Notifiers, by format and what became of them: delivered, retried, refused, expired, dropped.");
        _meter.CreateObservableGauge("slipway_queue_depth", () => Measure(queue => queue.Depth()), description: "Keys that wait for a worker.");
        _meter.CreateObservableGauge(
            "slipway_queue_oldest_timestamp_seconds",
            () => Measure(queue => queue.OldestSince()?.ToUnixTimeMilliseconds() / 1000.0 ?? 0),
            description: "When the key that waits longest came into the queue, or 0 when none waits.");
    }

    /// <param name="verb">As RBAC spells it: get, list, watch, create, update, patch, delete.</param>
    /// <param name="code">0 when there was no answer.</param>
    public void KubeRequest(string verb, int code)
    {
        _kubeRequests.Add(1, new TagList { { "verb", verb }, { "code_class", CodeClass(code) } });
        if (code is 0 or >= 400)
        {
            _kubeFailures.Add(1, new KeyValuePair<string, object?>("verb", verb));
        }
    }

    /// <param name="exchange">Without an answer it counts as <c>none</c>.</param>
    public void RegistryRequest(RegistryExchange exchange) =>
        _registryRequests.Add(1, new TagList { { "verb", exchange.Verb.ToLowerInvariant() }, { "code_class", CodeClass(exchange.Status ?? 0) } });

    /// <summary>Shows the feeds from now on, in the place of those before.</summary>
    public void Show(Func<IReadOnlyDictionary<FeedPace, int>> feeds) => Volatile.Write(ref _feeds, feeds);

    public void WatchRestarted(string resource) => _watchRestarts.Add(1, new KeyValuePair<string, object?>("resource", resource));

    public void Reconciled(string controller, string result, TimeSpan elapsed)
    {
        _reconciles.Add(1, new TagList { { "controller", controller }, { "result", result } });
        _reconcileDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("controller", controller));
    }

    /// <param name="receiver">As the configuration names it: there are few.</param>
    public void WebhookAnswered(string receiver, string outcome) => _webhookRequests.Add(1, new TagList { { "receiver", receiver }, { "outcome", outcome } });

    public void WebhookLooks(string receiver, int looks) => _webhookLooks.Add(looks, new KeyValuePair<string, object?>("receiver", receiver));

    /// <param name="format">slack, webhook, …: there are few.</param>
    public void Notified(string format, string outcome) => _notifications.Add(1, new TagList { { "format", format }, { "outcome", outcome } });

    /// <summary>Shows a queue from now on; there is one per controller.</summary>
    public void Show(string controller, Func<int> depth, Func<DateTimeOffset?> oldestSince)
    {
        lock (_gate)
        {
            _queues.Add(new QueueGauge(controller, depth, oldestSince));
        }
    }

    internal Meter Meter => _meter;

    public void Dispose() => _meter.Dispose();

    private List<Measurement<T>> Measure<T>(Func<QueueGauge, T> value)
        where T : struct
    {
        lock (_gate)
        {
            return [.. _queues.Select(queue => new Measurement<T>(value(queue), new KeyValuePair<string, object?>("controller", queue.Controller)))];
        }
    }

    private static string Name(FeedPace pace) => pace switch
    {
        FeedPace.Stretched => "stretched",
        FeedPace.Slowed => "slowed",
        _ => "asked",
    };

    private static string CodeClass(int code) => code switch
    {
        0 => "none",
        < 200 => "1xx",
        < 300 => "2xx",
        < 400 => "3xx",
        < 500 => "4xx",
        _ => "5xx",
    };

    private sealed record QueueGauge(string Controller, Func<int> Depth, Func<DateTimeOffset?> OldestSince);
}
