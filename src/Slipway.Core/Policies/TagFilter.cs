using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Policies;

/// <summary>What a filter says of one tag.</summary>
public enum TagVerdict
{
    Kept,

    /// <summary>No text that a tag can be: empty, longer than 128 characters, or with a letter that tags do not have.</summary>
    Malformed,

    /// <summary>Written by a tool beside an image: a signature, an attestation, a bill of materials, a referrers list.</summary>
    Artifact,

    Unmatched,

    Excluded,
}

/// <summary>Keeps the tags that the pattern matches and no exclusion does, and makes of each the key that a policy orders by.</summary>
public sealed class TagFilter
{
    /// <summary>Keeps every tag of an image; the key is the tag.</summary>
    public static readonly TagFilter All = new(null, null, []);

    private const int MostExclusions = 32;

    private const string Field = "spec.source.filter";

    private readonly ExtractTemplate? _extract;

    private readonly ImmutableArray<TagPattern> _exclude;

    private TagFilter(TagPattern? pattern, ExtractTemplate? extract, ImmutableArray<TagPattern> exclude)
    {
        Pattern = pattern;
        _extract = extract;
        _exclude = exclude;
    }

    public TagPattern? Pattern { get; }

    /// <summary>The names in the extract that the pattern has no group for. They expand to nothing, which is never what was meant.</summary>
    public IEnumerable<string> UnknownGroups => _extract?.UnknownGroups ?? [];

    public static bool TryRead(Filter? filter, [NotNullWhen(true)] out TagFilter? read, [NotNullWhen(false)] out SpecProblem? problem, PatternReader? patterns = null)
    {
        patterns ??= TagPattern.TryParse;
        read = null;
        TagPattern? pattern = null;
        var error = "";
        if (!string.IsNullOrEmpty(filter?.Pattern) && !patterns(filter.Pattern, out pattern, out error))
        {
            problem = new SpecProblem($"{Field}.pattern", error);
            return false;
        }

        var exclude = ImmutableArray.CreateBuilder<TagPattern>();
        foreach (var text in filter?.Exclude ?? [])
        {
            if (exclude.Count == MostExclusions || !patterns(text, out var excluded, out error))
            {
                problem = exclude.Count == MostExclusions
                    ? new SpecProblem($"{Field}.exclude", $"there are more than {MostExclusions} patterns; join some with |")
                    : new SpecProblem($"{Field}.exclude[{exclude.Count}]", error);
                return false;
            }

            exclude.Add(excluded);
        }

        if (pattern is null && !string.IsNullOrEmpty(filter?.Extract))
        {
            problem = new SpecProblem($"{Field}.extract", "there is no pattern to take groups from; add filter.pattern, or remove extract");
            return false;
        }

        var extract = pattern is null || string.IsNullOrEmpty(filter?.Extract) ? null : ExtractTemplate.Parse(filter.Extract, pattern.GroupNames);
        read = new TagFilter(pattern, extract, exclude.ToImmutable());
        problem = null;
        return true;
    }

    /// <summary>
    /// Tags that no rule ever considers: <c>sha256-&lt;hex&gt;</c> alone or with an ending (cosign's; OCI distribution-spec, "Referrers Tag Schema"),
    /// and whatever ends in <c>.sig</c>, <c>.att</c> or <c>.sbom</c>.
    /// </summary>
    public static bool IsArtifact(ReadOnlySpan<char> tag) =>
        tag.EndsWith(".sig") || tag.EndsWith(".att") || tag.EndsWith(".sbom") || (tag.StartsWith("sha") && (IsHashTag(tag, "sha256-") || IsHashTag(tag, "sha512-")));

    /// <summary>The key is a window on the tag wherever it can be, so that reading a long list allocates next to nothing.</summary>
    public TagVerdict Read(string tag, out ReadOnlyMemory<char> key)
    {
        key = default;
        if (!ReferenceGrammar.IsTagText(tag))
        {
            return TagVerdict.Malformed;
        }

        if (IsArtifact(tag))
        {
            return TagVerdict.Artifact;
        }

        if (Pattern is not null && !Pattern.IsMatch(tag))
        {
            return TagVerdict.Unmatched;
        }

        foreach (var exclude in _exclude)
        {
            if (exclude.IsMatch(tag))
            {
                return TagVerdict.Excluded;
            }
        }

        key = Key(tag);
        return TagVerdict.Kept;
    }

    private ReadOnlyMemory<char> Key(string tag)
    {
        if (_extract is null || Pattern is null)
        {
            return tag.AsMemory();
        }

        if (_extract.SoleGroup is 1 && Pattern.FixedEnds is { } ends)
        {
            return tag.AsMemory(ends.Before, tag.Length - ends.Before - ends.Behind);
        }

        Span<int> places = stackalloc int[2 * Pattern.GroupNames.Length];
        if (!Pattern.TryCapture(tag, places))
        {
            throw new UnreachableException($"a tag matches '{Pattern}' and is not captured by it");
        }

        return _extract.SoleGroup is { } number && places[2 * number] >= 0
            ? tag.AsMemory(places[2 * number]..places[(2 * number) + 1])
            : _extract.Expand(tag, places).AsMemory();
    }

    private static bool IsHashTag(ReadOnlySpan<char> tag, ReadOnlySpan<char> prefix)
    {
        if (!tag.StartsWith(prefix))
        {
            return false;
        }

        // 32 digits is the least that a digest has by the grammar; shorter ones are people's, such as sha256-beta.
        var rest = tag[prefix.Length..];
        var digits = rest.IndexOf('.') is var dot and >= 0 ? rest[..dot] : rest;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigitLower(digit))
            {
                return false;
            }
        }

        return digits.Length >= 32;
    }
}
