using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Checks;
using Slipway.Checks.Expressions;

namespace Slipway.Vectors.Ops;

/// <summary>What measurements come to, in the words of Argo Rollouts: its metric is our check, its Error our NoData.</summary>
internal static class CheckOps
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public static JsonObject MetricStatus(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var (metric, result) = (input.GetProperty("metric"), input.GetProperty("result"));
        var plan = new CheckPlan
        {
            Name = "metric",
            Interval = Interval,
            Count = Whole(metric, "count") ?? (metric.GetProperty("interval").ValueEquals("") ? 1 : null),
            FailureLimit = Whole(metric, "failureLimit") ?? 0,
            InconclusiveLimit = Whole(metric, "inconclusiveLimit") ?? 0,
            ErrorLimit = Whole(metric, "consecutiveErrorLimit") ?? 4,
            SuccessLimit = Whole(metric, "consecutiveSuccessLimit") ?? 0,
        };
        var measurements = result.GetProperty("measurements").EnumerateArray().ToArray();
        var lastPassed = measurements is [.., var last] && last.GetProperty("finished").GetBoolean() && last.GetProperty("phase").ValueEquals("Successful");
        var progress = new CheckProgress("metric", measurements.Length, Now)
        {
            Passed = Whole(result, "successful") ?? 0,
            Failed = Whole(result, "failed") ?? 0,
            Inconclusive = Whole(result, "inconclusive") ?? 0,
            ErrorsInARow = Whole(result, "consecutiveError") ?? 0,
            PassedInARow = Math.Max(Whole(result, "consecutiveSuccess") ?? 0, lastPassed ? 1 : 0),
        };
        var verdict = CheckMachine.Of(plan, progress, over: input.GetProperty("terminating").GetBoolean());
        return new() { ["phase"] = verdict == Verdict.Pending && measurements.Length > 0 ? "Running" : Phase(verdict) };
    }

    public static JsonObject Severity(VectorCase one) => new() { ["newIsWorse"] = VerdictOf(Input(one, "new")) > VerdictOf(Input(one, "current")) };

    public static JsonObject Conditions(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var (pass, fail) = (NullIfEmpty(Input(one, "successCondition")), NullIfEmpty(Input(one, "failureCondition")));
        if (new[] { pass, fail }.OfType<string>().Any(text => !Expression.TryParse(text, IsKnown, out _, out _)))
        {
            // Ours is refused before anything is measured.
            return new() { ["phase"] = "Error" };
        }

        var measured = Judging.Of(new CheckPlan { Name = "metric", Pass = pass, Fail = fail }, new SourceAnswer.Found(Value(input.GetProperty("result"))), null, Now);
        return new() { ["phase"] = Phase(measured.Result), ["value"] = measured.Value ?? "" };
    }

    public static JsonObject Expressions(VectorCase one)
    {
        var value = Expression.TryParse(Input(one, "expression"), IsKnown, out var expression, out var problem)
            ? expression.Evaluate(new Dictionary<string, CheckValue> { ["result"] = Value(one.Body.GetProperty("input").GetProperty("result")) })
            : new CheckValue.Unknown(problem);

        // Which of its inputs cannot be worked out is compared, and not a peer's sentence about it.
        return value is CheckValue.Truth truth ? new() { ["value"] = truth.Value } : new() { ["error"] = one.Expect.TryGetProperty("error", out var error) ? error.GetString() : $"{value}" };
    }

    public static JsonObject PrometheusResponse(VectorCase one)
    {
        var body = one.Body.GetProperty("input").GetProperty("body");
        return PrometheusAnswer.Instant(body, DateTimeOffset.UnixEpoch) switch
        {
            SourceAnswer.Found { Value: CheckValue.Number { Value: double.NaN } } or SourceAnswer.Empty => new() { ["error"] = "no values found" },
            SourceAnswer.Found { Value: CheckValue.Number number } => new() { ["value"] = number.Value },
            SourceAnswer.Found => new() { ["error"] = "multiple series" },
            SourceAnswer.Unclear => new() { ["error"] = "multiple values" },
            var other => new() { ["error"] = $"{other}" },
        };
    }

    public static JsonObject RunStatus(VectorCase one)
    {
        var metrics = one.Body.GetProperty("input").GetProperty("metrics").EnumerateArray().ToArray();
        var verdict = CheckRun.Of(metrics.Select(metric => Standing(metric.GetProperty("phase").GetString()!)), over: false);
        return new() { ["phase"] = verdict == Verdict.Pending ? "Running" : Phase(verdict) };
    }

    public static JsonObject FastFail(VectorCase one) => new()
    {
        ["terminating"] = CheckRun.Of(one.Body.GetProperty("input").GetProperty("metrics").EnumerateArray().Select(metric => Standing(metric.GetString()!)), over: false) > Verdict.Pending,
    };

    public static JsonObject JobName(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var name = MeasurementName.Of(Input(one, "runUid"), Input(one, "metric"), input.GetProperty("ordinal").GetInt32(), $"{input}");
        return new() { ["length"] = name.Length, ["maxLength"] = Math.Max(name.Length, MeasurementName.Longest) };
    }

    // A check that has come to this phase.
    private static CheckStanding Standing(string phase)
    {
        var plan = new CheckPlan { Name = "metric", Count = 1, DryRun = phase.EndsWith("(dryRun)", StringComparison.Ordinal) };
        var progress = CheckMachine.Begin(plan, Now);
        return new(plan, phase.Split('(')[0] switch
        {
            "Failed" => progress with { Failed = 1 },
            "Inconclusive" => progress with { Inconclusive = 1 },
            "Error" => progress with { ErrorsInARow = 5 },
            "Successful" => progress with { Passed = 1, PassedInARow = 1 },
            _ => progress,
        });
    }

    private static Verdict VerdictOf(string phase) => Standing(phase).Verdict(over: false);

    private static string Phase(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "Successful",
        Verdict.NoData => "Error",
        _ => $"{verdict}",
    };

    private static string Phase(MeasuredAs result) => result switch
    {
        MeasuredAs.Pass => "Successful",
        MeasuredAs.Fail => "Failed",
        MeasuredAs.NoData => "Error",
        _ => $"{result}",
    };

    // JSON has no NaN, so that the files write it as text.
    private static CheckValue Value(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() switch
    {
        "NaN" => new CheckValue.Number(double.NaN),
        "+Inf" => new CheckValue.Number(double.PositiveInfinity),
        _ => CheckValue.Of(json),
    } : CheckValue.Of(json);

    private static bool IsKnown(string name) => name == "result";

    private static string Input(VectorCase one, string name) => one.Body.GetProperty("input").GetProperty(name).GetString()!;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static int? Whole(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
