using System.Collections.Frozen;
using System.Text.Json;
using Slipway.Registry;
using Slipway.Vectors.Ops;

namespace Slipway.Vectors;

/// <summary>
/// Peers' own rules that Slipway does not follow, by file and dialect. A dialect is ours as a whole or not at all: never put a single case here, and never an op
/// of a dialect whose other ops pass. Where a file names no dialects, an op that is one peer's own notion stands for it, by file and op.
/// </summary>
public static class DeclaredDialects
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        [$"analysis-conditions/{NanFails}"] = "Argo Rollouts: what is not known to be good has failed, NaN too; ours is inconclusive, for 0/0 is no requests and not errors",
        [$"analysis-metric-status/{CutShort}"] = "Argo Rollouts: a metric that is cut short has passed unless it had failed, without one good measurement too; with ours only what was measured well, and last, passes (I14)",
        [$"analysis-metric-status/{ErrorFirst}"] = "Argo Rollouts: an error is worse than what is inconclusive; ours can still turn out well when the source is back, what is inconclusive cannot (I15)",
        [$"analysis-run/{InFlight}"] = "Argo Rollouts: a run goes on while one of its measurements does, though another metric has failed; ours takes the traffic back at once",
        [$"analysis-run/{ResumeAt}"] = "Argo Rollouts: a provider says when to look again at a measurement; ours waits for its source beside the passes",
        [$"analysis-run/{OnceWithoutInterval}"] = "Argo Rollouts: without an interval a metric is measured once; ours has an interval by default, so that a step is watched for as long as it lasts",
        ["analysis-run/ttl"] = "Argo Rollouts: lives of its run objects, by how they ended; ours are part of the Release, and Jobs have Kubernetes' own ttlSecondsAfterFinished",
        ["analysis-run/measurementRetention"] = "Argo Rollouts: how many measurements its run objects keep, by metric; ours shows the last ten of each check, and counts all",
        [$"analysis-validation/{OnceWithoutInterval}"] = "Argo Rollouts: several measurements need an interval; ours has one by default",
        [$"canary-dynamic-stable-scale/{RolloutDialects.StableByWeight}"] =
            "Argo Rollouts, dynamicStableScale: the stable side is made smaller by what the router takes from it; ours never is (I3: SteppingTests, and each pass of the simulations)",
        [$"canary-dynamic-stable-scale/{RolloutDialects.CanaryByWeight}"] =
            "Argo Rollouts, dynamicStableScale: on the way out the canary gets smaller with its weight; ours keeps all of it until the route has acknowledged zero and the drain is over (I2: DrainTests)",
        [$"canary-replicas/{RolloutDialects.OneTotal}"] = OneTotalReason,
        [$"canary-replicas/{RolloutDialects.HalfByPods}"] = HalfByPodsReason,
        [$"canary-replicas/{RolloutDialects.WithinSurge}"] =
            "Argo Rollouts: the canary comes up within maxSurge, of which it takes several passes; ours comes up whole, with never more pods than the stable side has (I4: SideSizeTests), and no request before it has (I1)",
        [$"canary-replicas/{RolloutDialects.BothAtOnce}"] =
            "Argo Rollouts: one pass moves both sides; the promotion is the Deployment controller's, which moves one of them and looks again. That its bounds are kept is tested by RolloutScalingTests",
        [$"canary-replicas/{RolloutDialects.CanaryScale}"] =
            "Argo Rollouts, setCanaryScale: any number of canary pods, whatever the weight; ours has those that its weight takes, or more requests would come than they bear (I1)",
        [$"canary-replicas/{RolloutDialects.LeastPods}"] = "Argo Rollouts, minPodsPerReplicaSet: at least so many pods on either side; of ours at least one, and those that the weight takes (I1)",
        [$"canary-trajectories/{RolloutDialects.OneTotal}"] = OneTotalReason,
        [$"canary-trajectories/{RolloutDialects.HalfByPods}"] = HalfByPodsReason,
        [$"canary-weight-approximation/{RolloutDialects.OneTotal}"] = OneTotalReason,
        [$"canary-weight-approximation/{RolloutDialects.HalfByPods}"] = HalfByPodsReason,
        [$"deployment-readiness/{RolloutDialects.ReadyThreshold}"] = "Flagger, primaryReadyThreshold and canaryReadyThreshold: ready when only a part of the pods is; ours waits for all (rule 8)",
        ["durations/flaggerInterval"] = "Flagger: what cannot be read is a minute, and less than ten seconds are ten; ours refuses it, with the field and the way out",
        ["durations/pauseDuration"] = "Argo Rollouts: a bare number is seconds, and below a second there is nothing; ours always names the unit, and knows milliseconds",
        [$"durations/{BareZero}"] = "Kargo: zero needs a unit too; ours, as Go's, takes it without",
        ["bluegreen-and-traffic/previewReplicas"] =
            "Argo Rollouts: a preview that is smaller until the switch; ours is at full size from the start, so that what was tried is what is switched to",
        ["bluegreen-and-traffic/abortWeights"] = "Argo Rollouts, dynamicStableScale: the stable side is made smaller, so that an abort has to wait for it; ours never is",
        ["bluegreen-and-traffic/rollbackWindow"] =
            "Argo Rollouts: the way to an older version leaves out steps and analysis only within so many revisions; ours by hand always leaves out the steps, goes only to what has once passed (I21), and is still measured",
        [$"bluegreen-and-traffic/{RolloutDialects.Threshold}"] = "Argo Rollouts, replicaProgressThreshold: requests are sent when only some of the pods are there; ours waits for all that the weight takes",
        [$"fenceposts/{RolloutDialects.NoneInBlueGreen}"] = "Argo Rollouts: its blue/green has neither bound; ours is promoted by the Deployment's own update, whose bounds hold there too",
        [$"fenceposts/{RolloutDialects.Unclamped}"] = "Argo Rollouts: an inner step, before what may be missing is cut to the replicas that there are; with that cut, as in 'effective', the answers are the same",
        [$"fenceposts/{RolloutDialects.UnsetIsZero}"] = "Argo Rollouts: a bound that is not set is zero; of a Deployment, which is what ours moves, it is 25 % (apps/v1, RollingUpdateDeployment)",
        ["flagger-canary/" + RolloutDialects.ComputedSteps] = "Flagger: weights by stepWeight, and the last one above maxWeight; ours are written out, and what is shown is never more than what is written (I6)",
        ["flagger-canary/" + RolloutDialects.ClampedSteps] = "Flagger: a weight above 100 is taken for 100 in silence; ours is refused where it is written (StrategyTermsTests)",
        ["flagger-canary/" + RolloutDialects.StepwisePromotion] =
            "Flagger, stepWeightPromotion: after the promotion requests go back in steps of a fixed size; ours go back as fast as the available pods of the stable side bear (DrainTests)",
        ["flagger-canary/" + RolloutDialects.Rounds] = "Flagger, iterations: so many rounds, one each interval, and a phase is told for each; ours holds for a time, in which the checks measure",
        ["flagger-canary/" + RolloutDialects.CopiedConfiguration] =
            "Flagger: serves from a copy of the workload, so that ConfigMaps and Secrets have to be copied along; ours serves from the user's own Deployment, to which both sides' configuration belongs",
        ["flagger-canary/" + RolloutDialects.RaisedAgain] =
            "Flagger: a promoted version that fails while requests go back to it gets none again; ours has passed by then, and on the way out nothing is raised (I7). What has not gone back yet waits until its pods are available (DrainTests)",
        ["fleet-partitions-rancher/auto"] = "Rancher Fleet: clusters in partitions; ours is in one cluster. What moves together there is a group, and its order is written (Groups)",
        ["fleet-partitions-rancher/manual"] = "Rancher Fleet: see auto; a Delivery is in one group, so that the overlaps and the gaps that its cases show cannot be written",
        ["fleet-partitions-rancher/maxNew"] = "Rancher Fleet: how many of a bundle's deployments are made in one pass; ours limits how many rollouts are under way, and counts those that are stored (TurnstileTests)",
        ["fleet-waves-ocm/"] =
            "Open Cluster Management: which clusters of a fleet may be touched now, some failures allowed; ours is in one cluster, and the members of a group go all or none (GroupSimulation)",
        ["fleet-waves-ocm/clusterStatus"] =
            "Open Cluster Management: a cluster that has failed is tried again until its time is over; ours fails at once and goes back, and what has failed is not started again by itself (I16: FailingTests, and the simulations)",
        ["fleet-waves-ocm/rolloutSize"] = "Open Cluster Management: how many clusters at once, as a part of them, and 0 is all; ours is a number of rollouts in the configuration, and 0 is refused",
        [$"fleet-waves-ocm/{RolloutDialects.Endless}"] = "Open Cluster Management: None, or nothing, waits for ever; of ours every wait ends (I31), after ten minutes where nothing is written, and None is refused",
        [$"httproute-weights/{Sticky}"] = "Flagger: a cookie that keeps a client on its side; ours divides requests, and leaves sessions to the gateway",
        [$"httproute-weights/{ApartRules}"] = "Gateway API plugin of Argo Rollouts: weights and header rules are set one by one, and each call leaves the other's alone; in ours one wish says both, and rules that it does not name go",
        ["kargo-promotion/discoveryInterval"] =
            "Kargo: an interval below the operator's is raised in silence, and is reckoned from a time in a status; ours is refused below a second, and looks are spread by chance, so that not all ask at once (FeedScheduleTests)",
        ["kargo-promotion/finalPhase"] = "Kargo: how the scripts of a promotion add up; an attempt of ours has none, and how checks add up is in analysis-run/runStatus",
        ["kargo-promotion/leaveStage"] = FinishedSoakReason,
        ["kargo-promotion/phaseOrder"] = "Kargo: the phases of its queue of promotions; see queueOrder",
        ["kargo-promotion/queueOrder"] = "Kargo: promotions wait in a queue; in ours nothing waits in line: the newest that may start is what starts, and what it overtakes is recorded (I20: SupersedingTests)",
        ["kargo-promotion/requeue"] = "Kargo: a step is looked at each five minutes, or as it says; ours is woken by what changes, and at the instants that its stored state names (I31)",
        [$"kargo-promotion/{RolloutDialects.ApprovedAnyway}"] = "Kargo: an approval stands in for the stages before; of ours it is one more gate, and spec.after stays shut (OtherGatesTests)",
        [$"kargo-promotion/{RolloutDialects.FinishedSoak}"] = FinishedSoakReason,
        [$"kargo-promotion/{RolloutDialects.MatchUpstream}"] = "Kargo, MatchUpstream: what the stage before has now is taken; ours picks from the registry, and spec.after lets in only the digest that runs well there",
        [$"kargo-promotion/{RolloutDialects.Origins}"] =
            "Kargo: any stage may be offered any Freight, and asks by project and warehouse; a Delivery of ours has one source, and nothing that it did not find there is ever a candidate",
        ["platform/matches"] = "ggcr: a caller's filter over every field of an index's entry, features among them; ours asks whether an image runs on a node, of which no such field is known",
        ["platform/wants-platform"] =
            "Argo CD Image Updater: an image is wanted when one of its platforms is in a list, exactly; ours must run on every one that is named, and arm/v6 does run on arm/v7",
        ["policy-other/force-order"] = "keel: the tags that its policy force tries, in turn; ours picks by an order or follows one tag by its name",
        ["policy-other/force-select"] = "keel: force takes any tag that is not provably older, so that what runs depends on what ran; ours picks by an order or follows one tag by its name",
        ["policy-other/force-should-update"] = "keel: force decides on one pushed tag, by the tag that runs; ours looks at what the repository has, and follows a tag by its name (follow.tag)",
        ["policy-other/tag-sort-default"] = "diun: how its watch_repo goes through tags; ours have an order by their policy, and none by how a registry lists them",
        ["policy-other/tag-sort-lexicographical"] = "diun: see tag-sort-default; follow.alphabetical has this order",
        ["policy-other/tag-sort-reverse"] = "diun: see tag-sort-default; it is the order of the registry's list, turned round",
        ["policy-other/tag-sort-semver"] = "diun: see tag-sort-default; it takes ubuntu-5.0 for version 5.0, which ours takes only by a filter that says so",
        ["policy-regex/keel"] = "it orders what a group captured as text, so that build 9 comes after build 10; ours is filter.extract with an order of its own",
        ["policy-semver/keel"] =
            "its policies (patch, minor, major, all) are relative to what runs, so that what is picked depends on the path that led there; a range says the same by itself",
        ["dockerconfig/keel"] = "it compares hosts without ports and paths, so that a login would go where the kubelet does not send it; ours are the kubelet's rules",
        ["registry-cloud/go-containerregistry"] = "localhost/repo is a repository of localhost, as the reference grammar and the kubelet read it",
        ["registry-cloud/kargo"] = "the question is whether a host is one of ECR, with a repository or without",
        ["registry-cloud/kubernetes-in-tree"] = "'azurecr.' followed by any suffix would be sent a token of ours: a suffix has to be known or named",
        [$"registry-http/{DockerDigests}"] = "watchtower compares with the RepoDigests of a Docker engine; in a cluster the pods' imageID says what runs, by repository and digest",
        [$"registry-http/{FrontOfGhcr}"] = "watchtower asks ghcr.io for images of lscr.io; a login goes to the host it is for, and lscr.io answers by itself",
        [$"registry-http/{PartOfAList}"] = "a list whose page links to itself has no end that is known: it is refused whole, for a policy must not act on a part of it",
        [$"registry-http/{PlainPrivate}"] = "go-containerregistry takes private addresses for plain HTTP; here a login goes over plain HTTP only where the operator has named the registry",
        ["image-reference/subscription-key"] = "kargo: a key of its own for matching webhooks; ours compares repositories by domain and path",
        ["image-reference/familiar-glob-match"] = "distribution: shell patterns over short names, as docker images filters by; ours has globs over whole names, in receivers and image policies",
        ["image-reference/parse-any"] = "distribution: image IDs of an engine besides names; no field of ours takes an ID",
        ["image-reference/with-tag"] = "distribution: its builder of references refuses tags; ours refuses them where they are read",
        [$"progress-deadline/{RolloutDialects.AnyChange}"] =
            "Argo Rollouts: any change is progress, fewer pods too, so that readiness that comes and goes moves the deadline for ever; of ours only more pods than ever before (I32: RollingTests, SteppingTests)",
        [$"progress-thresholds/{RolloutDialects.Threshold}"] = "Argo Rollouts, replicaProgressThreshold: a step goes on when only some of its pods are there; ours waits for all (I1)",
        [$"progress-thresholds/{RolloutDialects.ThoughUnavailable}"] = "Argo Rollouts: pods are counted that are not available; ours never are, for what they would take comes to nobody (I1)",
        ["schedule/duration"] = "watchtower: days, weeks and months of thirty days; ours are Go's units, as everywhere in Kubernetes, for a day is not always 24 hours",
        [$"schedule/{LeaptPoint}"] = "robfig/cron: a point that the clock leaps over in spring is left out; ours is the instant of the leap, or a window that denies would not deny in that night",
        [$"schedule/{OddDuration}"] = "Go: durations below zero and below a millisecond; no time that a user waits for is one",
        ["semver-versions/increment"] = "Masterminds/semver: what the next version would be; ours chooses among the versions that are there and makes none",
        ["workload-update/apply-event"] =
            "keel: an event's tag is applied to each workload whose labels allow it; to ours an event is a hint, and what is deployed is what the repository has then. "
            + "What both mean (other containers and the spelling of an image stay, init containers are updated) is tested where images are written",
        [$"webhooks/auth/{OpenWithoutSecret}"] = "without a configured secret it takes what anybody sends; ours is no credential, no route",
    }.ToFrozenDictionary();

    private const string OneTotalReason =
        "Argo Rollouts: one number of pods is divided between the sides, so that pods are taken from the stable one, or the canary gets none; ours is beside it, with at least one pod and no larger share than was asked for but for that one (I3, I6: SideSizeTests)";

    private const string HalfByPodsReason = "Argo Rollouts: without a router the canary may get more than half, from pods of the stable side; ours refuses that where it is written (StrategyTermsTests)";

    private const string FinishedSoakReason = "Kargo: a soak counts after the version has left the stage too; ours must run well there now, without a break (OtherGatesTests)";

    private const string NanFails = "nan-fails";
    private const string CutShort = "cut-short-passes";
    private const string ErrorFirst = "error-over-inconclusive";
    private const string InFlight = "waits-for-in-flight";
    private const string ResumeAt = "resume-at";
    private const string OnceWithoutInterval = "once-without-interval";
    private const string BareZero = "bare-zero";
    private const string Sticky = "session-affinity";
    private const string ApartRules = "rules-apart-from-weights";
    private const string OpenWithoutSecret = "open-without-secret";
    private const string LeaptPoint = "leapt-point";
    private const string OddDuration = "odd-duration";
    private const string DockerDigests = "docker-repo-digests";
    private const string FrontOfGhcr = "front-of-ghcr";
    private const string PartOfAList = "part-of-a-list";
    private const string PlainPrivate = "plain-private-address";

    /// <summary>A peer's rule that the file does not mark by name, told by the input that it hangs on, and so for every case that has it.</summary>
    public static string? Unmarked(string file, JsonElement one) => (file, Text(one, "op")) switch
    {
        ("webhooks/auth", _) when one.ValueKind is JsonValueKind.Object && one.TryGetProperty("configuredSecret", out var secret) && secret.ValueEquals("") => OpenWithoutSecret,
        ("analysis-conditions" or "analysis-metric-status" or "analysis-run" or "analysis-validation" or "durations", _) => OfChecks(file, one),
        ("bluegreen-and-traffic", _) when one.GetProperty("input").TryGetProperty("thresholdPercent", out var threshold) && threshold.ValueKind == JsonValueKind.Number => RolloutDialects.Threshold,
        ("httproute-weights", _) when one.GetProperty("input").TryGetProperty("sessionAffinity", out _) => Sticky,
        ("httproute-weights", _) when one.GetProperty("input").TryGetProperty("rules", out var rules) && rules.EnumerateArray().Any(rule => Text(rule, "name") == "managed-header-rule") => ApartRules,
        ("registry-http", "digest-in-repo-digests") => DockerDigests,
        ("registry-http", "registry-address") when Text(one, "input").StartsWith("lscr.io/", StringComparison.Ordinal) => FrontOfGhcr,
        ("registry-http", "tag-pages") when one.GetProperty("expect").TryGetProperty("terminates", out _) => PartOfAList,
        ("registry-http", "default-scheme") when HostKind.IsPrivateAddress(Text(one, "registry").Split(':')[0]) && !HostKind.IsLoopback(Text(one, "registry").Split(':')[0]) => PlainPrivate,
        ("schedule", "next") when ScheduleOps.IsLeapt(one) => LeaptPoint,
        ("schedule", "go-duration") when Text(one, "input") is ['-', ..] or [.., 'u' or 'n', 's'] => OddDuration,
        _ => RolloutDialects.Of(file, one),
    };

    private static string? OfChecks(string file, JsonElement one)
    {
        var input = one.GetProperty("input");
        return file switch
        {
            "durations" => input.ValueKind == JsonValueKind.String && input.ValueEquals("0") && one.GetProperty("expect").TryGetProperty("valid", out _) ? BareZero : null,
            "analysis-conditions" => Text(input, "result") == "NaN" && Text(input, "failureCondition").Length == 0 && !Text(input, "successCondition").Contains("isNaN", StringComparison.Ordinal) ? NanFails : null,
            "analysis-metric-status" when input.TryGetProperty("new", out _) => (Text(input, "current"), Text(input, "new")) is ("Error", "Inconclusive") or ("Inconclusive", "Error") ? ErrorFirst : null,
            "analysis-metric-status" => input.GetProperty("terminating").GetBoolean() && one.GetProperty("expect").GetProperty("phase").ValueEquals("Successful") && !HasRow(input) ? CutShort : null,
            "analysis-validation" => input.GetProperty("metrics").EnumerateArray().Any(metric => metric.TryGetProperty("count", out var count) && count.GetInt32() > 1 && !metric.TryGetProperty("interval", out _)) ? OnceWithoutInterval : null,
            _ when input.TryGetProperty("resumeAtSecondsFromNow", out _) => ResumeAt,
            _ when Text(input, "interval").Length == 0 && input.TryGetProperty("measurementsTaken", out var taken) && taken.GetInt32() > 0 => OnceWithoutInterval,
            _ => input.TryGetProperty("metrics", out var metrics) && metrics.EnumerateArray().Any(metric => metric.ValueKind == JsonValueKind.Object && metric.TryGetProperty("inFlight", out _)) ? InFlight : null,
        };
    }

    private static bool HasRow(JsonElement input) =>
        input.GetProperty("metric").GetProperty("consecutiveSuccessLimit") is { ValueKind: JsonValueKind.Number } limit && input.GetProperty("result").GetProperty("consecutiveSuccess").GetInt32() >= limit.GetInt32();

    private static string Text(JsonElement one, string name) =>
        one.ValueKind is JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
