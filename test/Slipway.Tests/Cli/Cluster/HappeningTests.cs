using System.Text.Json;
using Slipway.Explanations;

namespace Slipway.Tests.Cli.Cluster;

public sealed class HappeningTests
{
    private static Happening Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Happening.Read(document.RootElement)!;
    }

    [Theory]
    [InlineData("""{"series":{"lastObservedTime":"2026-03-01T04:00:00Z"},"lastTimestamp":"2026-03-01T03:00:00Z"}""", 4)]
    [InlineData("""{"series":null,"lastTimestamp":"2026-03-01T03:00:00Z","eventTime":"2026-03-01T02:00:00Z"}""", 3)]
    [InlineData("""{"lastTimestamp":null,"eventTime":"2026-03-01T02:00:00.123456Z","metadata":{"creationTimestamp":"2026-03-01T01:00:00Z"}}""", 2)]
    [InlineData("""{"lastTimestamp":"","eventTime":"yesterday","metadata":{"creationTimestamp":"2026-03-01T01:00:00Z"}}""", 1)]
    public void Its_time_is_the_latest_that_its_writer_set(string json, int hour) => Assert.Equal(hour, Read(json).At.Hour);

    [Theory]
    [InlineData("""{"count":3}""", 3)]
    [InlineData("""{"series":{"count":7},"count":1}""", 7)]
    [InlineData("{}", 1)]
    public void How_often_it_happened_is_counted_by_old_and_new_writers(string json, long count) => Assert.Equal(count, Read(json).Count);

    [Fact]
    public void What_is_missing_is_empty_and_no_error()
    {
        var happening = Read("""{"involvedObject":null,"type":null,"message":null}""");

        Assert.Equal(("", "", false, ""), (happening.Kind, happening.Name, happening.Warning, happening.Message));
    }
}
