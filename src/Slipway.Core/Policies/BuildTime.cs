namespace Slipway.Policies;

/// <summary>When the image under a tag was built; null where it does not tell.</summary>
public delegate DateTimeOffset? BuildTimes(string tag);

/// <summary>What an image's <c>created</c> says (OCI image spec, config.md, "created"; image-index.md has none of its own).</summary>
public static class BuildTime
{
    // Tools that build the same bytes twice write one date into every image: the epoch (ko, Jib, Bazel, Nix), year 1, or 1980 (buildpacks).
    // There were no images before this one, so what is older says nothing about the build.
    private static readonly DateTimeOffset FirstBelieved = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>To the millisecond, as it is stored; null where it is a date that tells nothing.</summary>
    public static DateTimeOffset? Told(DateTimeOffset? created) =>
        created >= FirstBelieved ? DateTimeOffset.FromUnixTimeMilliseconds(created.Value.ToUnixTimeMilliseconds()) : null;
}

/// <summary>Orders builds: by their time, and those of one instant by name, so that the answer does not depend on the order of a list.</summary>
internal readonly record struct Build(string Tag, DateTimeOffset At) : IComparable<Build>
{
    public int CompareTo(Build other) => At != other.At ? At.CompareTo(other.At) : string.CompareOrdinal(Tag, other.Tag);
}
