using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Explanations;

/// <summary>Times, digests and versions as people read them.</summary>
public static partial class Words
{
    private const int ShownDigits = 12;

    /// <summary>As kubectl writes ages: two units while they are small, one when they are not.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
        { TotalMinutes: < 10 } => Two(age.Minutes, "m", age.Seconds, "s"),
        { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
        { TotalHours: < 8 } => Two(age.Hours, "h", age.Minutes, "m"),
        { TotalHours: < 48 } => $"{(int)age.TotalHours}h",
        { TotalDays: < 8 } => Two(age.Days, "d", age.Hours, "h"),
        { TotalDays: < 730 } => $"{(int)age.TotalDays}d",
        _ => $"{(int)(age.TotalDays / 365)}y",
    };

    public static string Pods(int count) => count == 1 ? "1 pod" : string.Create(CultureInfo.InvariantCulture, $"{count} pods");

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Enough of a digest to tell it from others by eye, as Docker shows it.</summary>
    public static string ShortDigest(string digest)
    {
        var colon = digest.IndexOf(':', StringComparison.Ordinal);
        var digits = digest[(colon + 1)..];
        return digits.Length <= ShownDigits ? digest : digest[..(colon + 1 + ShownDigits)];
    }

    /// <summary>A sentence with its digests cut: whole ones are for machines.</summary>
    public static string Readable(string sentence) => WholeDigest.Replace(sentence, match => ShortDigest(match.Value));

    /// <summary>A version as it is spoken of: its tag where it has one.</summary>
    public static string Version(string? tag, string digest) => string.IsNullOrEmpty(tag) ? ShortDigest(digest) : tag;

    public static string Named(string? tag, string digest) => string.IsNullOrEmpty(tag) ? ShortDigest(digest) : $"{tag} ({ShortDigest(digest)})";

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex WholeDigest { get; }

    private static string Two(int large, string unit, int small, string smallUnit) => small == 0 ? $"{large}{unit}" : $"{large}{unit}{small}{smallUnit}";
}
