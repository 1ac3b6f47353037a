using System.Text.Json;
using CsCheck;
using Slipway.Api;

namespace Slipway.Tests.Api;

public sealed class InstantTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "2026-01-01T12:00:00Z")]
    [InlineData(10_000, "2026-01-01T12:00:00.001Z")]
    [InlineData(5_000_000, "2026-01-01T12:00:00.500Z")]
    [InlineData(9_999, "2026-01-01T12:00:00Z")]
    [InlineData(-1, "2026-01-01T11:59:59.999Z")]
    public void A_time_is_written_in_UTC_with_milliseconds_at_most(long ticks, string expected) => Assert.Equal(expected, Instant.Write(Noon.AddTicks(ticks)));

    [Fact]
    public void An_offset_is_turned_into_UTC() => Assert.Equal("2026-01-01T12:00:00Z", Instant.Write(Noon.ToOffset(TimeSpan.FromHours(5.5))));

    [Fact]
    public void What_the_clock_says_is_cut_and_never_rounded_up() =>
        Gen.Long[0, TimeSpan.TicksPerDay * 36_500].Sample(ticks =>
        {
            var time = DateTimeOffset.UnixEpoch.AddTicks(ticks);
            var cut = Instant.Of(time);
            Assert.InRange(time - cut, TimeSpan.Zero, TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond - 1));
            Assert.Equal(Instant.Write(cut), Instant.Write(time));
        });

    [Fact]
    public void All_times_of_a_status_are_written_and_read_alike()
    {
        var status = new DeliveryStatus
        {
            Conditions = [new Condition("Ready", "True", "UpToDate", "runs", Noon.AddMilliseconds(5))],
            Candidate = new CandidateStatus("1", "sha256:1", Noon.ToOffset(TimeSpan.FromHours(-3)), "") { Built = Noon },
            Held = new HeldStatus("TooYoung", "", Noon.AddSeconds(1)),
        };

        var json = JsonSerializer.Serialize(status, ApiJson.Default.DeliveryStatus);

        Assert.DoesNotContain("+00:00", json, StringComparison.Ordinal);
        Assert.DoesNotContain("-03:00", json, StringComparison.Ordinal);
        Assert.Contains("\"lastTransitionTime\":\"2026-01-01T12:00:00.005Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"firstSeen\":\"2026-01-01T12:00:00Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"until\":\"2026-01-01T12:00:01Z\"", json, StringComparison.Ordinal);
        Assert.True(JsonSerializer.Deserialize(json, ApiJson.Default.DeliveryStatus)!.SameAs(status));
    }

    [Theory]
    [InlineData("2026-01-01T12:00:00Z")]
    [InlineData("2026-01-01T14:00:00+02:00")]
    [InlineData("2026-01-01T12:00:00.000000000Z")]
    public void Whatever_RFC_3339_allows_is_read(string text) =>
        Assert.Equal(Noon, JsonSerializer.Deserialize($$"""{"outcome":"Succeeded","finishedAt":"{{text}}"}""", ApiJson.Default.ReleaseStatus)!.FinishedAt);
}
