namespace Slipway.Versions;

/// <summary>
/// A version after semver.org 2.0.0. Equality and order are precedence (section 11): build metadata takes no part in them. Reading one
/// allocates nothing: prerelease and metadata are windows on the text that was read.
/// </summary>
public readonly struct SemanticVersion : IComparable<SemanticVersion>, IEquatable<SemanticVersion>
{
    /// <summary>Of the whole text. Tags end at 128 characters; this is what a label may hold.</summary>
    public const int LongestText = 256;

    private readonly ReadOnlyMemory<char> _prerelease;

    private readonly ReadOnlyMemory<char> _metadata;

    internal SemanticVersion(
        ulong major, ulong minor, ulong patch, ReadOnlyMemory<char> prerelease = default, ReadOnlyMemory<char> metadata = default, int writtenNumbers = 3)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        _prerelease = prerelease;
        _metadata = metadata;
        WrittenNumbers = writtenNumbers;
    }

    public ulong Major { get; }

    public ulong Minor { get; }

    public ulong Patch { get; }

    public string Prerelease => _prerelease.ToString();

    public string Metadata => _metadata.ToString();

    public bool IsPrerelease => !_prerelease.IsEmpty;

    /// <summary>How many of major, minor and patch the text had: <c>1.27</c> has two, and is of the same precedence as <c>1.27.0</c>.</summary>
    public int WrittenNumbers { get; }

    public static bool operator ==(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) == 0;

    public static bool operator !=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) != 0;

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// As people write versions in tags, in the reading of Masterminds/semver: an optional <c>v</c>, minor and patch 0 where they are
    /// missing, leading zeros allowed. A number above 2^64-1 is no version.
    /// </summary>
    public static bool TryParse(string? text, out SemanticVersion version) => VersionText.TryRead(text.AsMemory(), strict: false, out version);

    /// <inheritdoc cref="TryParse(string?, out SemanticVersion)"/>
    public static bool TryParse(ReadOnlyMemory<char> text, out SemanticVersion version) => VersionText.TryRead(text, strict: false, out version);

    /// <summary>To the letter of semver.org 2.0.0, section 2 to 10.</summary>
    public static bool TryParseStrict(string? text, out SemanticVersion version) => VersionText.TryRead(text.AsMemory(), strict: true, out version);

    public int CompareTo(SemanticVersion other)
    {
        var order = Major != other.Major ? Major.CompareTo(other.Major)
            : Minor != other.Minor ? Minor.CompareTo(other.Minor)
            : Patch.CompareTo(other.Patch);
        return order != 0 ? order : ComparePrerelease(_prerelease.Span, other._prerelease.Span);
    }

    public bool Equals(SemanticVersion other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is SemanticVersion other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, string.GetHashCode(_prerelease.Span, StringComparison.Ordinal));

    /// <summary>All three numbers, no <c>v</c>.</summary>
    public override string ToString() =>
        $"{Major}.{Minor}.{Patch}{(_prerelease.IsEmpty ? "" : "-")}{_prerelease}{(_metadata.IsEmpty ? "" : "+")}{_metadata}";

    internal bool HasPrereleaseOf(SemanticVersion other) => _prerelease.Span.SequenceEqual(other._prerelease.Span);

    private static int ComparePrerelease(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            // A release comes after every prerelease of it.
            return right.IsEmpty.CompareTo(left.IsEmpty) * -1;
        }

        while (!left.IsEmpty && !right.IsEmpty)
        {
            var order = CompareIdentifier(Next(ref left), Next(ref right));
            if (order != 0)
            {
                return order;
            }
        }

        return right.IsEmpty.CompareTo(left.IsEmpty);
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        var dot = rest.IndexOf('.');
        var identifier = dot < 0 ? rest : rest[..dot];
        rest = dot < 0 ? default : rest[(dot + 1)..];
        return identifier;
    }

    private static int CompareIdentifier(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var leftIsNumber = VersionText.IsNumber(left);
        if (leftIsNumber != VersionText.IsNumber(right))
        {
            return leftIsNumber ? -1 : 1;
        }

        // No leading zeros, so the longer number is the greater one, of whatever size.
        return leftIsNumber && left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
