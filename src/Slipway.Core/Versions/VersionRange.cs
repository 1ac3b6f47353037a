using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Versions;

/// <summary>
/// A set of versions in the grammar of Masterminds/semver v3, which Helm, Flux and Argo use: comparisons that must all hold, parted by
/// spaces or commas, and alternatives parted by <c>||</c>. The whole grammar is in this folder's README.
/// </summary>
public sealed class VersionRange
{
    /// <summary>Of the whole text.</summary>
    public const int LongestText = 512;

    /// <summary>Every release version.</summary>
    public static readonly VersionRange Any = new([[VersionComparator.Of("", "*", default, known: 0)]]);

    internal VersionRange(ImmutableArray<ImmutableArray<VersionComparator>> alternatives) => Alternatives = alternatives;

    /// <summary>A version is in the range when one alternative has no comparison that fails.</summary>
    public ImmutableArray<ImmutableArray<VersionComparator>> Alternatives { get; }

    /// <summary>The error is a sentence with the reason and an example.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VersionRange? range, out string error) => VersionRangeText.TryRead(text, out range, out error);

    /// <summary>Prereleases are in an alternative only where one of its comparisons names a prerelease (<c>&gt;=1.4-0</c>), or all are asked for.</summary>
    public bool Contains(SemanticVersion version, bool includePrerelease = false)
    {
        foreach (var alternative in Alternatives)
        {
            if (Holds(alternative, version, includePrerelease))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => string.Join(" || ", Alternatives.Select(comparators => string.Join(' ', comparators)));

    private static bool Holds(ImmutableArray<VersionComparator> comparators, SemanticVersion version, bool includePrerelease)
    {
        var sees = includePrerelease || !version.IsPrerelease;
        foreach (var comparator in comparators)
        {
            sees |= comparator.NamesPrerelease;
            if (!comparator.Holds(version))
            {
                return false;
            }
        }

        return sees;
    }
}
