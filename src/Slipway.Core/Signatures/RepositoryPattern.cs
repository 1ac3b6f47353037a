using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Slipway.Images;

namespace Slipway.Signatures;

/// <summary>
/// Which repositories a rule is for: <c>ghcr.io/acme/shop</c>, <c>ghcr.io/acme/*</c> (one level), <c>ghcr.io/acme/**</c> (all levels),
/// <c>*.example.com/**</c>, <c>**</c> (everything). What a rule is not for is not protected by it, so a pattern that could never match is refused.
/// </summary>
public sealed record RepositoryPattern
{
    private const int MaxText = 256;

    private readonly Regex _regex;

    private RepositoryPattern(string text, IEnumerable<string> segments)
    {
        Text = text;
        // Names of hosts have no case. Linear in time, whatever the pattern: the names that it is tried on are tenants'.
        var parts = segments.Select((segment, at) => segment == "**" ? ".+" : segment == "*" ? "[^/]+" : $"(?{(at == 0 ? "i" : "")}:{Regex.Escape(segment).Replace("\\*", "[^/]*", StringComparison.Ordinal)})");
        _regex = new Regex($@"\A{string.Join('/', parts)}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    public string Text { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryPattern? pattern, out string why)
    {
        (pattern, why) = (null, "");
        if (string.IsNullOrEmpty(text) || text.Length > MaxText)
        {
            why = $"a pattern has 1 to {MaxText} characters";
            return false;
        }

        if (!text.Contains('*', StringComparison.Ordinal))
        {
            pattern = RepositoryName.TryParse(text, out var name, out why) ? new(text, $"{name}".Split('/')) : null;
            return pattern is not null;
        }

        var segments = text.Split('/');
        why = segments.Any(segment => segment.Length == 0) ? "it has an empty part between its slashes"
            : segments.Any(segment => segment.Contains("**", StringComparison.Ordinal) && segment != "**") ? "** stands for whole parts between slashes, and alone there"
            : text.AsSpan().IndexOfAny("@ \t") >= 0 || text.Contains("://", StringComparison.Ordinal) ? "a repository is named without scheme, tag, digest and spaces"
            : segments[1..].Any(segment => segment.Any(char.IsAsciiLetterUpper)) ? "paths of repositories have no capital letters"
            : !IsHost(segments[0]) ? $"it must begin with the registry, as in docker.io/{text}"
            : segments is [not "**"] ? $"it names a registry and no repositories; all of them are {text}/**"
            : "";
        pattern = why.Length == 0 ? new(text, segments) : null;
        return pattern is not null;
    }

    public bool Matches(RepositoryName repository) => _regex.IsMatch($"{repository}");

    public bool Equals(RepositoryPattern? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    // By the rule that tells hosts from paths in image names.
    private static bool IsHost(string segment) => segment is "*" or "**" or "localhost" || segment.AsSpan().ContainsAny('.', ':') || segment.StartsWith('*');
}
