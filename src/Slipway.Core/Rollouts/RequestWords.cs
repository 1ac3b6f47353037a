using System.Globalization;

namespace Slipway.Rollouts;

/// <summary>
/// The words of a request after its instant: <c>to NUMBER</c>, <c>digest DIGEST</c>, <c>by WHO</c>, <c>from WHERE</c>, and last <c>because</c> with as many
/// words of a person as there are.
/// </summary>
internal sealed record RequestWords(long? To, string? Digest, string? By, bool All = false)
{
    /// <summary>Where it was said.</summary>
    public string? From { get; init; }

    public string? Because { get; init; }

    /// <summary>Who asked, from where and why, as the history shows it; null where nothing tells.</summary>
    public string? Asker => By is null ? null : $"{By}{(From is null ? "" : $" from {From}")}{(Because is null ? "" : $" ({Because})")}";

    public string Who => Asker ?? "a person";

    public static RequestWords Read(string value)
    {
        // What a person says may hold any word, so nothing after it is read as one of ours.
        var because = value.IndexOf(RequestText.Because, StringComparison.Ordinal);
        var words = (because < 0 ? value : value[..because]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(long.TryParse(After("to"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, After("digest"), After("by"), words is [_, "all", ..])
        {
            From = After("from"),
            Because = because < 0 ? null : RequestText.OneLine(value[(because + RequestText.Because.Length)..]),
        };

        string? After(string word) => Array.IndexOf(words, word) is var at and >= 0 && at + 1 < words.Length ? words[at + 1] : null;
    }
}
