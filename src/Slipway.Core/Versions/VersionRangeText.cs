using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Images;

namespace Slipway.Versions;

/// <summary>Reads a <see cref="VersionRange"/>. Each function takes what it knows from <see cref="_rest"/> and leaves the others' part.</summary>
internal ref struct VersionRangeText
{
    private const string Example = "write for example '>=1.4 <2', '~1.4', '^1.4.2' or '1.4.x || 1.6.x'";

    // The longer ones first: a comparison is read as long as it can be.
    private static readonly string[] Comparisons = [">=", "=>", "<=", "=<", "!=", "~>", ">", "<", "=", "~", "^"];

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\f,");

    private ReadOnlySpan<char> _rest;

    private VersionRangeText(ReadOnlySpan<char> text) => _rest = text;

    public static bool TryRead(string? text, [NotNullWhen(true)] out VersionRange? range, out string error)
    {
        range = null;
        error = $"an empty range says nothing; {Example}";
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        if (text.Length > VersionRange.LongestText)
        {
            error = $"{UntrustedText.Quote(text)} is no version range: it is longer than {VersionRange.LongestText} characters";
            return false;
        }

        var alternatives = ImmutableArray.CreateBuilder<ImmutableArray<VersionComparator>>();
        foreach (var alternative in text.AsSpan().Split("||"))
        {
            var reader = new VersionRangeText(text.AsSpan(alternative));
            var comparators = ImmutableArray.CreateBuilder<VersionComparator>();
            if (!reader.TryReadAll(comparators))
            {
                error = $"{UntrustedText.Quote(text)} is no version range: a version was expected {reader.Place()}; {Example}";
                return false;
            }

            alternatives.Add(comparators.ToImmutable());
        }

        range = new VersionRange(alternatives.ToImmutable());
        error = "";
        return true;
    }

    private readonly string Place() => _rest.IsEmpty ? "at its end" : $"at {UntrustedText.Quote(_rest)}";

    private bool TryReadAll(ImmutableArray<VersionComparator>.Builder comparators)
    {
        SkipSpaces();
        do
        {
            if (!TryReadComparator(comparators))
            {
                return false;
            }
        }
        while (SkipSeparator());

        return _rest.IsEmpty;
    }

    private bool TryReadComparator(ImmutableArray<VersionComparator>.Builder comparators)
    {
        var comparison = ReadComparison();
        SkipSpaces();
        if (!TryReadVersion(out var text, out var version, out var known))
        {
            return false;
        }

        if (comparison.Length > 0 || !SkipHyphen())
        {
            comparators.Add(VersionComparator.Of(comparison, text, version, known));
            return true;
        }

        comparators.Add(VersionComparator.Of(">=", text, version, known));
        if (!TryReadVersion(out text, out version, out known))
        {
            return false;
        }

        comparators.Add(VersionComparator.Of("<=", text, version, known));
        return true;
    }

    private string ReadComparison()
    {
        foreach (var comparison in Comparisons)
        {
            if (_rest.StartsWith(comparison))
            {
                _rest = _rest[comparison.Length..];
                return comparison;
            }
        }

        return "";
    }

    /// <summary>A version in which a wildcard or the end may stand for a number; what comes behind a wildcard is not looked at, as in <c>1.x.3</c>.</summary>
    private bool TryReadVersion(out string text, out SemanticVersion version, out int known)
    {
        var end = _rest.IndexOfAny(WordEnds);
        var word = end < 0 ? _rest : _rest[..end];
        text = word.ToString();
        version = default;
        known = 0;

        var start = word is ['v', ..] ? 1 : 0;
        var tail = word[start..].IndexOfAny('-', '+') is var mark and >= 0 ? start + mark : word.Length;
        var numbers = word[start..tail];
        var parts = 0;
        var wild = false;
        foreach (var range in numbers.Split('.'))
        {
            var part = numbers[range];
            var isWildcard = part is "x" or "X" or "*";
            if (++parts > 3 || part.IsEmpty || (!isWildcard && part.ContainsAnyExceptInRange('0', '9')))
            {
                return false;
            }

            wild |= isWildcard;
            known += wild ? 0 : 1;
        }

        if (!SemanticVersion.TryParse($"{Known(numbers, known)}{word[tail..]}".AsMemory(), out version))
        {
            return false;
        }

        _rest = _rest[word.Length..];
        return true;
    }

    private static ReadOnlySpan<char> Known(ReadOnlySpan<char> numbers, int known)
    {
        if (known == 0)
        {
            return "0";
        }

        var end = 0;
        for (var part = 0; part < known; part++)
        {
            end += part > 0 ? 1 : 0;
            end += numbers[end..].IndexOf('.') is var dot and >= 0 ? dot : numbers.Length - end;
        }

        return numbers[..end];
    }

    private void SkipSpaces() => _rest = _rest.TrimStart();

    /// <summary>Spaces, or a comma with or without them; true when another comparison must follow.</summary>
    private bool SkipSeparator()
    {
        var before = _rest.Length;
        SkipSpaces();
        if (_rest is [',', ..])
        {
            _rest = _rest[1..];
            SkipSpaces();
            return true;
        }

        return _rest.Length is > 0 and var left && left < before;
    }

    /// <summary>The hyphen of <c>1.1 - 2</c> has spaces around it; without them it begins a prerelease.</summary>
    private bool SkipHyphen()
    {
        var after = _rest.TrimStart();
        if (after.Length == _rest.Length || after is not ['-', var next, ..] || !char.IsWhiteSpace(next))
        {
            return false;
        }

        _rest = after[1..].TrimStart();
        return true;
    }
}
