using System.Diagnostics.CodeAnalysis;

namespace Slipway.Checks.Expressions;

/// <summary>
/// A condition on what was measured, in a language that is small, total and bounded: it always comes to an end, and to true, false or unknown.
/// docs/guides/checks.md has its grammar.
/// </summary>
public sealed class Expression
{
    public const int Longest = 512;

    private readonly ExpressionNode _node;

    private Expression(string text, ExpressionNode node) => (Text, _node) = (text, node);

    public string Text { get; }

    /// <summary>Whether it speaks of the stable side.</summary>
    public bool Mentions(string name) => Mentions(_node, name);

    /// <param name="known">Whether a word is a name, of result, candidate, stable and args.</param>
    /// <param name="problem">What is wrong, in a sentence.</param>
    public static bool TryParse(string text, Func<string, bool> known, [NotNullWhen(true)] out Expression? expression, out string problem)
    {
        expression = null;
        problem = $"it has {text.Length} letters, more than {Longest}";
        if (text.Length > Longest || ExpressionTokens.Read(text, out problem) is not { } tokens)
        {
            return false;
        }

        var parser = new ExpressionParser(tokens, known);
        var node = parser.Whole();
        problem = parser.Problem ?? (node.Kind is null or "true or false" ? "" : $"it is {node.Kind}, and must be true or false, such as result < 0.01");
        expression = problem.Length == 0 ? new Expression(text, node) : null;
        return expression is not null;
    }

    /// <returns>Truth or Unknown.</returns>
    public CheckValue Evaluate(IReadOnlyDictionary<string, CheckValue> names) => new Evaluation(names).Of(_node, null) switch
    {
        CheckValue.Truth truth => truth,
        CheckValue.Unknown unknown => unknown,
        var value => new CheckValue.Unknown($"it comes to {value.Kind}, and not to true or false"),
    };

    private static bool Mentions(ExpressionNode node, string name) => node switch
    {
        ExpressionNode.Name named => named.Text == name,
        ExpressionNode.Field field => Mentions(field.Of, name),
        ExpressionNode.Index index => Mentions(index.Of, name) || Mentions(index.At, name),
        ExpressionNode.Minus minus => Mentions(minus.Of, name),
        ExpressionNode.Not not => Mentions(not.Of, name),
        ExpressionNode.Binary binary => Mentions(binary.Left, name) || Mentions(binary.Right, name),
        ExpressionNode.Call call => call.Arguments.Any(argument => Mentions(argument, name)),
        ExpressionNode.ListOf list => list.Items.Any(one => Mentions(one, name)),
        _ => false,
    };
}
