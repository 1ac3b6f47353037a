using System.Collections.Immutable;

namespace Slipway.Checks.Expressions;

/// <summary>A part of an expression that was read.</summary>
internal abstract record ExpressionNode
{
    private ExpressionNode() { }

    public sealed record Literal(CheckValue Value) : ExpressionNode;

    /// <summary>result, candidate, stable.</summary>
    public sealed record Name(string Text) : ExpressionNode;

    /// <summary><c>#</c>: the item that a function over a list is at.</summary>
    public sealed record Item : ExpressionNode;

    public sealed record Field(ExpressionNode Of, string Text) : ExpressionNode;

    public sealed record Index(ExpressionNode Of, ExpressionNode At) : ExpressionNode;

    public sealed record Minus(ExpressionNode Of) : ExpressionNode;

    public sealed record Not(ExpressionNode Of) : ExpressionNode;

    public sealed record Binary(string Sign, ExpressionNode Left, ExpressionNode Right) : ExpressionNode;

    public sealed record Call(string Function, ImmutableArray<ExpressionNode> Arguments) : ExpressionNode;

    public sealed record ListOf(ImmutableArray<ExpressionNode> Items) : ExpressionNode;

    /// <summary>What it cannot but be, where that is plain from its form; null where it hangs on the result.</summary>
    public string? Kind => this switch
    {
        Literal literal => literal.Value.Kind,
        Minus => "a number",
        Not => "true or false",
        Binary { Sign: "+" or "-" or "*" or "/" or "%" } => "a number",
        Binary => "true or false",
        ListOf => "a list",
        Call call => Functions.KindOf(call.Function),
        _ => null,
    };
}
