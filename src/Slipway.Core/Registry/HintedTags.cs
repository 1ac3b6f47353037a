using System.Collections.Immutable;

namespace Slipway.Registry;

/// <summary>What hints spoke of and no look has seen yet.</summary>
/// <param name="Tags">Few, because who hints is a stranger.</param>
/// <param name="Anything">Some hint named no tag, or there were too many to remember.</param>
public sealed record HintedTags(ImmutableHashSet<string> Tags, bool Anything)
{
    public static readonly HintedTags None = new(ImmutableHashSet.Create<string>(StringComparer.Ordinal), Anything: false);

    /// <summary>A word that something changed, and not what.</summary>
    public static readonly HintedTags Something = None with { Anything = true };

    private const int Most = 16;

    public bool IsEmpty => !Anything && Tags.IsEmpty;

    /// <summary>Whether what is remembered of this tag is to be asked for again.</summary>
    public bool Doubts(string tag) => Anything || Tags.Contains(tag);

    public HintedTags And(string tag) => Anything || Tags.Contains(tag) ? this : Tags.Count < Most ? this with { Tags = Tags.Add(tag) } : Something;

    public HintedTags And(HintedTags other) =>
        other.IsEmpty ? this : other.Anything || Anything ? Something : other.Tags.Aggregate(this, (all, tag) => all.And(tag));
}
