using System.Collections.Frozen;

namespace Slipway.Policies;

/// <summary>The classes of RE2 that .NET reads otherwise or not at all, as they are written inside brackets. RE2's are ASCII (re2, wiki/Syntax).</summary>
internal static class Re2Classes
{
    public static readonly FrozenDictionary<string, string> Posix = new Dictionary<string, string>
    {
        ["alnum"] = @"0-9A-Za-z",
        ["alpha"] = @"A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t\x20",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = @"0-9",
        ["graph"] = @"\x21-\x7E",
        ["lower"] = @"a-z",
        ["print"] = @"\x20-\x7E",
        ["punct"] = @"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
        ["space"] = @"\t-\r\x20",
        ["upper"] = @"A-Z",
        ["word"] = @"0-9A-Z\x5Fa-z",
        ["xdigit"] = @"0-9A-Fa-f",
    }.ToFrozenDictionary();

    /// <summary>Of <c>\d</c>, <c>\D</c>, <c>\s</c>, <c>\S</c>, <c>\w</c>, <c>\W</c>; null for any other letter.</summary>
    public static string? OfEscape(char letter) => letter switch
    {
        'd' => @"0-9",
        'D' => @"\x00-\x2F\x3A-\uFFFF",
        's' => @"\t\n\f\r\x20",
        'S' => @"\x00-\x08\x0B\x0E-\x1F\x21-\uFFFF",
        'w' => @"0-9A-Z\x5Fa-z",
        'W' => @"\x00-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\uFFFF",
        _ => null,
    };
}
