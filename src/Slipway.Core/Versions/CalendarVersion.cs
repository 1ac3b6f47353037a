using System.Runtime.CompilerServices;

namespace Slipway.Versions;

/// <summary>
/// A version by the calendar, read by a <see cref="CalendarLayout"/>. Ordered component by component, from left to right; what has a modifier
/// comes before what has none. Reading one allocates nothing.
/// </summary>
public readonly struct CalendarVersion
{
    private readonly CalendarNumbers _numbers;

    private readonly ReadOnlyMemory<char> _modifier;

    internal CalendarVersion(CalendarNumbers numbers, ReadOnlyMemory<char> modifier) => (_numbers, _modifier) = (numbers, modifier);

    public int CompareTo(CalendarVersion other)
    {
        for (var at = 0; at < CalendarLayout.MostNumbers; at++)
        {
            if (_numbers[at] != other._numbers[at])
            {
                return _numbers[at].CompareTo(other._numbers[at]);
            }
        }

        return _modifier.IsEmpty || other._modifier.IsEmpty
            ? _modifier.IsEmpty.CompareTo(other._modifier.IsEmpty)
            : CompareModifiers(_modifier.Span, other._modifier.Span);
    }

    // Runs of digits are numbers, so that rc10 comes after rc9.
    private static int CompareModifiers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var leftRun = Run(ref left);
            var rightRun = Run(ref right);
            var areNumbers = char.IsAsciiDigit(leftRun[0]) && char.IsAsciiDigit(rightRun[0]);
            if (areNumbers)
            {
                leftRun = leftRun.TrimStart('0');
                rightRun = rightRun.TrimStart('0');
            }

            var order = areNumbers && leftRun.Length != rightRun.Length ? leftRun.Length.CompareTo(rightRun.Length) : leftRun.SequenceCompareTo(rightRun);
            if (order != 0)
            {
                return order;
            }
        }

        return right.IsEmpty.CompareTo(left.IsEmpty);
    }

    private static ReadOnlySpan<char> Run(ref ReadOnlySpan<char> rest)
    {
        var (length, isNumber) = (1, char.IsAsciiDigit(rest[0]));
        while (length < rest.Length && char.IsAsciiDigit(rest[length]) == isNumber)
        {
            length++;
        }

        var run = rest[..length];
        rest = rest[length..];
        return run;
    }
}

/// <summary>The numbers of a version in the order of its layout; those that the layout lacks are 0.</summary>
[InlineArray(CalendarLayout.MostNumbers)]
internal struct CalendarNumbers
{
    private ulong _first;
}
