using System.Text.Json;
using Slipway.Checks.Expressions;

namespace Slipway.Tests.Checks.Expressions;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("result < 0.01", "0.005", true)]
    [InlineData("result < 0.01", "0.01", false)]
    [InlineData("result <= 1e-2", "0.01", true)]
    [InlineData("1 + 2 * 3 == 7 && (1 + 2) * 3 == 9", "0", true)]
    [InlineData("-result == 0 - result", "5", true)]
    [InlineData("7 % 4 == 3 and 8 / 2 == 4 and 2 - 1 - 1 == 0", "0", true)]
    [InlineData("not (result > 1) or false", "0", true)]
    [InlineData("!(result > 1) || result > 1", "3", true)]
    [InlineData("len(result) == 2 && result[0] < result[1]", "[1,2]", true)]
    [InlineData("result[0] < 1", "0.5", true)]
    [InlineData("all(result, # < 3)", "[1,2]", true)]
    [InlineData("all(result, {# < 2})", "[1,2]", false)]
    [InlineData("any(result, # == 2) and none(result, # > 2) and count(result, # > 0) == 2", "[1,2]", true)]
    [InlineData("sum(result) == 6 && avg(result) == 2 && min(result) == 1 && max(result) == 3 && median(result) == 2", "[3,1,2]", true)]
    [InlineData("abs(0 - 2) == 2 and floor(1.9) == 1 and ceil(1.1) == 2 and round(1.5) == 2 and max(1, result, 3) == 5", "5", true)]
    [InlineData("2 in result and not (3 in result)", "[1,2]", true)]
    [InlineData("result.data.ok and result.data['name'] == 'shop' and result.list[1].v == 2", """{"data":{"ok":true,"name":"shop"},"list":[{"v":1},{"v":2}]}""", true)]
    [InlineData("result.missing == null", "{}", true)]
    [InlineData("default(result.missing, 0) < 1", "{}", true)]
    [InlineData("'data' in result", """{"data":1}""", true)]
    [InlineData("all(result.items, #.ready)", """{"items":[{"ready":true},{"ready":false}]}""", false)]
    [InlineData("asFloat(result) >= 1.1 and asInt('12') == 12", "\"1.1\"", true)]
    [InlineData("[1, 2][1] == result", "2", true)]
    [InlineData("isNaN(result) or isInf(result)", "1", false)]
    public void An_expression_says_what_it_reads_as(string text, string result, bool expected) => Assert.Equal(new CheckValue.Truth(expected), Evaluate(text, result));

    [Theory]
    [InlineData("result < 1")]
    [InlineData("result >= 1")]
    [InlineData("!(result >= 1)")]
    [InlineData("result == result")]
    [InlineData("result != 1")]
    [InlineData("result * 0 + 1 > 0")]
    [InlineData("max(result, 1) > 0")]
    [InlineData("all(result, # < 1)")]
    [InlineData("none(result, # < 1)")]
    [InlineData("result < 1 && true")]
    [InlineData("result < 1 || false")]
    [InlineData("1 in result")]
    public void What_is_compared_with_NaN_is_neither_true_nor_false(string text) => Assert.IsType<CheckValue.Unknown>(Evaluate(text, new CheckValue.Number(double.NaN)));

    [Theory]
    [InlineData("result < 1 || isNaN(result)", true)]
    [InlineData("isNaN(result) || result < 1", true)]
    [InlineData("result < 1 && !isNaN(result)", false)]
    [InlineData("default(result, 0) < 1", true)]
    public void Who_speaks_of_NaN_gets_an_answer(string text, bool expected) => Assert.Equal(new CheckValue.Truth(expected), Evaluate(text, new CheckValue.Number(double.NaN)));

    [Theory]
    [InlineData("result < 1", "[1,2]", "a list of 2 values")]
    [InlineData("result < 1", "\"a\"", "text and a number")]
    [InlineData("result.a < 1", "5", "has no field a")]
    [InlineData("result.a < 1", "{}", "nothing and a number")]
    [InlineData("asFloat(result) < 1", "\"abc\"", "'abc' is no number")]
    [InlineData("asInt(result) < 1", "\"1.1\"", "no whole number")]
    [InlineData("result[7] > 0", "[1]", "nothing and a number")]
    [InlineData("result && true", "5", "neither true nor false")]
    [InlineData("result", "5", "not to true or false")]
    [InlineData("stable > 1", "5", "no stable here")]
    [InlineData("abs(result) > 1", "[1]", "is no number")]
    public void What_does_not_go_together_is_unknown_with_the_reason(string text, string result, string why) =>
        Assert.Contains(why, Assert.IsType<CheckValue.Unknown>(Evaluate(text, result)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "a value is missing before its end")]
    [InlineData("1", "it is a number, and must be true or false")]
    [InlineData("result + 1", "it is a number")]
    [InlineData("'a'", "it is text")]
    [InlineData("result <", "a value is missing")]
    [InlineData("result < 1 2", "'2' at 12 is not expected here")]
    [InlineData("foo < 1", "unknown name foo: there are result, candidate, stable, args and the functions abs,")]
    [InlineData("foo(1)", "unknown function foo")]
    [InlineData("result.name() == 'x'", "'(' at 12 is not expected")]
    [InlineData("len() == 1", "len takes 1 values, not 0")]
    [InlineData("# < 1", "# at 1 stands for an item")]
    [InlineData("(result < 1", "')' is expected before its end")]
    [InlineData("result < 1.", "'1.' at 10 is no number")]
    [InlineData("result < 1.2.3", "is no number")]
    [InlineData("result == 'a", "the text that begins at 11 has no end")]
    [InlineData("result = 1", "'=' at 8 is no sign")]
    [InlineData("result. < 1", "comes the name of a field")]
    [InlineData("all(result)", "',' is expected")]
    [InlineData("all(result, {# < 1)", "'}' is expected")]
    public void What_is_no_expression_is_refused_with_place_and_reason(string text, string why)
    {
        Assert.False(Expression.TryParse(text, IsKnown, out var expression, out var problem));
        Assert.Null(expression);
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_length_nor_depth_nor_lists_within_lists_are_without_end()
    {
        Assert.False(Expression.TryParse(new string('1', Expression.Longest + 1), IsKnown, out _, out var tooLong));
        Assert.False(Expression.TryParse($"{new string('(', 200)}1{new string(')', 200)}", IsKnown, out _, out var tooDeep));
        Assert.False(Expression.TryParse($"{new string('!', 200)}true", IsKnown, out _, out var deniedTooOften));
        var list = CheckValue.Of(Enumerable.Range(0, 2000).Select(number => (double)number));

        var unknown = Assert.IsType<CheckValue.Unknown>(Evaluate("all(result, all(result, # >= 0))", list));

        Assert.Contains("512", tooLong, StringComparison.Ordinal);
        Assert.Contains("deep", tooDeep, StringComparison.Ordinal);
        Assert.Contains("deep", deniedTooOften, StringComparison.Ordinal);
        Assert.Contains("too much to do", unknown.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("candidate < stable * 1.2", true)]
    [InlineData("all(result, # < 1) || stable.x[0] == 1", true)]
    [InlineData("-[stable][0] < max(1, 2)", true)]
    [InlineData("result < 1 and not candidate > 'stable'", false)]
    public void It_is_known_whether_it_speaks_of_the_stable_side(string text, bool expected)
    {
        Assert.True(Expression.TryParse(text, IsKnown, out var expression, out var problem), problem);
        Assert.Equal(expected, expression.Mentions("stable"));
    }

    [Fact]
    public void An_answer_of_too_many_values_is_unknown()
    {
        using var json = JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat("[1,2]", 10_000))}]");

        Assert.Contains("more than 20000 values", Assert.IsType<CheckValue.Unknown>(CheckValue.Of(json.RootElement)).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,2,3,4,5,6,7,8,9,10,11]", "[1,2,3,4,5,6,7,8,9,10,…]")]
    [InlineData("""{"b":1,"a":{}}""", "{a,b}")]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    public void A_value_is_shown_short(string json, string shown) => Assert.Equal(shown, $"{Value(json)}");

    private static bool IsKnown(string name) => name is "result" or "candidate" or "stable" or "args";

    private static CheckValue Value(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CheckValue.Of(document.RootElement);
    }

    private static CheckValue Evaluate(string text, string json) => Evaluate(text, Value(json));

    private static CheckValue Evaluate(string text, CheckValue result)
    {
        Assert.True(Expression.TryParse(text, IsKnown, out var expression, out var problem), problem);
        return expression.Evaluate(new Dictionary<string, CheckValue> { ["result"] = result });
    }
}
