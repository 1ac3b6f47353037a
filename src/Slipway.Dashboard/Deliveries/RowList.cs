using System.Collections.Immutable;
using Slipway.Dashboard.Live;
using Slipway.Views;

namespace Slipway.Dashboard.Deliveries;

/// <summary>One line of the table: a heading or a Delivery.</summary>
public abstract record RowLine
{
    private RowLine() { }

    public sealed record Heading(string Title, int Count, Standing? Standing) : RowLine;

    /// <param name="Ordinal">Among the Deliveries that are shown, from 1.</param>
    public sealed record One(DeliveryRow Row, Standing Standing, int Ordinal) : RowLine;
}

/// <summary>What is shown of the rows: filtered, sorted, grouped, counted.</summary>
/// <param name="Lines">In order, with headings between them where they are grouped.</param>
/// <param name="Shown">Deliveries among them.</param>
/// <param name="Counts">Of each state, of what has the words and the namespace: what a click on it would show.</param>
public sealed record RowList(ImmutableArray<RowLine> Lines, int Shown, int All, ImmutableDictionary<Standing, int> Counts, ImmutableArray<string> Namespaces)
{
    public static RowList Empty { get; } = new([], 0, 0, ImmutableDictionary<Standing, int>.Empty, []);

    public static RowList Of(IReadOnlyCollection<DeliveryRow> rows, RowQuery query)
    {
        var matching = rows.Where(query.Has).Select(row => new RowLine.One(row, Standings.Of(row), 0)).ToArray();
        var shown = matching.Where(line => query.Standings.IsEmpty || query.Standings.Contains(line.Standing)).ToArray();
        Array.Sort(shown, Comparison(query.Order));
        var groups = query.Grouping switch
        {
            RowGrouping.Namespace => shown.GroupBy(line => line.Row.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal)
                .SelectMany(group => group.Prepend<RowLine>(new RowLine.Heading(group.Key, group.Count(), null))),
            RowGrouping.State => shown.GroupBy(line => line.Standing).OrderBy(group => group.Key)
                .SelectMany(group => group.Prepend<RowLine>(new RowLine.Heading(StandingLook.Of(group.Key).Word, group.Count(), group.Key))),
            _ => shown,
        };
        return new(
            Numbered(groups),
            shown.Length,
            rows.Count,
            matching.GroupBy(line => line.Standing).ToImmutableDictionary(group => group.Key, group => group.Count()),
            [.. rows.Select(row => row.Namespace).Distinct().Order(StringComparer.Ordinal)]);
    }

    public int Count(Standing standing) => Counts.GetValueOrDefault(standing);

    private static ImmutableArray<RowLine> Numbered(IEnumerable<RowLine> lines)
    {
        var ordinal = 0;
        return [.. lines.Select(line => line is RowLine.One one ? one with { Ordinal = ++ordinal } : line)];
    }

    private static Comparison<RowLine.One> Comparison(RowOrder order) => (a, b) =>
        (order switch
        {
            RowOrder.State => a.Standing.CompareTo(b.Standing),
            RowOrder.Version => VersionOrder.Compare(a.Row.Current?.Tag, b.Row.Current?.Tag),
            RowOrder.Age => Nullable.Compare(b.Row.Since, a.Row.Since),
            _ => 0,
        }) is not 0 and var first ? first : RowKey.Of(a.Row).Compare(RowKey.Of(b.Row));
}

/// <summary>Tags as people read them: 1.10 after 1.9. It orders a table and decides nothing.</summary>
public static class VersionOrder
{
    public static int Compare(string? a, string? b)
    {
        var left = a.AsSpan();
        var right = b.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            if (char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0]))
            {
                var first = Digits(ref left);
                var second = Digits(ref right);
                var order = first.Length != second.Length ? first.Length.CompareTo(second.Length) : first.SequenceCompareTo(second);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (left[0] != right[0])
            {
                return left[0].CompareTo(right[0]);
            }
            else
            {
                left = left[1..];
                right = right[1..];
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
        var digits = text[..length];
        text = text[length..];
        return digits.TrimStart('0');
    }
}
