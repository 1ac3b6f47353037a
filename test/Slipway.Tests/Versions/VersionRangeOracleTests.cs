using CsCheck;
using Slipway.Versions;

namespace Slipway.Tests.Versions;

/// <summary>
/// The engine turns every comparison into an interval. Here each is written a second time, number by number as the documentation of
/// Masterminds/semver puts it, and both are asked about random versions near the bounds.
/// </summary>
public sealed class VersionRangeOracleTests
{
    private delegate bool Oracle(SemanticVersion version, SemanticVersion bound);

    private static readonly Dictionary<string, Oracle> Full = new()
    {
        ["="] = (version, bound) => version == bound,
        ["!="] = (version, bound) => version != bound,
        [">"] = (version, bound) => version > bound,
        [">="] = (version, bound) => version >= bound,
        ["<"] = (version, bound) => version < bound,
        ["<="] = (version, bound) => version <= bound,
        ["~"] = (version, bound) => version >= bound && ((bound.Major, bound.Minor, bound.Patch) == (0, 0, 0) || SameMinor(version, bound)),
        ["^"] = (version, bound) => version >= bound && version.Major == bound.Major &&
            (bound.Major > 0 || (version.Minor == bound.Minor && (bound.Minor > 0 || version.Patch == bound.Patch))),
    };

    private static readonly Dictionary<string, Oracle> WithoutPatch = new()
    {
        ["="] = (version, bound) => version >= bound && SameMinor(version, bound),
        ["!="] = (version, bound) => !SameMinor(version, bound) || version.Prerelease != bound.Prerelease,
        [">"] = (version, bound) => version.Major > bound.Major || (version.Major == bound.Major && version.Minor > bound.Minor),
        [">="] = (version, bound) => version >= bound,
        ["<"] = (version, bound) => version < bound,
        ["<="] = (version, bound) => version.Major < bound.Major || (version.Major == bound.Major && version.Minor <= bound.Minor),
        ["~"] = (version, bound) => version >= bound && SameMinor(version, bound),
        ["^"] = (version, bound) => version >= bound && version.Major == bound.Major && (bound.Major > 0 || version.Minor == bound.Minor),
    };

    private static readonly Dictionary<string, Oracle> MajorOnly = new()
    {
        ["="] = (version, bound) => version >= bound && version.Major == bound.Major,
        ["!="] = (version, bound) => version.Major != bound.Major,
        [">"] = (version, bound) => version.Major > bound.Major,
        [">="] = (version, bound) => version >= bound,
        ["<"] = (version, bound) => version < bound,
        ["<="] = (version, bound) => version.Major <= bound.Major,
        ["~"] = (version, bound) => version >= bound && version.Major == bound.Major,
        ["^"] = (version, bound) => version >= bound && version.Major == bound.Major,
    };

    [Fact]
    public void A_full_version_bounds_as_documented() => Agree(Full, (major, minor, patch) => $"{major}.{minor}.{patch}");

    [Fact]
    public void A_version_without_patch_bounds_as_documented() => Agree(WithoutPatch, (major, minor, _) => $"{major}.{minor}");

    [Fact]
    public void A_major_alone_bounds_as_documented() => Agree(MajorOnly, (major, _, _) => $"{major}");

    private static void Agree(Dictionary<string, Oracle> oracles, Func<int, int, int, string> write) =>
        Gen.Select(
            Gen.OneOf([.. oracles.Keys]),
            Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], write),
            Some.Prerelease,
            Some.Version)
        .Sample(
            (comparison, numbers, prerelease, candidate) =>
            {
                var range = VersionRangeTests.Read(comparison + numbers + prerelease);
                var version = Read(candidate);
                var expected = oracles[comparison](version, Read(numbers + prerelease));

                Assert.Equal(expected, range.Contains(version, includePrerelease: true));
                Assert.Equal(expected && (prerelease.Length > 0 || !version.IsPrerelease), range.Contains(version));
            },
            iter: 20_000);

    private static bool SameMinor(SemanticVersion version, SemanticVersion bound) => version.Major == bound.Major && version.Minor == bound.Minor;

    private static SemanticVersion Read(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version), text);
        return version;
    }
}
