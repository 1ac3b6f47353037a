using System.Collections.Immutable;

namespace Slipway.Images;

/// <summary>As in an OCI image index: linux/arm64/v8.</summary>
public sealed record Platform(string Os, string Architecture, string? Variant = null)
{
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}

/// <summary>The platforms an image has; equal when they are the same in any order. Empty: not known, and then nothing is refused for it.</summary>
public sealed class PlatformSet(IEnumerable<Platform> platforms) : IEquatable<PlatformSet>
{
    public static readonly PlatformSet Unknown = new([]);

    public ImmutableSortedSet<string> Names { get; } = [.. platforms.Select(platform => platform.ToString())];

    public ImmutableArray<Platform> Platforms { get; } = [.. platforms];

    public bool Equals(PlatformSet? other) => other is not null && Names.SetEquals(other.Names);

    public override bool Equals(object? obj) => Equals(obj as PlatformSet);

    public override int GetHashCode() => Names.Aggregate(17, (hash, name) => HashCode.Combine(hash, name));

    public override string ToString() => string.Join(", ", Names);
}
