using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Images;

/// <summary>As in an OCI image index: linux/arm64/v8.</summary>
public sealed record Platform(string Os, string Architecture, string? Variant = null)
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>Reads <c>os/architecture</c> or <c>os/architecture/variant</c>, as tools that build images take them.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Platform? platform)
    {
        var parts = (text ?? "").Split('/');
        platform = parts.Length is 2 or 3 && parts.All(part => part.Length is > 0 and <= 64 && !part.AsSpan().ContainsAnyExcept(Letters))
            ? new Platform(parts[0], parts[1], parts.Length == 3 ? parts[2] : null)
            : null;
        return platform is not null;
    }

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
