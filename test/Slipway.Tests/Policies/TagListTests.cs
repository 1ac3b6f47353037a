using CsCheck;
using Slipway.Api;
using Slipway.Policies;
using Slipway.Tests.Versions;

namespace Slipway.Tests.Policies;

/// <summary>What holds for every rule and every list, however long, however hostile.</summary>
public sealed class TagListTests
{
    private static readonly (Follow Follow, Filter? Filter)[] Rules =
    [
        (new Follow { Semver = new SemverPolicy(">=1 <3") }, null),
        (new Follow { Semver = new SemverPolicy("*", IncludePrerelease: true) }, new Filter("^v?(.*)$", "$1")),
        (new Follow { Numeric = new OrderPolicy() }, new Filter(@"^(?:[a-z]+-)?(\d+)$", "$1")),
        (new Follow { Alphabetical = new OrderPolicy("Descending") }, new Filter(null, null, ["rc"])),
        (new Follow { Tag = new TagPolicy("main", ".*") }, null),
    ];

    private static readonly Gen<string> Tag = Gen.OneOf(
        Some.Version,
        Some.Version.Select(version => "v" + version),
        Gen.Int[0, 20].Select(number => $"{number}"),
        Gen.Int[0, 20].Select(number => $"build-{number}"),
        Gen.OneOf("main", "latest", "", "a\n", "1.0.0.sig", "1", "1.0", "01.0.0"),
        Gen.String);

    private static readonly Gen<SourceRule> Rule = Gen.OneOf(Rules).Select(rule => FollowRuleTests.Read(rule.Follow, rule.Filter));

    [Fact]
    public void The_order_of_the_list_decides_nothing() =>
        Gen.Select(Rule, Tag.Array[0, 20]).SelectMany((rule, tags) => Gen.Shuffle(tags).Select(shuffled => (rule, tags, shuffled))).Sample(
            one => Assert.Equal(one.rule.Policy(one.tags), one.rule.Policy(one.shuffled)));

    [Fact]
    public void What_is_picked_is_in_the_list_and_nothing_in_the_list_is_above_it() =>
        Gen.Select(Rule, Tag.Array[1, 20]).Sample((rule, tags) =>
        {
            if (rule.Policy(tags) is Selection.Picked picked)
            {
                Assert.Contains(picked.Tag, tags);
                Assert.All(tags, tag => Assert.False(rule.Compare(picked.Tag, tag) < 0, $"{tag} is above {picked.Tag}"));
            }
        });

    [Fact]
    public void A_tag_that_vanishes_and_was_not_picked_changes_no_pick() =>
        Gen.Select(Rule, Tag.Array[2, 12]).Sample((rule, tags) =>
        {
            if (rule.Policy(tags) is Selection.Picked picked)
            {
                var left = tags.Where((tag, at) => at > 0 || tag == picked.Tag).ToArray();
                Assert.Equal(picked.Tag, (rule.Policy(left) as Selection.Picked)?.Tag);
            }
        });

    [Fact]
    public void Order_is_antisymmetric() =>
        Gen.Select(Rule, Tag, Tag).Sample((rule, a, b) => rule.Compare(a, b) == -rule.Compare(b, a) || (rule.Compare(a, b) is null && rule.Compare(b, a) is null));

    [Fact]
    public void No_list_makes_a_sentence_of_more_than_one_line() =>
        Gen.Select(Rule, Gen.String.Array[0, 8]).Sample((rule, tags) =>
        {
            var why = rule.Policy(tags) switch
            {
                Selection.Picked picked => picked.Why,
                Selection.None none => none.Why,
                _ => "",
            };
            Assert.NotEmpty(why);
            Assert.DoesNotContain(why, char.IsControl);
        });

    [Fact]
    public void Selecting_among_100000_tags_allocates_next_to_nothing()
    {
        string[] tags = [.. Enumerable.Range(0, 100_000).Select(at => at % 3 == 0 ? $"v1.{at % 50}.{at}-alpine" : at % 3 == 1 ? $"v1.{at % 50}.{at}" : $"sha-{at:x7}")];
        var policy = FollowRuleTests.Read(new Follow { Semver = new SemverPolicy(">=1.4 <2") }, new Filter("^v(?P<v>.*)-alpine$", "$v", ["-rc"])).Policy;
        policy(tags);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var picked = Assert.IsType<Selection.Picked>(policy(tags));

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal("v1.49.99999-alpine", picked.Tag);
        Assert.True(allocated < 100_000, $"{allocated} bytes for 100,000 tags: something is made per tag");
    }
}
