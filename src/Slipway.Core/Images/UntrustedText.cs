using System.Text;

namespace Slipway.Images;

/// <summary>Text from a registry, a workload or a user on its way into a message, a status or a log.</summary>
public static class UntrustedText
{
    private const int LongestShown = 96;

    /// <summary>In single quotes, cut to 96 characters; what does not print on a line is written as an escape, so that no text can forge another line.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        var shown = text.Length > LongestShown ? text[..LongestShown] : text;
        var quoted = new StringBuilder(shown.Length + 2).Append('\'');
        foreach (var letter in shown)
        {
            _ = char.IsControl(letter) || char.IsSurrogate(letter) || !Prints(letter)
                ? quoted.Append($"\\u{(int)letter:x4}")
                : quoted.Append(letter);
        }

        return quoted.Append(text.Length > LongestShown ? "…'" : "'").ToString();
    }

    // Direction marks and the line separators turn what a reader sees into something else than what is there.
    private static bool Prints(char letter) => char.GetUnicodeCategory(letter) is not (
        System.Globalization.UnicodeCategory.Format or
        System.Globalization.UnicodeCategory.LineSeparator or
        System.Globalization.UnicodeCategory.ParagraphSeparator or
        System.Globalization.UnicodeCategory.OtherNotAssigned or
        System.Globalization.UnicodeCategory.PrivateUse);
}
