using System.Collections.Immutable;

namespace Slipway.Telemetry;

/// <summary>
/// Every instrument of Slipway in one file; docs/metrics.md says what to do with each, and a test holds the two together. Names of objects never
/// become label values: with thousands of them they would cost more than the caches, and whoever may scrape would read what they may not list.
/// </summary>
public static class Instruments
{
    private static readonly List<MetricDefinition> Declared = [];

    private static readonly ImmutableArray<double> Requests = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    // From a push that is live at once to a canary over a day.
    private static readonly ImmutableArray<double> Rollouts = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400];

    private static readonly MetricLabel Controller = new("controller", "delivery", "annotations");
    private static readonly MetricLabel CodeClass = new("code_class", "1xx", "2xx", "3xx", "4xx", "5xx", "none");
    private static readonly MetricLabel KubeVerb = new("verb", "get", "list", "watch", "create", "update", "patch", "delete");
    private static readonly MetricLabel RegistryVerb = new("verb", "get", "head", "post", "put", "patch", "delete");
    private static readonly MetricLabel AnyReceiver = new("receiver");

    /// <summary>In the order in which they are exposed.</summary>
    public static IReadOnlyList<MetricDefinition> All => Declared;

    public static MetricDefinition Build { get; } = Gauge("slipway_build_info", "The version that runs, in a label; always 1.", new MetricLabel("version"));

    public static MetricDefinition Leader { get; } = Gauge("slipway_leader", "1 while this process leads the shard, 0 while it does not.", new MetricLabel("shard"));

    public static MetricDefinition Terms { get; } = Counter("slipway_leader_terms_total", "Times that this process began to lead a shard.");

    public static MetricDefinition Ready { get; } = Gauge("slipway_ready", "1 while the named part of readiness holds, 0 while it does not.", new MetricLabel("check"));

    public static MetricDefinition Deliveries { get; } = Gauge(
        "slipway_deliveries", "Deliveries by what they are at: ready, progressing, waiting, stalled.", new MetricLabel("state", "ready", "progressing", "waiting", "stalled"));

    public static MetricDefinition Held { get; } = Gauge("slipway_deliveries_held", "Deliveries whose next version is held by a gate, a person or a freeze.");

    public static MetricDefinition Releases { get; } = Gauge("slipway_releases", "Releases in the history of all Deliveries.");

    public static MetricDefinition PushToLive { get; } = Histogram(
        "slipway_push_to_live_seconds", "Time from the first sight of a new image to the end of the rollout that made it the running version.", Rollouts);

    public static MetricDefinition RolloutWait { get; } = Histogram(
        "slipway_rollout_wait_seconds", "Time from the first sight of a new image to the start of its rollout.", Rollouts);

    public static MetricDefinition RolloutDuration { get; } = Histogram("slipway_rollout_duration_seconds", "Time from the start of a rollout to its end, however it ended.", Rollouts);

    public static MetricDefinition RolloutStarts { get; } = Counter(
        "slipway_rollouts_started_total", "Rollouts that began, by strategy.", new MetricLabel("strategy", "rolling", "canary", "blue_green"));

    public static MetricDefinition RolloutEnds { get; } = Counter(
        "slipway_rollouts_ended_total", "Rollouts that ended, by outcome.", new MetricLabel("outcome", "succeeded", "rolled_back", "failed", "superseded", "exposed"));

    public static MetricDefinition Reconciles { get; } = Counter(
        "slipway_reconciles_total", "Passes over an object, by controller and result.",
        Controller, new MetricLabel("result", "ok", "invalid", "not_ready", "conflict", "registry_says_no", "not_leader", "error"));

    public static MetricDefinition ReconcileDuration { get; } = Histogram("slipway_reconcile_duration_seconds", "Time that one pass over an object took.", Requests, Controller);

    public static MetricDefinition QueueDepth { get; } = Gauge("slipway_queue_depth", "Keys that wait for a worker.", Controller);

    public static MetricDefinition QueueOldest { get; } = Gauge(
        "slipway_queue_oldest_timestamp_seconds", "When the key that waits longest came into the queue, or 0 when none waits.", Controller);

    public static MetricDefinition KubeRequests { get; } = Counter(
        "slipway_kube_requests_total", "Requests sent to the Kubernetes API server, by verb and class of the answer's code.", KubeVerb, CodeClass);

    public static MetricDefinition KubeFailures { get; } = Counter(
        "slipway_kube_request_failures_total", "Requests to the Kubernetes API server that got no answer or a code of 400 and above.", KubeVerb);

    public static MetricDefinition KubeDuration { get; } = Histogram(
        "slipway_kube_request_duration_seconds", "Time from a request to the Kubernetes API server to the head of its answer.", Requests, new MetricLabel("verb"));

    public static MetricDefinition WatchRestarts { get; } = Counter(
        "slipway_watch_restarts_total", "Watches that broke or expired and were taken up again.", new MetricLabel("resource"));

    public static MetricDefinition RegistryRequests { get; } = Counter(
        "slipway_registry_requests_total", "Requests sent to registries and their token services, by verb and class of the answer's code.", RegistryVerb, CodeClass);

    public static MetricDefinition RegistryFailures { get; } = Counter(
        "slipway_registry_request_failures_total", "Requests to registries and their token services that got no answer, 429, or a code of 500 and above.", RegistryVerb);

    public static MetricDefinition RegistryDuration { get; } = Histogram(
        "slipway_registry_request_duration_seconds", "Time from a request to a registry or its token service to the head of its answer.", Requests, new MetricLabel("verb"));

    public static MetricDefinition Feeds { get; } = Gauge(
        "slipway_registry_feeds",
        "Repositories watched, by how often: asked (every interval), stretched (the webhook has proven itself), slowed (the host may not be asked more).",
        new MetricLabel("pace", "asked", "stretched", "slowed"));

    public static MetricDefinition WebhookRequests { get; } = Counter(
        "slipway_webhook_requests_total", "Requests to webhooks, by receiver and what became of them.", AnyReceiver, new MetricLabel("outcome"));

    public static MetricDefinition WebhookLooks { get; } = Counter("slipway_webhook_looks_total", "Looks at a repository that webhooks asked for, by receiver.", AnyReceiver);

    public static MetricDefinition Notifications { get; } = Counter(
        "slipway_notifications_total", "Messages to Notifiers, by format and what became of them: delivered, retried, refused, expired, dropped.",
        new MetricLabel("format"), new MetricLabel("outcome"));

    public static MetricDefinition LogMessages { get; } = Counter(
        "slipway_log_messages_total", "Lines written to the log, by level.", new MetricLabel("level", "information", "warning", "error", "critical"));

    public static MetricDefinition DroppedSeries { get; } = Counter(
        "slipway_metrics_dropped_series_total", "Measurements that were dropped because their metric had all the series that it may have.", new MetricLabel("metric"));

    public static MetricDefinition ProcessCpu { get; } = Counter("process_cpu_seconds_total", "Processor time that the process has used.");

    public static MetricDefinition ProcessMemory { get; } = Gauge("process_resident_memory_bytes", "Memory of the process that is in RAM.");

    public static MetricDefinition ProcessStart { get; } = Gauge("process_start_time_seconds", "When the process started, since the Unix epoch.");

    public static MetricDefinition Heap { get; } = Gauge("dotnet_gc_heap_bytes", "Memory that objects take, those that are not collected yet among them.");

    public static MetricDefinition GcPauses { get; } = Counter("dotnet_gc_pause_seconds_total", "Time for which the garbage collector has halted all threads.");

    public static MetricDefinition ThreadPoolQueue { get; } = Gauge("dotnet_thread_pool_queue_length", "Work that waits for a thread of the pool.");

    private static MetricDefinition Counter(string name, string help, params ImmutableArray<MetricLabel> labels) => Declare(new(MetricKind.Counter, name, help, labels));

    private static MetricDefinition Gauge(string name, string help, params ImmutableArray<MetricLabel> labels) => Declare(new(MetricKind.Gauge, name, help, labels));

    private static MetricDefinition Histogram(string name, string help, ImmutableArray<double> buckets, params ImmutableArray<MetricLabel> labels) =>
        Declare(new(MetricKind.Histogram, name, help, labels) { Buckets = buckets });

    private static MetricDefinition Declare(MetricDefinition definition)
    {
        Declared.Add(definition);
        return definition;
    }
}
