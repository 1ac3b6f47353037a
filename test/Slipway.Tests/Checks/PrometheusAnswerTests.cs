using System.Globalization;
using System.Text.Json;
using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class PrometheusAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Time(int secondsAgo) => ((Now.ToUnixTimeMilliseconds() / 1000.0) - secondsAgo).ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("0.25", "0.25")]
    [InlineData("NaN", "NaN")]
    [InlineData("+Inf", "+Inf")]
    [InlineData("-Inf", "-Inf")]
    [InlineData("1e-05", "1E-05")]
    public void One_series_is_its_value(string value, string shown) =>
        Assert.Equal(shown, $"{Assert.IsType<SourceAnswer.Found>(Instant(Vector($$"""{"metric":{},"value":[{{Time(1)}},"{{value}}"]}"""))).Value}");

    [Fact]
    public void A_scalar_is_a_value_too() =>
        Assert.Equal("5", $"{Assert.IsType<SourceAnswer.Found>(Instant(Success("scalar", $"[{Time(0)},\"5\"]"))).Value}");

    [Fact]
    public void Several_series_are_a_list() =>
        Assert.Equal("[1,2]", $"{Assert.IsType<SourceAnswer.Found>(Instant(Vector($$"""{"metric":{"p":"a"},"value":[{{Time(1)}},"1"]},{"metric":{"p":"b"},"value":[{{Time(1)}},"2"]}"""))).Value}");

    [Fact]
    public void No_series_are_nothing() => Assert.Equal("no values found", Assert.IsType<SourceAnswer.Empty>(Instant(Vector(""))).Why);

    [Fact]
    public void What_is_stale_is_nothing_and_what_is_partly_so_is_unclear()
    {
        var (fresh, stale) = ($$"""{"metric":{"p":"a"},"value":[{{Time(1)}},"1"]}""", $$"""{"metric":{"p":"b"},"value":[{{Time(301)}},"2"]}""");

        Assert.Equal("the newest value is older than 5 minutes", Assert.IsType<SourceAnswer.Empty>(Instant(Vector(stale))).Why);
        Assert.Equal("1 of 2 values are older than 5 minutes", Assert.IsType<SourceAnswer.Unclear>(Instant(Vector($"{fresh},{stale}"))).Why);
    }

    [Theory]
    [InlineData("matrix", "[]", "avg_over_time")]
    [InlineData("string", """[1,"x"]""", "gives a string")]
    [InlineData("streams", "[]", "gives a streams")]
    public void Another_kind_of_answer_is_unclear(string type, string result, string why) => Assert.Contains(why, Assert.IsType<SourceAnswer.Unclear>(Instant(Success(type, result))).Why, StringComparison.Ordinal);

    [Fact]
    public void A_warning_says_that_something_may_be_missing() => Assert.Equal(
        "Prometheus warns: store b did not answer",
        Assert.IsType<SourceAnswer.Unclear>(Instant($$"""{"status":"success","warnings":["store b did not answer"],"data":{"resultType":"vector","result":[{"metric":{},"value":[{{Time(0)}},"1"]}]} }""")).Why);

    [Theory]
    [InlineData("""{"status":"error","errorType":"bad_data","error":"parse error at char 4"}""", "parse error at char 4")]
    [InlineData("""{"status":"success"}""", "not what its API promises")]
    [InlineData("[]", "not what its API promises")]
    [InlineData("5", "not what its API promises")]
    public void An_error_is_no_answer(string body, string why) => Assert.Contains(why, Assert.IsType<SourceAnswer.Unanswered>(Instant(body)).Why, StringComparison.Ordinal);

    [Fact]
    public void A_range_is_the_samples_of_all_series()
    {
        var answer = Range(Success("matrix", """[{"metric":{"p":"a"},"values":[[1,"1"],[2,"2"]]},{"metric":{"p":"b"},"values":[[1,"NaN"]]}]"""));

        Assert.Equal("[1,2,NaN]", $"{Assert.IsType<SourceAnswer.Found>(answer).Value}");
        Assert.IsType<SourceAnswer.Empty>(Range(Success("matrix", "[]")));
        Assert.IsType<SourceAnswer.Unclear>(Range(Vector("")));
        Assert.IsType<SourceAnswer.Unanswered>(Range("""{"status":"error","error":"x"}"""));
    }

    private static string Vector(string series) => Success("vector", $"[{series}]");

    private static string Success(string type, string result) => $$"""{"status":"success","data":{"resultType":"{{type}}","result":{{result}} } }""";

    private static SourceAnswer Instant(string body) => PrometheusAnswer.Instant(Parse(body), Now);

    private static SourceAnswer Range(string body) => PrometheusAnswer.Range(Parse(body));

    private static JsonElement Parse(string body) => JsonDocument.Parse(body).RootElement;
}
