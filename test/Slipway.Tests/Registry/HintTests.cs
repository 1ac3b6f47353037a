using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class HintBudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hints_come_in_a_burst_of_ten_and_then_two_a_second()
    {
        var (budget, waits) = (default(HintBudget), new List<double>());
        for (var i = 0; i < 13; i++)
        {
            (var wait, budget) = budget.Take(Noon);
            waits.Add(wait.TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 1.5], waits);
        Assert.Equal(TimeSpan.Zero, budget.Take(Noon.AddSeconds(7)).Wait);
    }
}

public sealed class HintedTagsTests
{
    [Fact]
    public void What_was_named_is_doubted_and_nothing_else()
    {
        var hinted = HintedTags.None.And("1.0.0").And("1.0.0").And("2.0.0");

        Assert.True(HintedTags.None.IsEmpty);
        Assert.False(HintedTags.None.Doubts("1.0.0"));
        Assert.Equal(["1.0.0", "2.0.0"], hinted.Tags.Order(StringComparer.Ordinal));
        Assert.True(hinted.Doubts("1.0.0"));
        Assert.False(hinted.Doubts("3.0.0"));
    }

    [Fact]
    public void Who_names_no_tag_makes_all_of_them_doubtful()
    {
        Assert.True(HintedTags.Something.Doubts("1.0.0"));
        Assert.False(HintedTags.Something.IsEmpty);
        Assert.Same(HintedTags.Something, HintedTags.None.And("1").And(HintedTags.Something));
        Assert.Same(HintedTags.Something, HintedTags.Something.And("1"));
    }

    [Fact]
    public void More_tags_than_can_be_remembered_are_all_of_them()
    {
        var hinted = Enumerable.Range(0, 17).Aggregate(HintedTags.None, (all, i) => all.And($"1.0.{i}"));

        Assert.True(hinted.Anything);
        Assert.Empty(hinted.Tags);
        Assert.Equal(16, Enumerable.Range(0, 16).Aggregate(HintedTags.None, (all, i) => all.And($"1.0.{i}")).Tags.Count);
    }

    [Fact]
    public void Two_of_them_are_both()
    {
        var both = HintedTags.None.And("1").And(HintedTags.None.And("2"));

        Assert.True(both.Doubts("1") && both.Doubts("2"));
        Assert.Same(both, both.And(HintedTags.None));
    }
}

public sealed class HintTrustTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(6, 5)]
    [InlineData(60, 5)]
    public void Polls_become_rarer_step_by_step_from_the_third_change_on(int told, int minutes) =>
        Assert.Equal(Minute * minutes, Told(told).Stretch(Minute, 5));

    [Fact]
    public void One_change_that_a_poll_had_to_find_ends_it() =>
        Assert.Equal(Minute, Told(60).After(LookCause.Poll).Stretch(Minute, 5));

    [Fact]
    public void A_person_s_check_says_nothing_of_the_webhook() => Assert.Equal(Told(3), Told(3).After(LookCause.Person));

    [Theory]
    [InlineData(5, 10)]
    [InlineData(10, 10)]
    [InlineData(60, 60)]
    public void There_are_ten_minutes_between_polls_at_the_most_unless_the_spec_wants_more(int interval, int expected) =>
        Assert.Equal(Minute * expected, Told(60).Stretch(Minute * interval, 5));

    [Fact]
    public void It_can_be_switched_off() => Assert.Equal(Minute, Told(60).Stretch(Minute, 1));

    private static HintTrust Told(int times) => Enumerable.Range(0, times).Aggregate(default(HintTrust), (trust, _) => trust.After(LookCause.Hint));
}
