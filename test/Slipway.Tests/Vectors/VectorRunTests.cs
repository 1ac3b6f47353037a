using System.Text.Json.Nodes;
using Slipway.Vectors;

namespace Slipway.Tests.Vectors;

public sealed class VectorRunTests
{
    private static readonly VectorRun Runner = new(
        new Dictionary<string, VectorOp>
        {
            ["sums/add"] = one => new JsonObject
            {
                ["sum"] = one.Body.GetProperty("a").GetInt64() + one.Body.GetProperty("b").GetInt64(),
                ["words"] = "the sum",
            },
            ["sums/throw"] = _ => throw new InvalidOperationException("no luck"),
        },
        new HashSet<string> { "sums/add:words" },
        new Dictionary<string, string> { ["sums/abacus"] = "it counts from one", ["sums/divide"] = "it rounds" });

    [Fact]
    public void A_case_passes_when_all_that_it_expects_is_answered()
    {
        var report = Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{"sum":3}}]}""");

        Assert.Equal(1, report.Passed);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public void A_case_fails_with_what_was_expected_and_what_came()
    {
        var failure = Assert.Single(Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{"sum":4}}]}""").Failures);

        Assert.Equal(new Failure("s-1", "add", """{"sum":4}""", """{"sum":3,"words":"the sum"}"""), failure);
    }

    [Fact]
    public void Numbers_are_compared_by_what_they_say() =>
        Assert.Equal(1, Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{"sum":3.0}}]}""").Passed);

    [Fact]
    public void What_is_expected_and_not_answered_fails() =>
        Assert.Single(Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{"sum":3,"carry":0}}]}""").Failures);

    [Theory]
    [InlineData("""{"note":"nothing else"}""")]
    [InlineData("""{"words":"in a peer's own words"}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_case_that_expects_nothing_fails(string expect) =>
        Assert.Contains("cannot fail", Assert.Single(Run($$"""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{{expect}}}]}""").Failures).Actual, StringComparison.Ordinal);

    [Theory]
    [InlineData("3", 1)]
    [InlineData("4", 0)]
    public void A_bare_value_is_what_the_op_answers_without_a_name(string expect, int passed) =>
        Assert.Equal(passed, new VectorRun(new Dictionary<string, VectorOp> { ["file/"] = _ => new() { [VectorCase.Answer] = 3 } }, new HashSet<string>(), new Dictionary<string, string>())
            .Run(VectorFile.TryRead("file", $$"""{"cases":[{"expect":{{expect}}}]}""", out var file, out _) ? file : throw new ArgumentException(expect)).Passed);

    [Fact]
    public void A_case_without_an_expectation_fails() => Assert.Single(Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2}]}""").Failures);

    [Fact]
    public void Remarks_and_a_peers_own_words_are_not_compared() =>
        Assert.Equal(1, Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{"sum":3,"words":"das Ergebnis","note":"easy"}}]}""").Passed);

    [Fact]
    public void What_the_core_throws_fails_the_case_and_not_the_run()
    {
        var report = Run("""{"cases":[{"id":"s-1","op":"throw","expect":{"sum":3}},{"id":"s-2","op":"add","a":1,"b":2,"expect":{"sum":3}}]}""");

        Assert.Equal(1, report.Passed);
        Assert.Contains("InvalidOperationException: no luck", Assert.Single(report.Failures).Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_input_fails_the_case() => Assert.Single(Run("""{"cases":[{"id":"s-1","op":"add","a":1,"expect":{"sum":3}}]}""").Failures);

    [Fact]
    public void An_op_without_a_function_is_counted_as_not_understood()
    {
        var report = Run("""{"cases":[{"id":"s-1","op":"multiply","expect":{"product":2}},{"id":"s-2","op":"multiply","expect":{"product":6}}]}""");

        Assert.Equal(["s-1", "s-2"], report.NotUnderstood["multiply"]);
        Assert.Equal(0, report.Passed + report.Failures.Count);
    }

    [Fact]
    public void The_same_op_in_another_file_is_another_op() =>
        Assert.Single(Run("""{"cases":[{"id":"s-1","op":"add","a":1,"b":2,"expect":{"sum":3}}]}""", "other").NotUnderstood["add"]);

    [Fact]
    public void A_declared_dialect_is_counted_by_itself_and_not_run()
    {
        var report = Run("""{"cases":[{"id":"s-1","op":"add","dialect":"abacus","a":1,"b":2,"expect":{"sum":4}},{"id":"s-2","op":"multiply","dialect":"abacus"}]}""");

        Assert.Equal(["s-1", "s-2"], report.Declared["abacus"]);
        Assert.Empty(report.NotUnderstood);
        Assert.Equal(0, report.Passed + report.Failures.Count);
    }

    [Fact]
    public void An_op_that_is_one_peers_own_is_counted_by_itself_and_not_run()
    {
        var report = Run("""{"cases":[{"id":"s-1","op":"divide","expect":{"sum":4}},{"id":"s-2","op":"divide","dialect":"slide rule","expect":{"sum":4}}]}""");

        Assert.Equal(["s-1"], report.Declared["divide"]);
        Assert.Equal(["s-2"], report.NotUnderstood["divide"]);
    }

    [Fact]
    public void A_dialect_that_is_not_declared_is_run() =>
        Assert.Single(Run("""{"cases":[{"id":"s-1","op":"add","dialect":"slide rule","a":1,"b":2,"expect":{"sum":4}}]}""").Failures);

    [Fact]
    public void A_file_may_name_its_lists_for_the_op()
    {
        var report = Run("""{"description":"sums","add":[{"a":1,"b":2,"expect":{"sum":3}},{"a":2,"b":2,"expect":{"sum":5}}],"other":[1]}""");

        Assert.Equal(1, report.Passed);
        Assert.Equal("add#1", Assert.Single(report.Failures).Id);
        Assert.Equal(["other#0"], report.NotUnderstood["other"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"cases":[]}""")]
    [InlineData("""{"cases":{}}""")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{")]
    [InlineData("")]
    public void A_file_without_cases_is_not_read(string json)
    {
        Assert.False(VectorFile.TryRead("sums", json, out _, out var error));
        Assert.NotEmpty(error);
    }

    private static FileReport Run(string json, string name = "sums")
    {
        Assert.True(VectorFile.TryRead(name, json, out var file, out var error), error);
        return Runner.Run(file);
    }
}
