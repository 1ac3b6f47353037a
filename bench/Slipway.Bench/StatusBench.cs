using System.Globalization;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Bench;

/// <summary>What a pass pays for comparing a status, and one that moves it for writing and reading it.</summary>
internal static class StatusBench
{
    public static IEnumerable<Benchmark> All =>
    [
        Row("status: compared, nothing moved", delivery =>
        {
            var (stored, planned) = (delivery.Status!, Samples.Delivery(0, delivery.Status!.Rejected!.Count).Status!);
            return Measure.Seconds(() => stored.SameAs(planned) ? stored : throw new InvalidOperationException("the statuses differ"));
        }),
        Row("status: written as JSON", delivery => Measure.Seconds(() => JsonSerializer.SerializeToUtf8Bytes(delivery, ApiJson.Default.Delivery))),
        Row("status: read from JSON", delivery =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(delivery, ApiJson.Default.Delivery);
            return Measure.Seconds(() => JsonSerializer.Deserialize(json, ApiJson.Default.Delivery)!);
        }),
    ];

    private static Benchmark Row(string what, Func<Delivery, double> time) => new(what, () =>
    {
        var (none, many) = (time(Samples.Delivery(0, rejections: 0)), time(Samples.Delivery(0, rejections: 20)));
        return new Figure(Report.Duration(none), "", null, string.Create(CultureInfo.InvariantCulture, $"20 rejected digests, which is the most: {Report.Duration(many)}"));
    });
}
