using static Slipway.Checks.Expressions.ExpressionNode;

namespace Slipway.Checks.Expressions;

/// <summary>A number to which an expression compares what was measured: a line in a plot of it.</summary>
/// <param name="Sign">As it stands to the right of what is measured: &lt;, &lt;=, &gt;, &gt;=, == or !=.</param>
public sealed record Limit(string Sign, double Value)
{
    private const int Most = 8;

    /// <summary>Those of an expression as the spec has it; none where it cannot be read, or compares with something else than numbers.</summary>
    public static IReadOnlyList<Limit> Of(string? expression)
    {
        if (string.IsNullOrEmpty(expression) || ExpressionTokens.Read(expression, out _) is not { } tokens)
        {
            return [];
        }

        var parser = new ExpressionParser(tokens, _ => true);
        var node = parser.Whole();
        return parser.Problem is null ? [.. Within(node).Distinct().Take(Most)] : [];
    }

    private static IEnumerable<Limit> Within(ExpressionNode node) => node switch
    {
        Binary { Sign: "<" or "<=" or ">" or ">=" or "==" or "!=" } compared => Compared(compared) is { } limit ? [limit] : [],
        Binary both => [.. Within(both.Left), .. Within(both.Right)],
        Not not => Within(not.Of),
        _ => [],
    };

    private static Limit? Compared(Binary compared) => (Number(compared.Left), Number(compared.Right)) switch
    {
        (null, { } value) => new(compared.Sign, value),
        ({ } value, null) => new(Turned(compared.Sign), value),
        _ => null,
    };

    private static double? Number(ExpressionNode node) => node switch
    {
        Literal { Value: CheckValue.Number number } => number.Value,
        Minus { Of: Literal { Value: CheckValue.Number number } } => -number.Value,
        _ => null,
    };

    private static string Turned(string sign) => sign switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => sign,
    };
}
