using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Checks.Expressions;

namespace Slipway.Checks;

/// <summary>Reads what Prometheus answers to a query.</summary>
/// <remarks>Prometheus documentation, "HTTP API", sections Format overview, Instant queries, Range queries, Expression query result formats.</remarks>
public static class PrometheusAnswer
{
    // A sample that is older was found by a server that looks further back than Prometheus does, and says nothing of now.
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(5);

    /// <summary>The answer to an instant query: one series is its value, several are a list of values.</summary>
    public static SourceAnswer Instant(JsonElement body, DateTimeOffset now)
    {
        if (Refused(body) is { } refused)
        {
            return refused;
        }

        var data = body.GetProperty("data");
        return TypeOf(data) switch
        {
            "scalar" => Samples([data.GetProperty("result")], now - Oldest),
            "vector" => Samples(data.GetProperty("result").EnumerateArray().Select(series => series.GetProperty("value")), now - Oldest),
            "matrix" => new SourceAnswer.Unclear("the query gives values over time (a matrix), not one: put a function such as avg_over_time around it"),
            var type => new SourceAnswer.Unclear($"the query gives a {type}, and no number"),
        };
    }

    /// <summary>The answer to a range query: the samples of all series, as one list.</summary>
    public static SourceAnswer Range(JsonElement body)
    {
        if (Refused(body) is { } refused)
        {
            return refused;
        }

        var data = body.GetProperty("data");
        return TypeOf(data) == "matrix"
            ? List(data.GetProperty("result").EnumerateArray().SelectMany(series => series.GetProperty("values").EnumerateArray()).Select(sample => Number(sample[1])))
            : new SourceAnswer.Unclear($"the query gives a {TypeOf(data)}, and no values over time");
    }

    private static string TypeOf(JsonElement data) => data.TryGetProperty("resultType", out var type) ? type.GetString() ?? "" : "";

    private static SourceAnswer? Refused(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("status", out var status) && status.ValueEquals("success") && body.TryGetProperty("data", out _))
        {
            // A part of what was asked for may be missing, as where one of several stores did not answer.
            return body.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array && warnings.GetArrayLength() > 0
                ? new SourceAnswer.Unclear($"Prometheus warns: {warnings[0]}")
                : null;
        }

        return new SourceAnswer.Unanswered($"Prometheus does not answer the query: {Error(body)}");
    }

    private static string Error(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString()! : "its answer is not what its API promises";

    private static SourceAnswer Samples(IEnumerable<JsonElement> samples, DateTimeOffset since)
    {
        var all = samples.ToArray();
        var fresh = all.Where(sample => sample[0].GetDouble() * 1000 >= since.ToUnixTimeMilliseconds()).ToArray();
        return all.Length > 0 && fresh.Length == 0 ? new SourceAnswer.Empty($"the newest value is older than {Oldest.TotalMinutes:0} minutes")
            : fresh.Length < all.Length ? new SourceAnswer.Unclear($"{all.Length - fresh.Length} of {all.Length} values are older than {Oldest.TotalMinutes:0} minutes")
            : List(fresh.Select(sample => Number(sample[1])));
    }

    private static SourceAnswer List(IEnumerable<double> numbers)
    {
        ImmutableArray<double> values = [.. numbers];
        return values switch
        {
            [] => new SourceAnswer.Empty("no values found"),
            [var only] => new SourceAnswer.Found(new CheckValue.Number(only)),
            _ => new SourceAnswer.Found(CheckValue.Of(values)),
        };
    }

    // "Inf" and "NaN" are text in JSON, and so are all numbers of Prometheus.
    private static double Number(JsonElement text) => text.GetString() switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number ?? "", NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
