using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Autoscaling;

/// <summary>The HorizontalPodAutoscalers: one metric, the use of the CPU, which a test or an annotation says.</summary>
internal sealed class AutoscalerController(ObjectStore store, EventRecorder events, AutoscalerTimings timings, TimeProvider time) : IWorkloadController
{
    private const int DefaultTarget = 80;

    private readonly Dictionary<ObjectKey, Memory> _memory = [];

    /// <summary>The use of a pod in percent of what it requests; null leaves it to the annotation of the autoscaler.</summary>
    public Func<JsonObject, double?> Load { get; set; } = _ => null;

    private sealed class Memory(string uid)
    {
        public string Uid => uid;

        public DateTimeOffset Next { get; set; }

        /// <summary>What was wanted lately: on the way down the most of it counts.</summary>
        public List<(DateTimeOffset At, int Wanted)> Wishes { get; } = [];
    }

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) => change.Key.Resource == Known.HorizontalPodAutoscalers ? [change.Key] : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } scaler || scaler.IsBeingDeleted())
        {
            _memory.Remove(key);
            return null;
        }

        if (!_memory.TryGetValue(key, out var memory) || memory.Uid != scaler.Uid())
        {
            _memory[key] = memory = new Memory(scaler.Uid());
        }

        var now = time.GetUtcNow();
        if (now >= memory.Next)
        {
            memory.Next = now + timings.Period;
            Scale(key, scaler, memory, now);
        }

        return memory.Next;
    }

    private void Scale(ObjectKey key, JsonObject scaler, Memory memory, DateTimeOffset now)
    {
        if (TargetOf(scaler) is not ({ } target, { } value))
        {
            Say(key, scaler, now, ("AbleToScale", "False", "FailedGetScale", "the HPA controller was unable to get the target's current scale"));
            return;
        }

        var current = value.Replicas();
        var pods = PodsOf(value);
        if (Others(scaler, pods) is { Length: > 0 } others)
        {
            var selector = LabelSelector.Of(value.Section("spec", "selector") ?? []);
            Say(key, scaler, now, ("ScalingActive", "False", "AmbiguousSelector", $"pods by selector {selector} are controlled by multiple HPAs: [{string.Join(' ', others)}]"));
            return;
        }

        if (current == 0)
        {
            Say(key, scaler, now, ("ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count of the target is zero"));
            return;
        }

        var ready = pods.Where(pod => pod.IsReady()).ToArray();
        var loads = LoadsOf(scaler, ready);
        var least = scaler.Int("spec", "minReplicas") ?? 1;
        var most = scaler.Int("spec", "maxReplicas") ?? current;
        var wanted = Stable(scaler, memory, AutoscalerRule.Wanted(current, CpuTarget(scaler), loads, pods.Length - ready.Length), current, now);
        var desired = AutoscalerRule.Limited(wanted, current, least, most);
        if (desired != current)
        {
            Write(target, desired);
            events.Record(scaler, "Normal", "SuccessfulRescale", $"New size: {desired}; reason: cpu resource utilization (percentage of request) {(desired > current ? "above" : "below")} target", "horizontal-pod-autoscaler");
        }

        store.WriteStatus(key, scaler, latest => Status(latest, current, desired, loads, now));
    }

    private (ObjectKey Key, JsonObject? Value)? TargetOf(JsonObject scaler)
    {
        var reference = scaler.Section("spec", "scaleTargetRef") ?? [];
        if (store.Resources.FindKind(reference.Text("apiVersion"), reference.Text("kind")) is not { Scale: not null } definition)
        {
            return null;
        }

        var key = definition.Key(scaler.Namespace(), reference.Text("name"));
        return (key, store.Find(key));
    }

    // By the selector of the target, whoever owns them: that is how pods beside it come into the account.
    private JsonObject[] PodsOf(JsonObject target) =>
        [.. store.List(Known.Pods, target.Namespace()).Items.Where(pod => pod.IsActive() && LabelSelectors.Matches(target.Section("spec", "selector"), pod))];

    private string[] Others(JsonObject scaler, JsonObject[] pods)
    {
        if (store.Resources.Release is KubernetesRelease.OneTwenty)
        {
            // Older controllers do not look.
            return [];
        }

        var mine = pods.Select(pod => pod.Uid()).ToHashSet();
        var others = store.List(Known.HorizontalPodAutoscalers, scaler.Namespace()).Items
            .Where(other => other.Uid() != scaler.Uid() && TargetOf(other) is (_, { } target) && PodsOf(target).Any(pod => mine.Contains(pod.Uid())))
            .Select(other => $"{other.Namespace()}/{other.Name()}").ToArray();
        return others.Length == 0 ? [] : [$"{scaler.Namespace()}/{scaler.Name()}", .. others];
    }

    private double[] LoadsOf(JsonObject scaler, JsonObject[] ready)
    {
        var share = double.TryParse(scaler.Annotation(AutoscalerTimings.LoadAnnotation), NumberStyles.Float, CultureInfo.InvariantCulture, out var all) && ready.Length > 0
            ? all / ready.Length
            : (double?)null;
        return [.. ready.Select(pod => Load(pod) ?? share).OfType<double>()];
    }

    private static int CpuTarget(JsonObject scaler) => scaler.Objects("spec", "metrics")
        .Where(metric => metric.Text("resource", "name") == "cpu")
        .Select(metric => metric.Int("resource", "target", "averageUtilization")).FirstOrDefault() ?? DefaultTarget;

    private int Stable(JsonObject scaler, Memory memory, int wanted, int current, DateTimeOffset now)
    {
        var window = scaler.Int("spec", "behavior", "scaleDown", "stabilizationWindowSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : timings.DownscaleWindow;
        if (memory.Wishes.Count == 0)
        {
            memory.Wishes.Add((now, current));
        }

        memory.Wishes.Add((now, wanted));
        memory.Wishes.RemoveAll(wish => wish.At < now - window);
        return window > TimeSpan.Zero ? memory.Wishes.Max(wish => wish.Wanted) : wanted;
    }

    // As the scale subresource does it, and in the name of the controller manager: whoever asks who owns spec.replicas is told so, but by 1.20,
    // which takes no note of who wrote a scale.
    private void Write(ObjectKey target, int replicas) => store.Update(target, value =>
    {
        var before = JsonTree.Copy(value);
        value.Ensure("spec")["replicas"] = (long)replicas;
        if (store.Resources.Release is not KubernetesRelease.OneTwenty)
        {
            var definition = store.Resources.Stored(target.Resource)!;
            FieldOwnership.NoteUpdate(definition.Schema, before, value, new Writer("kube-controller-manager", Writer.Update, definition.ApiVersion, "scale"), WorkloadFields.Text(time.GetUtcNow()));
        }

        return value;
    });

    private void Say(ObjectKey key, JsonObject scaler, DateTimeOffset now, (string Type, string State, string Reason, string Message) told) => store.WriteStatus(key, scaler, latest =>
    {
        var status = JsonTree.Copy(latest.Section("status") ?? []);
        Conditions.Set(status, told.Type, told.State, told.Reason, told.Message, now);
        return status;
    });

    private static JsonObject Status(JsonObject scaler, int current, int desired, double[] loads, DateTimeOffset now)
    {
        var status = JsonTree.Copy(scaler.Section("status") ?? []);
        status["currentReplicas"] = (long)current;
        status["desiredReplicas"] = (long)desired;
        if (desired != current)
        {
            status["lastScaleTime"] = WorkloadFields.Text(now);
        }

        if (loads.Length > 0)
        {
            var use = new JsonObject { ["averageUtilization"] = (long)Math.Round(loads.Average()) };
            status["currentMetrics"] = new JsonArray(new JsonObject { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = use } });
        }

        Conditions.Set(status, "AbleToScale", "True", desired != current ? "SucceededRescale" : "ReadyForNewScale", desired != current ? "the HPA controller was able to update the target scale" : "recommended size matches current size", now);
        Conditions.Set(status, "ScalingActive", loads.Length > 0 ? "True" : "False", loads.Length > 0 ? "ValidMetricFound" : "FailedGetResourceMetric", loads.Length > 0 ? "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)" : "no load is known of any pod that is ready", now);
        return status;
    }
}
