using System.Text.RegularExpressions;
using Slipway.Workloads;

namespace Slipway.Checks;

/// <summary>The end of a log made fit for a record that everyone in the namespace may read: bounded, and without what looks like a credential.</summary>
public static partial class LogTail
{
    public const int MostLines = 20;

    private const int LongestLine = 200;

    /// <summary>Null where there is nothing to show.</summary>
    public static string? Of(string log)
    {
        var lines = log.Split('\n').Select(line => BoundedText.Of(Letters.Replace(Secrets.Replace(line, "${name}…"), ""), LongestLine)).Where(line => line.Length > 0).TakeLast(MostLines);
        var tail = string.Join('\n', lines);
        return tail.Length == 0 ? null : tail;
    }

    // What is named as a secret, and what is one by its form: JSON Web Tokens, keys of AWS, tokens of GitHub and GitLab.
    [GeneratedRegex("""(?<name>(?i:\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer|basic)?\s*|[a-z0-9_.-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[a-z0-9_]*["']?\s*[:=]\s*["']?|\b(?:bearer|basic)\s+))[^\s"',;&]+|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:gh[pousr]_|glpat-)[A-Za-z0-9_-]{16,}""", RegexOptions.None, 1000)]
    private static partial Regex Secrets { get; }

    // Colours of terminals, and what else does not show.
    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")]
    private static partial Regex Letters { get; }
}
