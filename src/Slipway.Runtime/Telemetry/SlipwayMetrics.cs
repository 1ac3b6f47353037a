using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Registry;

namespace Slipway.Telemetry;

/// <summary>What happens, in the words of those who see it happen. <see cref="Instruments"/> lists what comes of it.</summary>
public sealed class SlipwayMetrics : IDisposable
{
    public const string MeterName = "Slipway";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<(MetricDefinition Metric, string Source), Func<IEnumerable<Reading>>> _shown = new();
    private readonly LabelledCounter _kubeRequests;
    private readonly LabelledCounter _kubeFailures;
    private readonly LabelledHistogram _kubeDuration;
    private readonly LabelledCounter _watchRestarts;
    private readonly LabelledCounter _reconciles;
    private readonly LabelledHistogram _reconcileDuration;
    private readonly LabelledCounter _registryRequests;
    private readonly LabelledCounter _registryFailures;
    private readonly LabelledHistogram _registryDuration;
    private readonly LabelledCounter _webhookRequests;
    private readonly LabelledCounter _webhookLooks;
    private readonly LabelledCounter _notifications;
    private readonly LabelledCounter _logMessages;
    private readonly LabelledCounter _droppedSeries;
    private readonly LabelledCounter _terms;

    public SlipwayMetrics()
    {
        _kubeRequests = new(_meter, Instruments.KubeRequests);
        _kubeFailures = new(_meter, Instruments.KubeFailures);
        _kubeDuration = new(_meter, Instruments.KubeDuration);
        _watchRestarts = new(_meter, Instruments.WatchRestarts);
        _reconciles = new(_meter, Instruments.Reconciles);
        _reconcileDuration = new(_meter, Instruments.ReconcileDuration);
        _registryRequests = new(_meter, Instruments.RegistryRequests);
        _registryFailures = new(_meter, Instruments.RegistryFailures);
        _registryDuration = new(_meter, Instruments.RegistryDuration);
        _webhookRequests = new(_meter, Instruments.WebhookRequests);
        _webhookLooks = new(_meter, Instruments.WebhookLooks);
        _notifications = new(_meter, Instruments.Notifications);
        _logMessages = new(_meter, Instruments.LogMessages);
        _droppedSeries = new(_meter, Instruments.DroppedSeries);
        _terms = new(_meter, Instruments.Terms);
        Rollouts = new(_meter);
        foreach (var gauge in Instruments.All.Where(metric => metric.Kind == MetricKind.Gauge))
        {
            _meter.CreateObservableGauge(gauge.Name, () => Read(gauge), LabelTags.Unit(gauge), gauge.Help);
        }

        foreach (var counter in ProcessReadings.Counters)
        {
            _meter.CreateObservableCounter(counter.Name, () => Read(counter), LabelTags.Unit(counter), counter.Help);
        }
    }

    /// <summary>From the first sight of an image to the end of its rollout.</summary>
    public RolloutMetrics Rollouts { get; }

    internal Meter Meter => _meter;

    /// <param name="verb">As RBAC spells it: get, list, watch, create, update, patch, delete.</param>
    /// <param name="code">0 when there was no answer.</param>
    /// <param name="took">To the head of the answer.</param>
    public void KubeRequest(string verb, int code, TimeSpan took)
    {
        _kubeRequests.Add(1, verb, CodeClass(code));
        _kubeDuration.Record(took, verb);
        if (code is 0 or >= 400)
        {
            _kubeFailures.Add(1, verb);
        }
    }

    /// <param name="exchange">Without an answer it counts as <c>none</c>. 401 and 404 are everyday answers of a registry.</param>
    public void RegistryRequest(RegistryExchange exchange)
    {
        var verb = Verb(exchange.Verb);
        _registryRequests.Add(1, verb, CodeClass(exchange.Status ?? 0));
        _registryDuration.Record(exchange.Duration, verb);
        if (exchange.Status is null or 429 or >= 500)
        {
            _registryFailures.Add(1, verb);
        }
    }

    public void WatchRestarted(string resource) => _watchRestarts.Add(1, resource);

    public void Reconciled(string controller, string result, TimeSpan elapsed)
    {
        _reconciles.Add(1, controller, result);
        _reconcileDuration.Record(elapsed, controller);
    }

    /// <param name="receiver">As the configuration names it: there are few.</param>
    public void WebhookAnswered(string receiver, string outcome) => _webhookRequests.Add(1, receiver, outcome);

    public void WebhookLooks(string receiver, int looks) => _webhookLooks.Add(looks, receiver);

    /// <param name="format">slack, webhook, …: there are few.</param>
    public void Notified(string format, string outcome) => _notifications.Add(1, format, outcome);

    public void Logged(string level) => _logMessages.Add(1, level);

    public void LeadershipChanged(bool leads)
    {
        if (leads)
        {
            _terms.Add(1);
        }
    }

    internal void Dropped(string metric) => _droppedSeries.Add(1, metric);

    /// <summary>Shows a gauge from now on, in the place of what the same source showed in it before. What it reads must be at hand: it is asked at every scrape.</summary>
    public void Show(MetricDefinition gauge, string source, Func<IEnumerable<Reading>> read) => _shown[(gauge, source)] = read;

    /// <summary>Shows a queue from now on; there is one per controller.</summary>
    public void Show(string controller, Func<int> depth, Func<DateTimeOffset?> oldestSince)
    {
        Show(Instruments.QueueDepth, controller, () => [new(depth(), controller)]);
        Show(Instruments.QueueOldest, controller, () => [new(oldestSince()?.ToUnixTimeMilliseconds() / 1000.0 ?? 0, controller)]);
    }

    /// <summary>Shows the feeds from now on, in the place of those before.</summary>
    public void Show(Func<IReadOnlyDictionary<FeedPace, int>> feeds) => Show(Instruments.Feeds, "feeds", () => feeds().Select(pace => new Reading(pace.Value, Name(pace.Key))));

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Read(MetricDefinition metric) => _shown
        .Where(shown => shown.Key.Metric == metric)
        .SelectMany(shown => shown.Value())
        .Select(reading => new Measurement<double>(reading.Value, LabelTags.Of(metric, reading.Labels.AsSpan())));

    private static string Verb(string method) => method switch
    {
        "GET" => "get",
        "HEAD" => "head",
        "POST" => "post",
        _ => method.ToLowerInvariant(),
    };

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
}
