using System.Globalization;

namespace Slipway.Rollouts;

/// <summary>The words of a request after its instant: <c>to NUMBER</c>, <c>digest DIGEST</c>, <c>by WHO</c>, <c>from WHERE</c>.</summary>
internal sealed record RequestWords(long? To, string? Digest, string? By, bool All = false)
{
    /// <summary>Where it was said.</summary>
    public string? From { get; init; }

    public string Who => By ?? "a person";

    public static RequestWords Read(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(long.TryParse(After("to"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, After("digest"), After("by"), words.Contains("all")) { From = After("from") };

        string? After(string word) => Array.IndexOf(words, word) is var at and >= 0 && at + 1 < words.Length ? words[at + 1] : null;
    }
}
