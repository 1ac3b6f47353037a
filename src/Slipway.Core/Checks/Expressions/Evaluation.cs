using System.Collections.Immutable;
using System.Diagnostics;
using static Slipway.Checks.Expressions.CheckValue;

namespace Slipway.Checks.Expressions;

/// <summary>
/// Works an expression out. It is total: every operation has a result for all values, and where there is no good one it is Unknown with the
/// reason. Truth has three values (Kleene): what is unknown can be outweighed, and can never be denied into a pass.
/// </summary>
internal sealed class Evaluation(IReadOnlyDictionary<string, CheckValue> names)
{
    // Lists within lists within predicates multiply.
    private int _left = 200_000;

    public CheckValue Of(ExpressionNode node, CheckValue? item)
    {
        if (--_left < 0)
        {
            return new Unknown("the expression has too much to do; use less of the result");
        }

        return node switch
        {
            ExpressionNode.Literal literal => literal.Value,
            ExpressionNode.Name name => names.GetValueOrDefault(name.Text) ?? new Unknown($"there is no {name.Text} here"),
            ExpressionNode.Item => item ?? Absent.Here,
            ExpressionNode.Field field => FieldOf(Of(field.Of, item), field.Text),
            ExpressionNode.Index index => At(Of(index.Of, item), Of(index.At, item)),
            ExpressionNode.Minus minus => Calculate("-", new Number(0), Of(minus.Of, item)),
            ExpressionNode.Not not => Deny(Logic(Of(not.Of, item))),
            ExpressionNode.ListOf list => new Many([.. list.Items.Select(one => Of(one, item))]),
            ExpressionNode.Call call when Functions.TakesItems(call.Function) => OverItems(call, item),
            ExpressionNode.Call call => Functions.Apply(call.Function, [.. call.Arguments.Select(argument => Of(argument, item))]),
            ExpressionNode.Binary { Sign: "||" } either => Either(Logic(Of(either.Left, item)), () => Logic(Of(either.Right, item))),
            ExpressionNode.Binary { Sign: "&&" } both => Deny(Either(Deny(Logic(Of(both.Left, item))), () => Deny(Logic(Of(both.Right, item))))),
            ExpressionNode.Binary binary => Combine(binary.Sign, Of(binary.Left, item), Of(binary.Right, item)),
            _ => throw new UnreachableException(),
        };
    }

    private CheckValue OverItems(ExpressionNode.Call call, CheckValue? outer)
    {
        var list = Of(call.Arguments[0], outer);
        if (list is Unknown)
        {
            return list;
        }

        var verdicts = Functions.Items(list).Select(item => Logic(Of(call.Arguments[1], item)));
        return call.Function switch
        {
            "any" => Any(verdicts),
            "none" => Deny(Any(verdicts)),
            "all" => Deny(Any(verdicts.Select(Deny))),
            _ => Count([.. verdicts]),
        };
    }

    private static CheckValue Count(ImmutableArray<CheckValue> verdicts) =>
        verdicts.FirstOrDefault(verdict => verdict is Unknown) ?? new Number(verdicts.Count(verdict => verdict is Truth { Value: true }));

    private static CheckValue Any(IEnumerable<CheckValue> verdicts)
    {
        CheckValue sofar = new Truth(false);
        foreach (var verdict in verdicts)
        {
            sofar = Either(sofar, () => verdict);
            if (sofar is Truth { Value: true })
            {
                break;
            }
        }

        return sofar;
    }

    private static CheckValue Either(CheckValue left, Func<CheckValue> right)
    {
        if (left is Truth { Value: true })
        {
            return left;
        }

        var other = right();
        return other is Truth { Value: true } ? other : left is Unknown ? left : other;
    }

    private static CheckValue Deny(CheckValue value) => value is Truth truth ? new Truth(!truth.Value) : value;

    private static CheckValue Logic(CheckValue value) => value is Truth or Unknown ? value : new Unknown($"{value.Kind} is neither true nor false");

    private static CheckValue FieldOf(CheckValue value, string name) => value switch
    {
        Unknown => value,
        Fields fields => fields.Items.GetValueOrDefault(name) ?? Absent.Here,
        Absent => value,
        _ => new Unknown($"{value.Kind} has no field {name}"),
    };

    private static CheckValue At(CheckValue value, CheckValue index) => (value, index) switch
    {
        (Unknown, _) => value,
        (_, Unknown) => index,
        (Fields, Text name) => FieldOf(value, name.Value),
        (Fields, _) => new Unknown("an object is asked by the name of a field"),
        (_, Number at) => Functions.Items(value) is var items && at.Value >= 0 && at.Value < items.Length ? items[(int)at.Value] : Absent.Here,
        _ => new Unknown($"{index.Kind} is no place in a list"),
    };

    private static CheckValue Combine(string sign, CheckValue left, CheckValue right) => (left, right) switch
    {
        (Unknown, _) => left,
        (_, Unknown) => right,
        _ => sign switch
        {
            "+" or "-" or "*" or "/" or "%" => Calculate(sign, left, right),
            "==" => Same(left, right),
            "!=" => Deny(Same(left, right)),
            "in" => right is Fields fields && left is Text name ? new Truth(fields.Items.ContainsKey(name.Value)) : Any(Functions.Items(right).Select(item => Same(left, item))),
            _ => Order(sign, left, right),
        },
    };

    private static CheckValue Calculate(string sign, CheckValue left, CheckValue right) => (left, right) switch
    {
        (Unknown, _) => left,
        (_, Unknown) => right,
        (Number a, Number b) => new Number(sign switch
        {
            "+" => a.Value + b.Value,
            "-" => a.Value - b.Value,
            "*" => a.Value * b.Value,
            "/" => a.Value / b.Value,
            _ => a.Value % b.Value,
        }),
        _ => Mismatch(left, right),
    };

    private static CheckValue Same(CheckValue left, CheckValue right) => (left, right) switch
    {
        (Number a, Number b) => double.IsNaN(a.Value) || double.IsNaN(b.Value) ? NotANumber : new Truth(a.Value == b.Value),
        (Text a, Text b) => new Truth(a.Value == b.Value),
        (Truth a, Truth b) => new Truth(a.Value == b.Value),
        (Absent, _) or (_, Absent) => new Truth(left is Absent && right is Absent),
        _ => Mismatch(left, right),
    };

    private static CheckValue Order(string sign, CheckValue left, CheckValue right)
    {
        if (left is not Number { Value: var a } || right is not Number { Value: var b })
        {
            return Mismatch(left, right);
        }

        return double.IsNaN(a) || double.IsNaN(b) ? NotANumber : new Truth(sign switch
        {
            "<" => a < b,
            "<=" => a <= b,
            ">" => a > b,
            _ => a >= b,
        });
    }

    // IEEE 754 calls every comparison with it false, and so "not worse" true.
    private static Unknown NotANumber => new("a value is NaN");

    private static Unknown Mismatch(CheckValue left, CheckValue right) =>
        new(left is Many || right is Many
            ? $"{left.Kind} cannot be compared with {right.Kind}: use all(result, # < 1), or have the query make one of them (sum, max)"
            : $"{left.Kind} and {right.Kind} do not go together");
}
