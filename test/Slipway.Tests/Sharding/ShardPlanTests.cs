using System.Collections.Immutable;
using CsCheck;
using Slipway.Sharding;

namespace Slipway.Tests.Sharding;

public sealed class ShardPlanTests
{
    // Of seven names up to seven live; of those that hold a shard some are dead.
    private static readonly Gen<(string[] Members, ImmutableArray<string?> Holders)> Worlds =
        from alive in Gen.Bool.Array[7]
        from holders in Gen.Int[-1, 6].Array[0, 24]
        select (Names(alive), Enumerable.ToArray(holders.Select(holder => holder < 0 ? null : $"replica-{holder}")).ToImmutableArray());

    [Fact]
    public void Every_shard_has_one_owner_that_lives() => Worlds.Sample(world =>
    {
        var owners = ShardPlan.Assign(world.Members, world.Holders);
        Assert.Equal(world.Holders.Length, owners.Length);
        Assert.All(owners, owner => Assert.True(world.Members.Length == 0 ? owner is null : world.Members.Contains(owner)));
    });

    [Fact]
    public void Nobody_has_two_more_than_another() => Worlds.Where(world => world.Members.Length > 0).Sample(world =>
    {
        var owners = ShardPlan.Assign(world.Members, world.Holders);
        var counts = world.Members.Select(member => owners.Count(owner => owner == member)).ToArray();
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    });

    [Fact]
    public void No_even_plan_moves_fewer() => Worlds.Where(world => world.Members.Length > 0).Sample(world =>
    {
        var owners = ShardPlan.Assign(world.Members, world.Holders);
        var kept = owners.Zip(world.Holders).Count(pair => pair.First == pair.Second);
        Assert.Equal(MostKept(world.Members, world.Holders), kept);
    });

    [Fact]
    public void A_plan_that_has_come_about_stays() => Worlds.Where(world => world.Members.Length > 0).Sample(world =>
    {
        var owners = ShardPlan.Assign(world.Members, world.Holders);
        Assert.Equal(owners, ShardPlan.Assign(world.Members.Reverse(), owners));
    });

    [Fact]
    public void Two_replicas_that_see_the_same_never_stand_for_one_shard() => Worlds.Sample(world =>
        Assert.Equal(ShardPlan.Assign(world.Members, world.Holders), ShardPlan.Assign(world.Members.OrderDescending(), world.Holders)));

    [Fact]
    public void A_replica_that_joins_gets_its_share_and_nothing_else_moves()
    {
        ImmutableArray<string?> before = ["a", "a", "a", "b", "b", "b"];
        var after = ShardPlan.Assign(["a", "b", "c"], before);
        Assert.Equal(2, after.Count(owner => owner == "c"));
        Assert.Equal(2, after.Zip(before).Count(pair => pair.First != pair.Second));
    }

    // By trying who is to have the one more.
    private static int MostKept(string[] members, ImmutableArray<string?> holders)
    {
        var (least, more) = Math.DivRem(holders.Length, members.Length);
        var held = members.Select(member => holders.Count(holder => holder == member)).ToArray();
        return Enumerable.Range(0, 1 << members.Length)
            .Where(choice => int.PopCount(choice) == more)
            .Max(choice => held.Select((count, member) => Math.Min(count, least + (choice >> member & 1))).Sum());
    }

    private static string[] Names(bool[] alive) => [.. alive.Index().Where(member => member.Item).Select(member => $"replica-{member.Index}")];
}
