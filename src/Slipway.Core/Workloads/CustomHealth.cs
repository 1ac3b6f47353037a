using System.Collections.Immutable;

namespace Slipway.Workloads;

/// <summary>
/// Whether an object of a custom kind has taken its present spec, by what its controller reports. A kind that reports nothing has succeeded
/// when it is written: there is nothing else to know.
/// </summary>
/// <remarks>
/// Generic: sigs.k8s.io/cli-utils, pkg/kstatus (observedGeneration; Ready, Reconciling, Stalled). Argo Rollouts: docs, "Rollout Phases".
/// Argo CD: docs, "Resource Health" and the Application's status.sync. Knative: API conventions ("Conditions": False is final, Unknown is under
/// way). Flux: "Kubernetes Conditions" of each kind (Stalled when retries are used up).
/// </remarks>
public static class CustomHealth
{
    private delegate Health? Check(Seen seen);

    private static readonly ImmutableArray<Check> OfApplication = [NotCompared, NotSynced, Degraded, NotHealthy];
    private static readonly ImmutableArray<Check> OfRollout = [NotObserved, Phase];
    private static readonly ImmutableArray<Check> OfAny = [NotObserved, Stalled, Reconciling, Ready, Broken, Available, Progressing];

    // Conditions that say "it is there", for kinds without Ready, in the order of how much they promise.
    private static readonly string[] Promises = ["Available", "Healthy"];

    /// <summary>Conditions that say "it is broken", for kinds that do not use Stalled.</summary>
    private static readonly string[] Complaints = ["Degraded", "Failed"];

    private sealed record Seen(WorkloadSnapshot Object, ReportedStatus Status)
    {
        public ReportedCondition? Condition(string type) => Status.Conditions.FirstOrDefault(condition => condition.Type == type);

        public ReportedCondition? True(string type) => Condition(type) is { Status: "True" } condition ? condition : null;

        public Health.Progressing Waiting(string why) => new(BoundedText.Of($"{Object.Key.Kind} {Object.Key.Name}: {why}"), 0);

        public static Health.Failing Failing(ReportedCondition condition) =>
            new(condition.Reason.Length == 0 ? condition.Type : condition.Reason, BoundedText.Of($"{condition.Type} is {condition.Status}: {condition.Message}"));
    }

    public static Health Of(WorkloadSnapshot workload)
    {
        var checks = workload.Key.Kind switch
        {
            "Application.argoproj.io" => OfApplication,
            "Rollout.argoproj.io" => OfRollout,
            _ => OfAny,
        };
        var seen = new Seen(workload, workload.Custom?.Status ?? ReportedStatus.None);
        return workload.Deleting ? seen.Waiting("is being deleted") : checks.Select(check => check(seen)).FirstOrDefault(said => said is not null) ?? new Health.Healthy(0);
    }

    // Until then all that is reported is about the spec before.
    private static Health.Progressing? NotObserved(Seen seen)
    {
        var (generation, status) = (seen.Status.Generation, seen.Status);
        var observed = status.ObservedGeneration ?? seen.Condition("Ready")?.ObservedGeneration;
        return observed < generation ? seen.Waiting($"its controller has not seen the change yet (generation {generation}, observed {observed})") : null;
    }

    private static Health.Failing? Stalled(Seen seen) => seen.True("Stalled") is { } stalled ? Seen.Failing(stalled) : null;

    private static Health.Progressing? Reconciling(Seen seen) => seen.True("Reconciling") is { } reconciling ? seen.Waiting(reconciling.Message) : null;

    private static Health? Ready(Seen seen) => seen.Condition("Ready") switch
    {
        null => null,
        { Status: "True" } => new Health.Healthy(0),
        // Elsewhere a False may become True by itself; the deadline judges it.
        { Status: "False" } ready when seen.Object.Key.Kind.EndsWith(".knative.dev", StringComparison.Ordinal) => Seen.Failing(ready),
        { } ready => seen.Waiting($"Ready is {ready.Status}: {ready.Message}"),
    };

    private static Health? Available(Seen seen) =>
        Complaints.Select(seen.True).OfType<ReportedCondition>().FirstOrDefault() is { } complaint ? Seen.Failing(complaint)
        : Promises.Select(seen.Condition).OfType<ReportedCondition>().FirstOrDefault() is not { } promise ? null
        : promise.Status == "True" && seen.True("Progressing") is null ? new Health.Healthy(0)
        : seen.Waiting($"{promise.Type} is {promise.Status}: {promise.Message}");

    private static Health.Failing? Broken(Seen seen) =>
        seen.Condition("Progressing") is { Status: "False", Reason: "ProgressDeadlineExceeded" } stuck ? Seen.Failing(stuck) : null;

    private static Health.Progressing? Progressing(Seen seen) => seen.True("Progressing") is { } progressing ? seen.Waiting(progressing.Message) : null;

    private static Health? Phase(Seen seen) => seen.Status.Phase switch
    {
        null => seen.Waiting("its controller has reported nothing yet"),
        "Healthy" => new Health.Healthy(0),
        "Degraded" => new Health.Failing("Degraded", BoundedText.Of(seen.Status.Message ?? "the Rollout is degraded")),
        var phase => seen.Waiting($"{phase}{(seen.Status.Message is { } message ? $": {message}" : "")}"),
    };

    private static Health.Progressing? NotCompared(Seen seen) =>
        seen.Object.Custom?.Fields.Values.Any(field => field is { Compared: { } compared, Text: { } text } && compared != text) == true
            ? seen.Waiting("Argo CD has not compared the new source yet")
            : null;

    private static Health.Progressing? NotSynced(Seen seen) => seen.Status.Sync switch
    {
        "Synced" => null,
        null => seen.Waiting("Argo CD has reported nothing yet"),
        var sync => seen.Waiting($"{sync}: Argo CD applies it by spec.syncPolicy.automated, or when somebody syncs"),
    };

    private static Health.Failing? Degraded(Seen seen) =>
        seen.Status.Health == "Degraded" ? new Health.Failing("Degraded", BoundedText.Of(seen.Status.Message ?? "the Application is degraded")) : null;

    private static Health.Progressing? NotHealthy(Seen seen) =>
        seen.Status.Health != "Healthy" ? seen.Waiting($"health is {seen.Status.Health ?? "not reported"}{(seen.Status.Message is { } message ? $": {message}" : "")}") : null;
}
