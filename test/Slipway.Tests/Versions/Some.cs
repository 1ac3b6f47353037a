using CsCheck;

namespace Slipway.Tests.Versions;

/// <summary>Versions close to each other, so that bounds are met often.</summary>
internal static class Some
{
    public static readonly Gen<string> Identifier = Gen.OneOf("0", "1", "2", "10", "a", "alpha", "alpha-", "B", "rc", "-", "99999999999999999999");

    public static readonly Gen<string> Prerelease = Gen.Frequency((3, Gen.Const("")), (2, Identifier.List[1, 3].Select(parts => "-" + string.Join('.', parts))));

    public static readonly Gen<string> Version = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], Prerelease, (major, minor, patch, prerelease) => $"{major}.{minor}.{patch}{prerelease}");
}
