using System.Text.Json;

namespace Slipway.Vectors;

/// <summary>Which of the peers' own rules of rollouts a case hangs on. Their reasons are in <see cref="DeclaredDialects"/>.</summary>
public static class RolloutDialects
{
    public const string OneTotal = "one-total";
    public const string HalfByPods = "more-than-half-by-pods";
    public const string WithinSurge = "canary-within-surge";
    public const string BothAtOnce = "both-sides-in-one-pass";
    public const string CanaryScale = "canary-scale";
    public const string LeastPods = "least-pods";
    public const string StableByWeight = "stable-by-weight";
    public const string CanaryByWeight = "canary-by-weight";
    public const string Threshold = "replica-progress-threshold";
    public const string ThoughUnavailable = "though-unavailable";
    public const string AnyChange = "any-change";
    public const string ReadyThreshold = "ready-threshold";
    public const string UnsetIsZero = "unset-is-zero";
    public const string Unclamped = "before-the-clamp";
    public const string NoneInBlueGreen = "none-in-blue-green";
    public const string ComputedSteps = "computed-steps";
    public const string ClampedSteps = "clamped-steps";
    public const string StepwisePromotion = "stepwise-promotion";
    public const string Rounds = "rounds";
    public const string CopiedConfiguration = "copied-configuration";
    public const string RaisedAgain = "raised-again";
    public const string Origins = "projects-and-origins";
    public const string ApprovedAnyway = "approved-anyway";
    public const string FinishedSoak = "finished-soak";
    public const string MatchUpstream = "match-upstream";
    public const string Endless = "endless";

    /// <summary>Null: the case hangs on no such rule.</summary>
    public static string? Of(string file, JsonElement one)
    {
        var (input, expect) = (Field(one, "input"), Field(one, "expect"));
        return file switch
        {
            "canary-replicas" => Field(one, "mode").ValueEquals("traffic-routed") ? ByRouter(input) : ByPods(input, expect, Number(input, "setWeight")),
            "canary-weight-approximation" => Divided(input, expect, Number(input, "weight")),
            "canary-trajectories" => Divided(input, Field(expect, "fixpoint"), Number(input, "weight")),
            "canary-dynamic-stable-scale" => Dynamic(input, expect),
            "progress-thresholds" => Thresholds(input),
            "progress-deadline" => Field(expect, "progressed").ValueKind == JsonValueKind.True && !(Available(input, "new") > Available(input, "old")) ? AnyChange : null,
            "deployment-readiness" => Number(input, "readyThresholdPercent") < 100 ? ReadyThreshold : null,
            "fenceposts" => Fenceposts(one, input),
            "flagger-canary" => Flagger(input),
            "kargo-promotion" => Kargo(input, expect),
            "fleet-waves-ocm" => input.ValueKind == JsonValueKind.String && (input.ValueEquals("") || input.ValueEquals("None")) ? Endless : null,
            _ => null,
        };
    }

    // What is whole at the end is promoted, and there the Deployment moves by itself.
    private static string? Divided(JsonElement input, JsonElement expect, int? weight) =>
        weight is not (> 0 and < 100) || Number(input, "replicas") == 0 ? null
        : Number(expect, "stable") < Number(input, "replicas") || Number(expect, "canary") == 0 ? OneTotal
        : weight > 50 ? HalfByPods
        : null;

    private static string? ByPods(JsonElement input, JsonElement expect, int? weight)
    {
        var (stable, canary) = (Field(input, "stable"), Field(input, "canary"));
        if (Has(input, "promoteFull") && Field(input, "promoteFull").GetBoolean() || weight is 0 or 100)
        {
            return Number(expect, "stable") != Number(stable, "specReplicas") && Number(expect, "canary") != Number(canary, "specReplicas") ? BothAtOnce : null;
        }

        // A first deployment has nothing beside it.
        return Number(stable, "availableReplicas") == 0 && Number(canary, "specReplicas") == Number(input, "replicas") ? null
            : Divided(input, expect, weight) ?? (Number(expect, "canary") == Number(input, "maxSurge") && Number(expect, "canary") * 100 < weight * Number(input, "replicas") ? WithinSurge : null);
    }

    private static string? ByRouter(JsonElement input) =>
        Field(input, "setCanaryScale") is { ValueKind: JsonValueKind.Object } scale && !Field(scale, "matchTrafficWeight").GetBoolean() ? CanaryScale
        : Number(input, "minPodsPerReplicaSet") is not null ? LeastPods
        : null;

    private static string? Dynamic(JsonElement input, JsonElement expect)
    {
        var step = Field(input, "steps")[Number(input, "currentStepIndex") ?? 0];
        return Number(expect, "stable") < Number(input, "replicas") ? StableByWeight
            : Number(Field(input, "actualWeights"), "canary") < Number(step, "setWeight") ? CanaryByWeight
            : null;
    }

    private static string? Thresholds(JsonElement input) =>
        Has(input, "ignoreAvailability") ? Field(input, "ignoreAvailability").GetBoolean() ? ThoughUnavailable : null
        : Field(input, "threshold") is { ValueKind: JsonValueKind.Object } threshold && Number(threshold, "value") >= 0 && Field(input, "replicaSet").ValueKind == JsonValueKind.Object ? Threshold
        : null;

    private static string? Fenceposts(JsonElement one, JsonElement input) =>
        Has(one, "strategy") ? Field(one, "strategy").ValueEquals("blueGreen") ? NoneInBlueGreen : null
        : Field(input, "maxSurge").ValueKind == JsonValueKind.Null || Field(input, "maxUnavailable").ValueKind == JsonValueKind.Null ? UnsetIsZero
        : Number(input, "replicas") == 0 ? Unclamped
        : null;

    private static string? Flagger(JsonElement input)
    {
        var analysis = Field(input, "analysis");
        return Has(input, "changes") ? CopiedConfiguration
            : Has(input, "phase") ? Field(input, "phase").ValueEquals("Finalising") ? RaisedAgain : null
            : Has(analysis, "stepWeights") ? Field(analysis, "stepWeights").EnumerateArray().Any(weight => weight.GetInt32() > 100) ? ClampedSteps : null
            : Has(analysis, "stepWeightPromotion") ? StepwisePromotion
            : Has(analysis, "maxWeight") ? ComputedSteps
            : Has(analysis, "iterations") && !Has(analysis, "match") ? Rounds
            : null;
    }

    private static string? Kargo(JsonElement input, JsonElement expect)
    {
        if (Has(expect, "longestSoakSeconds"))
        {
            return Number(input, "longestCompletedSoakSeconds") > (Number(input, "currentlyInForSeconds") ?? 0) ? FinishedSoak : null;
        }

        if (Has(input, "policy"))
        {
            return Field(input, "policy").ValueEquals("MatchUpstream") ? MatchUpstream : null;
        }

        if (!Has(input, "release") || Field(input, "release").ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var (stage, release) = (Field(input, "stage"), Field(input, "release"));
        var request = Has(stage, "requests") ? Field(stage, "requests").EnumerateArray().FirstOrDefault() : default;
        return request.ValueKind != JsonValueKind.Object || Field(request, "origin").GetString() != Field(release, "origin").GetString() ? Origins
            : Has(release, "approvedFor") ? ApprovedAnyway
            : null;
    }

    private static int? Available(JsonElement input, string when) => Number(Field(input, when), "available");

    private static bool Has(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out _);

    private static JsonElement Field(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    private static int? Number(JsonElement owner, string name) => Field(owner, name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt32() : null;
}
