using System.Diagnostics;

namespace Slipway.Versions;

/// <summary>
/// One comparison of a range. Each is an interval that contains its floor and not its ceiling, or all but such an interval: since
/// precedence is discrete (after 1.2.3 comes 1.2.4-0, after 1.2.3-a comes 1.2.3-a.0), no other bound is needed.
/// </summary>
public sealed class VersionComparator
{
    private static readonly SemanticVersion Lowest = Before(0, 0, 0);

    private readonly SemanticVersion _floor;

    private readonly SemanticVersion? _ceiling;

    private readonly bool _negated;

    private readonly bool _samePrerelease;

    private VersionComparator(
        string text, bool namesPrerelease, SemanticVersion floor, SemanticVersion? ceiling, bool negated = false, bool samePrerelease = false)
    {
        Text = text;
        NamesPrerelease = namesPrerelease;
        _floor = floor;
        _ceiling = ceiling;
        _negated = negated;
        _samePrerelease = samePrerelease;
    }

    /// <summary>As it was written, without spaces: <c>&gt;=1.4</c>.</summary>
    public string Text { get; }

    /// <summary>Its version is a prerelease: the author of the range thought of them, so that its group sees them.</summary>
    public bool NamesPrerelease { get; }

    public bool Holds(SemanticVersion version)
    {
        var inside = version >= _floor && (_ceiling is not { } ceiling || version < ceiling) && (!_samePrerelease || version.HasPrereleaseOf(_floor));
        return inside != _negated;
    }

    public override string ToString() => Text;

    /// <param name="known">How many numbers come before the first wildcard or the end: 0 for <c>*</c>, 2 for <c>1.4</c> and <c>1.4.x</c>, 3 for all.</param>
    internal static VersionComparator Of(string comparison, string written, SemanticVersion version, int known)
    {
        var text = comparison + written;
        var names = version.IsPrerelease;
        VersionComparator Between(SemanticVersion floor, SemanticVersion? ceiling) => new(text, names, floor, ceiling);
        return comparison switch
        {
            ">=" or "=>" => Between(version, null),
            ">" => Between(known is 1 or 2 ? After(version, known) : Next(version), null),
            "<" => Between(Lowest, version),
            "<=" or "=<" => Between(Lowest, known == 3 ? Next(version) : known == 0 ? null : After(version, known)),
            "~" or "~>" => Between(version, TildeCeiling(version, known)),
            "^" => Between(version, CaretCeiling(version, known)),
            "" or "=" => Between(version, known == 3 ? Next(version) : TildeCeiling(version, known)),
            "!=" => Except(text, version, known),
            _ => throw new UnreachableException($"unknown comparison {comparison}"),
        };
    }

    // 4.1 without a patch excludes its releases; 4.1-alpha only the alphas of its patches; 4 excludes all that has this major.
    private static VersionComparator Except(string text, SemanticVersion version, int known) => known switch
    {
        1 => new(text, version.IsPrerelease, Before(version.Major, 0, 0), After(version, 1), negated: true),
        2 => new(text, version.IsPrerelease, version, After(version, 2), negated: true, samePrerelease: true),
        _ => new(text, version.IsPrerelease, version, Next(version), negated: true),
    };

    // Masterminds reads ~0.0.0 as any version, and so do those whose ranges were written for it.
    private static SemanticVersion? TildeCeiling(SemanticVersion version, int known) =>
        known == 0 || (known == 3 && version is { Major: 0, Minor: 0, Patch: 0 }) ? null : After(version, Math.Min(known, 2));

    // The leftmost number that is not zero is the one that promises compatibility.
    private static SemanticVersion? CaretCeiling(SemanticVersion version, int known) =>
        known == 0 ? null
        : version.Major > 0 || known == 1 ? After(version, 1)
        : version.Minor > 0 || known == 2 ? After(version, 2)
        : After(version, 3);

    /// <summary>The lowest version above all that share the first <paramref name="numbers"/> numbers.</summary>
    private static SemanticVersion After(SemanticVersion version, int numbers) => numbers switch
    {
        1 => Before(Up(version.Major), 0, 0),
        2 => Before(version.Major, Up(version.Minor), 0),
        _ => Before(version.Major, version.Minor, Up(version.Patch)),
    };

    private static SemanticVersion Next(SemanticVersion version) =>
        version.IsPrerelease ? new(version.Major, version.Minor, version.Patch, (version.Prerelease + ".0").AsMemory()) : After(version, 3);

    /// <summary>The lowest prerelease there is of a version: 0 is the lowest identifier.</summary>
    private static SemanticVersion Before(ulong major, ulong minor, ulong patch) => new(major, minor, patch, "0".AsMemory());

    // At the end of the numbers the bound stays where it is, which shuts out one version that nobody has; wrapped, it would shut out all.
    private static ulong Up(ulong number) => number == ulong.MaxValue ? number : number + 1;
}
