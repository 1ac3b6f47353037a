using System.Globalization;
using Slipway.Images;

namespace Slipway.Schedules;

/// <summary>One field of a cron expression as a set of small numbers.</summary>
/// <param name="Bits">Bit n is set where n belongs to it.</param>
/// <param name="Any">Written as <c>*</c> or <c>?</c> without a step: it restricts nothing.</param>
internal readonly record struct CronField(ulong Bits, bool Any)
{
    public bool Has(int number) => (Bits >> number & 1) == 1;

    /// <summary>The field as <paramref name="text"/> says it: a list of <c>*</c>, numbers and ranges, each with a step where there is one.</summary>
    /// <param name="names">What may stand for the numbers from <paramref name="least"/> on.</param>
    public static bool TryRead(string text, string what, int least, int most, string[] names, out CronField field, out string problem)
    {
        (field, problem) = (default, "");
        foreach (var part in text.Split(','))
        {
            if (!TryPart(part, least, most, names, out var bits, out var any))
            {
                problem = $"{UntrustedText.Quote(part)} is no {what}: write numbers from {least} to {most}{(names.Length == 0 ? "" : $" or {names[0]} to {names[^1]}")}, *, ranges such as {least}-{least + 2} and steps such as */2";
                return false;
            }

            field = new(field.Bits | bits, field.Any || any);
        }

        return true;
    }

    private static bool TryPart(string part, int least, int most, string[] names, out ulong bits, out bool any)
    {
        (bits, any) = (0, false);
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, 1),
            [var whole, var by] when int.TryParse(by, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (whole, number),
            _ => ("", 0),
        };
        int first, last;
        if (range is "*" or "?")
        {
            (first, last, any) = (least, most, step == 1);
        }
        else
        {
            var ends = range.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], least, most, names, out first) || !TryNumber(ends[^1], least, most, names, out last) || first > last)
            {
                return false;
            }

            // 5/15 goes on to the end of the field.
            last = ends.Length == 1 && part.Contains('/', StringComparison.Ordinal) ? most : last;
        }

        for (var number = first; number <= last && step > 0; number += step)
        {
            bits |= 1UL << number;
        }

        return step > 0;
    }

    private static bool TryNumber(string text, int least, int most, string[] names, out int number)
    {
        var named = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        number = named + least;
        return named >= 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);
    }
}
