using System.Collections.Immutable;

namespace Slipway.Versions;

/// <summary>The tokens of a layout (calver.org, "Scheme"), the coarser before the finer within a calendar.</summary>
internal enum CalendarToken
{
    FullYear,
    ShortYear,
    PaddedYear,
    Month,
    PaddedMonth,
    Week,
    PaddedWeek,
    Day,
    PaddedDay,
    Major,
    Minor,
    Micro,
    Modifier,
}

/// <summary>How each token is spelled, and what it takes.</summary>
internal static class CalendarTokens
{
    // YYYY before YY: the first that fits is taken.
    public static readonly ImmutableArray<(string Name, CalendarToken Token)> All =
    [
        ("YYYY", CalendarToken.FullYear), ("YY", CalendarToken.ShortYear), ("0Y", CalendarToken.PaddedYear),
        ("MM", CalendarToken.Month), ("0M", CalendarToken.PaddedMonth),
        ("WW", CalendarToken.Week), ("0W", CalendarToken.PaddedWeek),
        ("DD", CalendarToken.Day), ("0D", CalendarToken.PaddedDay),
        ("MAJOR", CalendarToken.Major), ("MINOR", CalendarToken.Minor), ("MICRO", CalendarToken.Micro), ("MODIFIER", CalendarToken.Modifier),
    ];

    /// <summary>Digits at least and at most, the lowest and the highest number, and whether it may begin with a 0.</summary>
    public static (int Least, int Most, ulong Low, ulong High, bool Padded) Rules(CalendarToken token) => token switch
    {
        CalendarToken.FullYear => (4, 4, 1000, 9999, false),

        // Counted from 2000: 6, 16, 106.
        CalendarToken.ShortYear => (1, 3, 0, 999, false),
        CalendarToken.PaddedYear => (2, 2, 0, 99, true),
        CalendarToken.Month => (1, 2, 1, 12, false),
        CalendarToken.PaddedMonth => (2, 2, 1, 12, true),
        CalendarToken.Week => (1, 2, 0, 53, false),
        CalendarToken.PaddedWeek => (2, 2, 0, 53, true),
        CalendarToken.Day => (1, 2, 1, 31, false),
        CalendarToken.PaddedDay => (2, 2, 1, 31, true),
        _ => (1, 19, 0, ulong.MaxValue, true),
    };

    /// <summary>0 for a year, 1 for a month or week, 2 for a day; null for what is not of the calendar.</summary>
    public static int? Unit(CalendarToken token) => token switch
    {
        <= CalendarToken.PaddedYear => 0,
        <= CalendarToken.PaddedWeek => 1,
        <= CalendarToken.PaddedDay => 2,
        _ => null,
    };
}
