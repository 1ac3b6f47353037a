namespace Slipway.Policies;

/// <summary>
/// A decimal number as it stands in a tag: <c>1606364286</c>, <c>20240115.3</c>, <c>-7</c>. Compared digit by digit, so that no two builds are
/// the same because a float has 53 bits; and never with an exponent, because <c>12e4567</c> is a commit.
/// </summary>
internal readonly struct DecimalText
{
    private readonly ReadOnlyMemory<char> _whole;

    private readonly ReadOnlyMemory<char> _fraction;

    private readonly bool _negative;

    private DecimalText(ReadOnlyMemory<char> whole, ReadOnlyMemory<char> fraction, bool negative)
    {
        _whole = whole;
        _fraction = fraction;
        _negative = negative;
    }

    public static bool TryRead(ReadOnlyMemory<char> text, out DecimalText number)
    {
        number = default;
        var negative = text.Span is ['-', ..];
        var digits = negative ? text[1..] : text;
        var dot = digits.Span.IndexOf('.');
        var whole = dot < 0 ? digits : digits[..dot];
        var fraction = dot < 0 ? default : digits[(dot + 1)..];
        if (whole.IsEmpty || dot == digits.Length - 1 || !AreDigits(whole.Span) || !AreDigits(fraction.Span))
        {
            return false;
        }

        whole = whole.TrimStart('0');
        fraction = fraction.TrimEnd('0');
        number = new DecimalText(whole, fraction, negative && !(whole.IsEmpty && fraction.IsEmpty));
        return true;
    }

    public int CompareTo(DecimalText other)
    {
        if (_negative != other._negative)
        {
            return _negative ? -1 : 1;
        }

        var magnitude = _whole.Length != other._whole.Length ? _whole.Length.CompareTo(other._whole.Length) : _whole.Span.SequenceCompareTo(other._whole.Span);
        magnitude = magnitude != 0 ? magnitude : _fraction.Span.SequenceCompareTo(other._fraction.Span);
        return _negative ? -magnitude : magnitude;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
