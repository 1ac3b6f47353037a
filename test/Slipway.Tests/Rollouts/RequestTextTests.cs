using Slipway.Api;
using Slipway.Rollouts;
using Slipway.History;

namespace Slipway.Tests.Rollouts;

public sealed class RequestTextTests
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 13, 0, 0, 45, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(null, null, null, "2026-03-01T12:00:00.045Z")]
    [InlineData("ada", null, null, "2026-03-01T12:00:00.045Z by ada")]
    [InlineData("ada", 7L, null, "2026-03-01T12:00:00.045Z to 7 by ada")]
    [InlineData("ada", null, "sha256:1", "2026-03-01T12:00:00.045Z digest sha256:1 by ada")]
    [InlineData("ada to 3\nby eve", null, null, "2026-03-01T12:00:00.045Z by ada-to-3by-eve")]
    [InlineData("  ", null, null, "2026-03-01T12:00:00.045Z")]
    public void The_instant_comes_first_and_every_word_is_one(string? by, long? to, string? digest, string expected) =>
        Assert.Equal(expected, RequestText.Write(Then, by, to, digest));

    [Fact]
    public void A_name_without_end_is_cut() => Assert.True(RequestText.Write(Then, new string('x', 1000)).Length < 100);

    /// <summary>What is written here is read there: the number and the asker arrive in the attempt that the planner draws.</summary>
    [Fact]
    public void The_controller_reads_what_is_written()
    {
        var plan = DeliveryPlanner.Plan(new DeliverySnapshot
        {
            Namespace = "prod",
            Name = "shop",
            Uid = "u",
            Terms = new RolloutTerms { Repository = "registry.example/shop" },
            Status = new DeliveryStatus { Current = new ReleasedImage("1.1.0", "sha256:2", 2), LastRelease = 2 },
            History = [Record(1, "1.0.0"), Record(2, "1.1.0")],
            Targets = [new TargetSnapshot(new("Deployment", "prod", "shop"), [], new Slipway.Workloads.Health.Healthy(1))],
            Requests = new Slipway.Rollouts.Requests(Rollback: RequestText.Write(Then, "ada lovelace", to: 1)),
            Now = Then,
        });

        var attempt = Assert.IsType<RolloutState.Advancing>(plan.Status.Rollout).Attempt;
        Assert.Equal(("1.0.0", "ada-lovelace"), (attempt.Tag, attempt.By));
    }

    [Fact]
    public void Who_where_and_why_are_told_in_one_breath()
    {
        var words = RequestWords.Read(RequestText.Write(Then, "ada", all: true, from: "api/10.0.0.1", because: "the queue\nis by eve  full"));

        Assert.Equal("ada from api/10.0.0.1 (the queue is by eve full)", words.Who);
        Assert.True(words.All);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("to")]
    [InlineData("digest")]
    [InlineData("from")]
    public void Nobody_asks_for_more_by_their_name(string name)
    {
        var words = RequestWords.Read(RequestText.Write(Then, name, because: "all to 9 digest sha256:1 by root"));

        Assert.Equal((null, null, name, false, null), (words.To, words.Digest, words.By, words.All, words.From));
    }

    [Fact]
    public void A_reason_without_end_is_cut() => Assert.Equal(200, RequestWords.Read(RequestText.Write(Then, "ada", because: new string('x', 5000))).Because!.Length);

    private static ReleaseRecord Record(long number, string tag) => new($"shop-{number}", "u", number, tag, $"sha256:{number}", Outcomes.Succeeded, Then);
}
