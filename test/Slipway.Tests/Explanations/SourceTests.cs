using Slipway.Api;
using Slipway.Explanations;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Explanations;

public sealed class SourceTests
{
    private static Facts FactsOf(Slipway.Api.Source? source, DeliveryStatus? status = null) =>
        new(new Delivery { Metadata = new ObjectMeta { Name = "shop" }, Spec = new DeliverySpec { Source = source }, Status = status }, [], [], CliRun.Noon);

    public static TheoryData<Follow?, string> Policies => new()
    {
        { new Follow { Semver = new SemverPolicy(">=1.4") }, "the highest version in '>=1.4'" },
        { new Follow { Semver = new SemverPolicy(">=1.4", IncludePrerelease: true) }, "the highest version in '>=1.4', prereleases too" },
        { new Follow { Semver = new SemverPolicy() }, "the highest version" },
        { new Follow { Tag = new TagPolicy("prod") }, "whatever the tag prod is on" },
        { new Follow { Tag = new TagPolicy("prod", "[0-9.]+") }, "whatever the tag prod is on, named by a tag that matches '[0-9.]+'" },
        { new Follow { Numeric = new OrderPolicy() }, "the highest number" },
        { new Follow { Numeric = new OrderPolicy("Descending") }, "the lowest number" },
        { new Follow { Alphabetical = new OrderPolicy("Ascending") }, "the last tag in byte order" },
        { new Follow { Alphabetical = new OrderPolicy("Descending") }, "the first tag in byte order" },
        { new Follow { Calver = new CalverPolicy("YYYY.0M") }, "the newest version written as YYYY.0M" },
        { new Follow { Newest = new NewestPolicy() }, "the image that was built last" },
        { null, "no policy is given" },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_policy_is_told_in_words(Follow? follow, string expected) =>
        Assert.Equal($"r/shop: {expected}; looked at each 1m", Slipway.Explanations.Source.Follows(FactsOf(new() { Repository = "r/shop", Follow = follow })).Sentences[0]);

    [Theory]
    [InlineData(null, 0, "")]
    [InlineData("^v", 0, ", of the tags that match '^v'")]
    [InlineData("^v", 2, ", of the tags that match '^v' and none of 2 exclusions")]
    [InlineData(null, 1, ", of the tags that match none of 1 exclusions")]
    public void A_filter_is_told_too(string? pattern, int exclusions, string expected)
    {
        var source = new Slipway.Api.Source
        {
            Repository = "r/shop",
            Follow = new Follow { Numeric = new OrderPolicy() },
            Filter = new Filter(pattern, Exclude: [.. Enumerable.Repeat("x", exclusions)]),
            Interval = "5m",
        };

        Assert.Equal($"r/shop: the highest number{expected}; looked at each 5m", Slipway.Explanations.Source.Follows(FactsOf(source)).Sentences[0]);
    }

    [Fact]
    public void A_spec_without_a_source_is_explained_without_a_fall() =>
        Assert.Equal(["the repository of the first target: no policy is given; looked at each 1m"], Slipway.Explanations.Source.Follows(FactsOf(null)).Sentences);

    [Fact]
    public void What_rests_is_told_with_what_is_left_of_its_rest()
    {
        CandidateStatus Seen(string tag, int minutes) => new(tag, $"sha256:{tag}", CliRun.Noon.AddMinutes(-minutes), "why");
        var status = new DeliveryStatus { Candidate = Seen("1.3.0", 5), Resting = [Seen("1.1.0", 70), Seen("1.2.0", 40)] };

        var sentences = Slipway.Explanations.Source.Registry(FactsOf(new() { MinimumAge = "1h" }, status)).Sentences;

        Assert.Equal("before it came 1.1.0 (sha256:1.1.0), first seen 70m ago, which has rested", sentences[2]);
        Assert.Equal("before it came 1.2.0 (sha256:1.2.0), first seen 40m ago, which rests for another 20m", sentences[3]);
    }

    [Fact]
    public void Platforms_that_are_asked_for_are_told() =>
        Assert.Contains("an image must run on linux/amd64, linux/arm64", Slipway.Explanations.Source.Follows(FactsOf(new() { Platforms = ["linux/amd64", "linux/arm64"] })).Sentences);

    [Fact]
    public void Before_the_first_look_that_is_all_there_is_to_say() =>
        Assert.Equal(["was not looked at yet"], Slipway.Explanations.Source.Registry(FactsOf(null)).Sentences);
}
