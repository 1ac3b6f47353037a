using System.Globalization;
using System.Text;

namespace Slipway.Rollouts;

/// <summary>
/// The value of a request annotation: <c>INSTANT [all] [to NUMBER] [digest DIGEST] [from WHERE] [by WHO] [because WORDS]</c>, as
/// <see cref="Api.ApiNames"/> documents it.
/// </summary>
public static class RequestText
{
    internal const string Because = " because ";

    private const int LongestWho = 64;
    private const int LongestReason = 200;

    /// <param name="now">Makes the request another one than the last: milliseconds, so that two in a second are two.</param>
    /// <param name="because">What the person says of it; what is no letter becomes a blank, and it is cut where it is long.</param>
    public static string Write(DateTimeOffset now, string? by, long? to = null, string? digest = null, bool all = false, string? from = null, string? because = null)
    {
        var text = new StringBuilder(now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        _ = all ? text.Append(" all") : text;
        _ = to is { } number ? text.Append(CultureInfo.InvariantCulture, $" to {number}") : text;
        _ = digest is not null ? text.Append(CultureInfo.InvariantCulture, $" digest {digest}") : text;
        _ = OneWord(from) is { Length: > 0 } where ? text.Append(CultureInfo.InvariantCulture, $" from {where}") : text;
        _ = OneWord(by) is { Length: > 0 } who ? text.Append(CultureInfo.InvariantCulture, $" by {who}") : text;
        _ = OneLine(because) is { Length: > 0 } reason ? text.Append(CultureInfo.InvariantCulture, $"{Because}{reason}") : text;
        return text.ToString();
    }

    /// <summary>One line of bounded length; empty where there is nothing in it.</summary>
    internal static string OneLine(string? text)
    {
        var line = string.Join(' ', string.Concat((text ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestReason ? line : $"{line[..(LongestReason - 1)]}…";
    }

    // The words of a request are told apart by blanks, and a kubeconfig may name its users as it likes.
    private static string OneWord(string? who)
    {
        var word = string.Concat((who ?? "").Where(letter => !char.IsControl(letter)).Select(letter => char.IsWhiteSpace(letter) ? '-' : letter)).Trim('-');
        return word.Length <= LongestWho ? word : word[..LongestWho];
    }
}
