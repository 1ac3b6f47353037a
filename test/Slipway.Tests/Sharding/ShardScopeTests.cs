using CsCheck;
using Slipway.Sharding;

namespace Slipway.Tests.Sharding;

public sealed class ShardScopeTests
{
    private static readonly string[] Namespaces = [.. Enumerable.Range(0, 4000).Select(number => $"team-{number}")];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Every_namespace_is_in_one_shard(int count) =>
        Assert.All(Namespaces, ns => Assert.Single(ShardScope.Of(count), shard => shard.Holds(ns)));

    [Fact]
    public void Shards_are_about_as_large_as_each_other()
    {
        var sizes = ShardScope.Of(8).Select(shard => Namespaces.Count(ns => shard.Holds(ns)));
        Assert.All(sizes, size => Assert.InRange(size, 400, 600));
    }

    [Fact]
    public void With_one_more_shard_only_what_it_gets_moves()
    {
        foreach (var ns in Namespaces)
        {
            var (before, after) = (ShardScope.IndexOf(ns, 8), ShardScope.IndexOf(ns, 9));
            Assert.True(before == after || after == 8, $"{ns}: {before} → {after}");
        }
    }

    /// <summary>Replicas of two versions must agree, or both would act.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData("prod", 5)]
    [InlineData("kube-system", 1)]
    public void Where_a_namespace_belongs_is_written_in_stone(string ns, int shard) => Assert.Equal(shard, ShardScope.IndexOf(ns, 8));

    [Fact]
    public void The_parts_of_a_limit_add_up_to_it() => Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 64]).Sample((limit, count) =>
    {
        var parts = ShardScope.Of(count).Select(shard => shard.PartOf(limit)!.Value).ToArray();
        Assert.Equal(limit, parts.Sum());
        Assert.InRange(parts.Max() - parts.Min(), 0, 1);
    });

    [Fact]
    public void Without_a_limit_there_is_no_part_of_it() => Assert.Null(new ShardScope(1, 4).PartOf(null));
}
