using System.Collections.Immutable;

namespace Slipway.Sharding;

/// <summary>Which replica is to have which shard: as even as can be, with as few moves as that needs.</summary>
public static class ShardPlan
{
    /// <summary>
    /// Every replica asks this for itself, of what it sees. Where two see different things their plans differ, and only the Leases say who has a shard: the
    /// plan says who stands for it, and who gives it up.
    /// </summary>
    /// <param name="members">Replicas that live; those that hold a shard and are not among them are dead.</param>
    /// <param name="holders">Of each shard, as its Lease says; null where nobody holds it.</param>
    /// <returns>The owner of each shard; null only where there is no member.</returns>
    public static ImmutableArray<string?> Assign(IEnumerable<string> members, ImmutableArray<string?> holders)
    {
        var held = members.Distinct().ToDictionary(member => member, _ => 0, StringComparer.Ordinal);
        if (held.Count == 0)
        {
            return [.. holders.Select(_ => (string?)null)];
        }

        foreach (var holder in holders.OfType<string>().Where(held.ContainsKey))
        {
            held[holder]++;
        }

        // One more is for those who have most already: they need give up nothing for it.
        var (least, more) = Math.DivRem(holders.Length, held.Count);
        var room = held.OrderByDescending(member => member.Value).ThenBy(member => member.Key, StringComparer.Ordinal)
            .Select((member, rank) => (member.Key, Quota: least + (rank < more ? 1 : 0)))
            .ToDictionary(member => member.Key, member => member.Quota, StringComparer.Ordinal);

        var owners = new string?[holders.Length];
        for (var shard = 0; shard < owners.Length; shard++)
        {
            if (holders[shard] is { } holder && room.GetValueOrDefault(holder) > 0)
            {
                (owners[shard], room[holder]) = (holder, room[holder] - 1);
            }
        }

        var free = new Queue<string>(room.OrderBy(member => member.Key, StringComparer.Ordinal).SelectMany(member => Enumerable.Repeat(member.Key, member.Value)));
        return [.. owners.Select(owner => owner ?? free.Dequeue())];
    }
}
