using System.Text;

namespace Slipway.Sharding;

/// <summary>
/// One part of the namespaces. A namespace is whole in one shard, for what is in it is decided together: groups, rivals for a workload, limits, pull secrets.
/// </summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">How many shards there are; the same in every replica, or two of them would take one namespace for theirs.</param>
public readonly record struct ShardScope(int Index, int Count)
{
    /// <summary>There is one, and it has everything.</summary>
    public static readonly ShardScope Whole = new(0, 1);

    /// <summary>All shards of so many.</summary>
    public static IEnumerable<ShardScope> Of(int count) => Enumerable.Range(0, count).Select(index => new ShardScope(index, count));

    public bool Holds(string? ns) => Count == 1 || IndexOf(ns ?? "", Count) == Index;

    /// <summary>This shard's part of a limit. The parts add up to the limit, and the first shards have what does not divide.</summary>
    public int? PartOf(int? limit) => limit is { } whole ? (whole / Count) + (Index < whole % Count ? 1 : 0) : null;

    /// <summary>
    /// Of which shard a namespace is: jump consistent hash (Lamping and Veach, 2014) over FNV-1a, so that with one more shard only the namespaces move that it gets.
    /// </summary>
    public static int IndexOf(string ns, int count)
    {
        var key = Mixed(ns);
        long shard = -1, next = 0;
        while (next < count)
        {
            shard = next;
            key = unchecked((key * 2862933555777941757UL) + 1);
            next = (long)((shard + 1) * ((1L << 31) / (double)((key >> 33) + 1)));
        }

        return (int)shard;
    }

    private static ulong Mixed(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ one) * 1099511628211UL);
        }

        return hash;
    }
}
