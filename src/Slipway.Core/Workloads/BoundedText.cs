using System.Text.RegularExpressions;

namespace Slipway.Workloads;

/// <summary>
/// Words of others (kubelet, runtime, controllers) made fit for a status that everyone in the namespace may read: one line, of
/// bounded length, and without what a URL can carry of secrets.
/// </summary>
public static partial class BoundedText
{
    /// <summary>Room for kubelet's longest usual sentence; a status with fifty Releases must stay far below etcd's 1.5 MB.</summary>
    public const int Limit = 400;

    public static string Of(string? text, int limit = Limit)
    {
        var line = Blanks.Replace(text ?? "", " ").Trim();
        var clean = UrlSecrets.Replace(line, match => $"{match.Groups["scheme"]}{match.Groups["rest"]}{(match.Groups["query"].Success ? "?…" : "")}");
        return clean.Length <= limit ? clean : $"{clean[..(limit - 1)].TrimEnd()}…";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks { get; }

    // A presigned URL of an object store is a credential while it lasts; so is user:password@. A registry's error message holds both.
    [GeneratedRegex("""(?<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)(?:[^\s/@"]*@)?(?<rest>[^\s?"]*)(?<query>\?[^\s"]*)?""")]
    private static partial Regex UrlSecrets { get; }
}
