using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Deliveries;

namespace Slipway.Vectors.Ops;

/// <summary>Which checks are refused where they are written, and when measurements are made.</summary>
internal static class CheckSpecOps
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static JsonObject Validate(VectorCase one)
    {
        List<CheckSpec> checks = [.. one.Body.GetProperty("input").GetProperty("metrics").EnumerateArray().Select(Written)];

        // Argo's specification is a template; one of ours that measures nothing is refused, and a Delivery without checks is not.
        var problem = checks.Count == 0 ? CheckPlans.Check(new ClusterCheckSpec()) : CheckPlans.Check(new DeliverySpec { Checks = checks });

        // Whether it is refused is compared, and not the words.
        return new() { ["error"] = problem is null ? null : one.Expect.GetProperty("error").GetString() ?? $"{problem}", ["regex"] = one.Expect.TryGetProperty("regex", out var regex) && regex.GetBoolean() };
    }

    public static JsonObject Schedule(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var metrics = input.TryGetProperty("metrics", out var several) ? several.EnumerateArray().ToArray() : [input];
        var run = Seconds(input, "runStartedSecondsAgo");
        if (input.TryGetProperty("runStartedSecondsAgo", out _) && run is null)
        {
            // Without a beginning there is no progress, and nothing is wished for.
            return new() { ["measureNow"] = false };
        }

        List<CheckStanding> standings = [.. metrics.Select(metric => Standing(metric, Now - (run ?? TimeSpan.Zero)))];
        var other = input.TryGetProperty("otherMetricPhase", out var phase) && phase.ValueEquals("Failed");
        var next = CheckRun.NextDue(standings, Now) - Now;
        return new()
        {
            ["measureNow"] = !other && standings.Exists(standing => standing.Progress.Due <= Now),

            // Its name is that of the one that was begun: who makes it again finds it.
            ["resume"] = standings.Exists(standing => standing.Progress is { Ordinal: 0 } && standing.Progress.Due <= Now),
            ["nextInSeconds"] = next is null ? null : (int)next.Value.TotalSeconds,
        };
    }

    public static JsonObject Duration(VectorCase one) => new() { ["valid"] = DurationText.TryParse(one.Text("input"), out _) };

    private static CheckStanding Standing(JsonElement metric, DateTimeOffset started)
    {
        var interval = metric.TryGetProperty("interval", out var text) && DurationText.TryParse(text.GetString(), out var every) ? every : TimeSpan.FromSeconds(30);
        var plan = new CheckPlan
        {
            Name = "metric",
            Interval = interval,
            Count = metric.TryGetProperty("phase", out var done) && done.ValueEquals("Successful") ? 1 : null,
            WarmUp = metric.TryGetProperty("initialDelay", out var delay) && DurationText.TryParse(delay.GetString(), out var warmUp) ? warmUp : TimeSpan.Zero,
        };
        var progress = CheckMachine.Begin(plan, started);
        if (plan.Count == 1)
        {
            return new(plan, CheckMachine.Take(plan, progress, new Measurement(MeasuredAs.Pass, Now)));
        }

        if (!metric.TryGetProperty("lastMeasurement", out var last) || Seconds(last, "finishedSecondsAgo") is not { } ago)
        {
            return new(plan, progress);
        }

        var result = last.TryGetProperty("phase", out var phase) && phase.ValueEquals("Error") ? MeasuredAs.Error : MeasuredAs.Pass;
        return new(plan, CheckMachine.Take(plan, progress, new Measurement(result, Now - ago)));
    }

    private static TimeSpan? Seconds(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? TimeSpan.FromSeconds(value.GetInt32()) : null;

    private static CheckSpec Written(JsonElement metric)
    {
        var providers = metric.GetProperty("providers").EnumerateArray().Select(provider => provider.GetString()).ToHashSet();
        return new CheckSpec
        {
            Name = metric.GetProperty("name").GetString(),
            Prometheus = providers.Contains("prometheus") ? new() { Query = "up" } : null,
            Web = providers.Contains("web") ? new() { Url = "https://example.com" } : null,
            Job = providers.Contains("job") ? new() { Image = "busybox" } : null,
            Pass = "result > 0",
            Interval = Text(metric, "interval"),
            WarmUp = Text(metric, "initialDelay"),
            Count = Whole(metric, "count"),
            FailureLimit = Whole(metric, "failureLimit"),
            InconclusiveLimit = Whole(metric, "inconclusiveLimit"),
            ConsecutiveErrorLimit = Whole(metric, "consecutiveErrorLimit"),
            ConsecutiveSuccessLimit = Whole(metric, "consecutiveSuccessLimit"),
        };
    }

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int? Whole(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}
