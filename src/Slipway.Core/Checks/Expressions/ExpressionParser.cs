using System.Collections.Immutable;
using static Slipway.Checks.Expressions.ExpressionNode;

namespace Slipway.Checks.Expressions;

/// <summary>Reads an expression by recursive descent; each rule of the grammar is a method, the loosest first.</summary>
internal sealed class ExpressionParser(List<Token> tokens, Func<string, bool> known)
{
    // The depth of what is read is the depth of our stack.
    private const int Deepest = 40;

    // For messages.
    private static readonly string[] Names = ["result", "candidate", "stable", "args"];

    private int _at;
    private int _depth;
    private int _items;

    /// <summary>The first thing that is wrong; null while nothing is. What is read after it means nothing.</summary>
    public string? Problem { get; private set; }

    private Token Now => tokens[_at];

    public ExpressionNode Whole()
    {
        var whole = Or();
        if (Now.Kind != TokenKind.End)
        {
            Wrong($"{Now} at {Now.At} is not expected here");
        }

        return whole;
    }

    private ExpressionNode Or() => Chain(And, "||", "or");

    private ExpressionNode And() => Chain(Denied, "&&", "and");

    private ExpressionNode Chain(Func<ExpressionNode> rule, string sign, string word)
    {
        var left = rule();
        while (Takes(sign) || TakesWord(word))
        {
            left = new Binary(sign, left, rule());
        }

        return left;
    }

    private ExpressionNode Denied() => Takes("!") || TakesWord("not") ? Deeper(() => new Not(Denied())) : Compared();

    private ExpressionNode Compared()
    {
        var left = Sum();
        foreach (var sign in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            if (Takes(sign))
            {
                return new Binary(sign, left, Sum());
            }
        }

        return TakesWord("in") ? new Binary("in", left, Sum()) : left;
    }

    private ExpressionNode Sum()
    {
        var left = Product();
        while (Now is { Kind: TokenKind.Sign, Text: "+" or "-" })
        {
            var sign = tokens[_at++].Text;
            left = new Binary(sign, left, Product());
        }

        return left;
    }

    private ExpressionNode Product()
    {
        var left = Signed();
        while (Now is { Kind: TokenKind.Sign, Text: "*" or "/" or "%" })
        {
            var sign = tokens[_at++].Text;
            left = new Binary(sign, left, Signed());
        }

        return left;
    }

    private ExpressionNode Signed() => Takes("-") ? Deeper(() => new Minus(Signed())) : Takes("!") ? Deeper(() => new Not(Signed())) : Part();

    private ExpressionNode Part()
    {
        var node = Deeper(Atom);
        while (Problem is null)
        {
            if (Takes("."))
            {
                node = Now.Kind == TokenKind.Word ? new Field(node, tokens[_at++].Text) : Wrong($"after the point at {Now.At - 1} comes the name of a field");
            }
            else if (Takes("["))
            {
                node = new ExpressionNode.Index(node, Deeper(Or));
                Expect("]");
            }
            else
            {
                return node;
            }
        }

        return node;
    }

    private ExpressionNode Atom()
    {
        var token = Now;
        if (Takes("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (Takes("["))
        {
            return new ListOf(List("]", Or));
        }

        if (Takes("#"))
        {
            return _items > 0 ? new Item() : Wrong($"# at {token.At} stands for an item of a list: it is used within all, any, none or count");
        }

        if (token.Kind is TokenKind.End or TokenKind.Sign)
        {
            return Wrong($"a value is missing before {token}");
        }

        _at++;
        return token.Kind switch
        {
            TokenKind.Number => new Literal(new CheckValue.Number(token.Number)),
            TokenKind.Text => new Literal(new CheckValue.Text(token.Text)),
            _ => Word(token),
        };
    }

    private ExpressionNode Word(Token token) => token.Text switch
    {
        "true" => new Literal(new CheckValue.Truth(true)),
        "false" => new Literal(new CheckValue.Truth(false)),
        "null" or "nil" => new Literal(CheckValue.Absent.Here),
        var name when Takes("(") => Called(name),
        var name when known(name) => new Name(name),
        var name => Wrong($"unknown name {name}: there are {string.Join(", ", Names.Where(known))} and the functions {Functions.Names}"),
    };

    private ExpressionNode Called(string name)
    {
        if (!Functions.TakesItems(name))
        {
            return Counted(name, List(")", Or));
        }

        var list = Or();
        Expect(",");
        var braces = Takes("{");
        _items++;
        var predicate = Or();
        _items--;
        if (braces)
        {
            Expect("}");
        }

        Expect(")");
        return new Call(name, [list, predicate]);
    }

    private ExpressionNode Counted(string name, ImmutableArray<ExpressionNode> arguments) =>
        Functions.Arity(name) is not { } arity ? Wrong($"unknown function {name}: there are {Functions.Names}")
        : arguments.Length < arity.Least || arguments.Length > arity.Most ? Wrong($"{name} takes {(arity.Least == arity.Most ? $"{arity.Least}" : $"{arity.Least} or more")} values, not {arguments.Length}")
        : new Call(name, arguments);

    private ImmutableArray<ExpressionNode> List(string end, Func<ExpressionNode> rule)
    {
        var items = ImmutableArray.CreateBuilder<ExpressionNode>();
        if (Takes(end))
        {
            return [];
        }

        do
        {
            items.Add(rule());
        }
        while (Problem is null && Takes(","));
        Expect(end);
        return items.ToImmutable();
    }

    private ExpressionNode Deeper(Func<ExpressionNode> rule)
    {
        if (_depth >= Deepest)
        {
            return Wrong($"it is nested more than {Deepest} deep");
        }

        _depth++;
        var node = rule();
        _depth--;
        return node;
    }

    private bool Takes(string sign)
    {
        var takes = Problem is null && Now.Kind == TokenKind.Sign && Now.Text == sign;
        _at += takes ? 1 : 0;
        return takes;
    }

    private bool TakesWord(string word)
    {
        var takes = Problem is null && Now.Kind == TokenKind.Word && Now.Text == word;
        _at += takes ? 1 : 0;
        return takes;
    }

    private void Expect(string sign)
    {
        if (!Takes(sign))
        {
            Wrong($"'{sign}' is expected before {Now}");
        }
    }

    private Literal Wrong(string problem)
    {
        Problem ??= problem;
        return new Literal(CheckValue.Absent.Here);
    }
}
