using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class TargetsTests
{
    private static readonly TargetSnapshot Healthy = Target("a", Old, new Health.Healthy(3));
    private static readonly TargetSnapshot Waiting = Target("b", Old, new Health.Progressing("1 of 2 pods", 1));
    private static readonly TargetSnapshot Failing = Target("c", Old, new Health.Failing("CrashLoopBackOff", "exit 1"));

    [Fact]
    public void Healthy_targets_are_healthy_together() => Assert.Equal(new Health.Healthy(6), Targets.Together([Healthy, Healthy]));

    [Fact]
    public void One_that_waits_makes_all_wait_and_its_pods_count() =>
        Assert.Equal(new Health.Progressing("Deployment prod/b: 1 of 2 pods", 4), Targets.Together([Healthy, Waiting]));

    [Fact]
    public void The_first_that_waits_is_named() =>
        Assert.Equal(new Health.Progressing("Deployment prod/b: 1 of 2 pods", 2), Targets.Together([Waiting, Waiting with { Key = Key("z") }]));

    [Fact]
    public void One_that_fails_decides() =>
        Assert.Equal(new Health.Failing("CrashLoopBackOff", "Deployment prod/c: exit 1"), Targets.Together([Healthy, Waiting, Failing]));

    [Fact]
    public void The_first_wave_is_the_first_target_and_the_second_all_of_them()
    {
        var now = Settled with { Targets = [Healthy, Waiting, Failing] };

        Assert.Equal([Healthy], now.UpToWave(0));
        Assert.Equal([Healthy, Waiting, Failing], now.UpToWave(1));
        Assert.Equal((1, 0), (now.LastWave(), Settled.LastWave()));
    }

    [Theory]
    [InlineData("1.0.0", "sha256:100", true, true)]
    [InlineData("1.0", "sha256:100", true, true)]
    [InlineData(null, "sha256:100", true, true)]
    [InlineData("1.0.0", "sha256:999", true, false)]
    [InlineData("1.0.0", null, true, false)]
    [InlineData("1.0.0", null, false, true)]
    [InlineData("1.0", null, false, false)]
    public void An_image_is_the_wanted_one_by_its_digest_or_where_tags_are_pinned_by_its_tag(string? tag, string? digest, bool pinsDigest, bool runs)
    {
        var now = Settled with { Terms = Settled.Terms with { PinsDigest = pinsDigest } };

        Assert.Equal(runs, now.Runs(Healthy with { Images = [Image(Old) with { Tag = tag, Digest = digest }] }, Old.Tag, Old.Digest));
    }

    [Fact]
    public void A_person_who_agrees_has_set_nothing()
    {
        var agreed = Healthy with { Images = [Image(Old, ImageWriter.Person)] };

        Assert.Null(Settled.SetByPerson([agreed], Old.Tag, Old.Digest));
        Assert.NotNull(Settled.SetByPerson([agreed], New.Tag, New.Digest));
    }

    [Fact]
    public void No_target_at_all_is_an_obstacle_and_no_success()
    {
        var none = HalfWay with { Targets = [] };

        Assert.Equal(TargetProblems.NothingSelected, none.Obstacle()?.Reason);
        none.Stays();
        Assert.Equal(TargetProblems.NothingSelected, none.After(Deadline).Next<RolloutState.Reverting>().Reason);
        Assert.IsType<RolloutState.Reverting>((GoingBack with { Targets = [] }).Plan().State());
        (Settled with { Targets = [] }).Seeing(New).Stays();
    }
}
