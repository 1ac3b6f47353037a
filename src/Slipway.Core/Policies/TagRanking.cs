namespace Slipway.Policies;

/// <param name="text">What the filter makes of <paramref name="tag"/>.</param>
internal delegate bool KeyReader<TKey>(string tag, ReadOnlyMemory<char> text, out TKey key);

/// <summary>Orders tags by what a rule reads out of them.</summary>
internal sealed record TagRanking<TKey>(TagFilter Filter, KeyReader<TKey> Read, Comparison<TKey> Order)
    where TKey : struct
{
    /// <summary>Whether the rule takes this key at all; default: every key.</summary>
    public Func<TKey, bool> Takes { get; init; } = _ => true;

    /// <summary>Among equal keys the more precise one wins.</summary>
    public Func<TKey, int> Precision { get; init; } = _ => 0;

    public int? Compare(string tagA, string tagB) =>
        Key(tagA) is { } keyA && Key(tagB) is { } keyB ? Math.Sign(Order(keyA, keyB)) : null;

    /// <summary>One pass, and only the best is kept: a list of 100,000 tags is ordinary for a repository that CI pushes to.</summary>
    public RankedTags<TKey> Rank(IReadOnlyList<string> tags)
    {
        var tally = new TagTally(tags.Count);
        var best = default(RankedTag<TKey>);
        var closest = default(RankedTag<TKey>);
        for (var at = 0; at < tags.Count; at++)
        {
            var tag = tags[at];
            var verdict = Filter.Read(tag, out var text);
            if (verdict != TagVerdict.Kept)
            {
                tally.Drop(verdict);
            }
            else if (!Read(tag, text, out var key))
            {
                tally.DropUnread(tag);
            }
            else if (Takes(key))
            {
                tally.Eligible++;
                Keep(ref best, tag, key);
            }
            else
            {
                tally.Outside++;
                Keep(ref closest, tag, key);
            }
        }

        return new RankedTags<TKey>(best, closest, tally);
    }

    /// <summary>The best <paramref name="count"/>, the very best first.</summary>
    public IReadOnlyList<string> Top(IEnumerable<string> tags, int count)
    {
        var eligible = tags.Select(tag => (Tag: tag, Key: Key(tag))).Where(tag => tag.Key is not null).Select(tag => new RankedTag<TKey>(tag.Tag, tag.Key!.Value)).ToList();
        eligible.Sort((left, right) => IsBetter(left.Tag!, left.Key, right) ? -1 : IsBetter(right.Tag!, right.Key, left) ? 1 : 0);
        return [.. eligible.Take(count).Select(tag => tag.Tag!)];
    }

    public TagStanding StandingOf(string tag) => Filter.Read(tag, out var text) switch
    {
        TagVerdict.Malformed => TagStanding.Malformed,
        TagVerdict.Artifact => TagStanding.Artifact,
        TagVerdict.Unmatched => TagStanding.Unmatched,
        TagVerdict.Excluded => TagStanding.Excluded,
        _ when !Read(tag, text, out var key) => TagStanding.Unread,
        _ => Key(tag) is null ? TagStanding.Outside : TagStanding.Eligible,
    };

    private TKey? Key(string tag) => Filter.Read(tag, out var text) == TagVerdict.Kept && Read(tag, text, out var key) && Takes(key) ? key : null;

    private void Keep(ref RankedTag<TKey> best, string tag, TKey key)
    {
        if (best.Tag is null || IsBetter(tag, key, best))
        {
            best = new RankedTag<TKey>(tag, key);
        }
    }

    private bool IsBetter(string tag, TKey key, RankedTag<TKey> best)
    {
        var order = Order(key, best.Key);
        order = order != 0 ? order : Precision(key).CompareTo(Precision(best.Key));
        order = order != 0 ? order : best.Tag!.Length.CompareTo(tag.Length);
        return order != 0 ? order > 0 : string.CompareOrdinal(tag, best.Tag) < 0;
    }
}

/// <param name="Tag">Null where there is none.</param>
internal readonly record struct RankedTag<TKey>(string? Tag, TKey Key);

/// <param name="Closest">The best of those with a key that the rule does not take.</param>
internal sealed record RankedTags<TKey>(RankedTag<TKey> Best, RankedTag<TKey> Closest, TagTally Tally);
