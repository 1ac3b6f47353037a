using System.Globalization;
using System.Text;

namespace Slipway.Cli.Requests;

/// <summary>The value of a request annotation: <c>INSTANT [all] [to NUMBER] [digest DIGEST] [from WHERE] [by WHO]</c>, as <see cref="Api.ApiNames"/> documents it.</summary>
internal static class RequestText
{
    private const int LongestWho = 64;

    /// <param name="now">Makes the request another one than the last: milliseconds, so that two in a second are two.</param>
    public static string Write(DateTimeOffset now, string? by, long? to = null, string? digest = null, bool all = false, string? from = null)
    {
        var text = new StringBuilder(now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        _ = all ? text.Append(" all") : text;
        _ = to is { } number ? text.Append(CultureInfo.InvariantCulture, $" to {number}") : text;
        _ = digest is not null ? text.Append(CultureInfo.InvariantCulture, $" digest {digest}") : text;
        _ = from is not null ? text.Append(CultureInfo.InvariantCulture, $" from {from}") : text;
        return OneWord(by) is { Length: > 0 } who ? text.Append(CultureInfo.InvariantCulture, $" by {who}").ToString() : text.ToString();
    }

    // The words of a request are told apart by blanks, and a kubeconfig may name its users as it likes.
    private static string OneWord(string? who)
    {
        var word = string.Concat((who ?? "").Where(letter => !char.IsControl(letter)).Select(letter => char.IsWhiteSpace(letter) ? '-' : letter)).Trim('-');
        return word.Length <= LongestWho ? word : word[..LongestWho];
    }
}
