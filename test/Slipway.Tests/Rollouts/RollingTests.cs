using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class RollingTests
{
    private static readonly DeliverySnapshot Held30s = JustStarted.Running(New) with { Terms = Settled.Terms with { Hold = TimeSpan.FromSeconds(30) } };

    private static readonly Health Nothing = new Health.Progressing("0 of 3 pods", 0);

    private static Advancing At(int wave = 0, int? highWater = null, DateTimeOffset? healthySince = null) => new(Second, wave, Noon + Deadline, highWater, healthySince);

    [Fact]
    public void The_image_is_written_to_the_first_target()
    {
        var world = JustStarted.WithTarget(Target("worker", Old)).Plan().World;

        Assert.Equal(new TargetWish(Key("shop"), New.Tag, New.Digest, Release: 2), Assert.Single(world.Images));
    }

    [Fact]
    public void An_image_that_is_not_there_yet_is_waited_for_until_the_deadline()
    {
        JustStarted.Stays();
        Assert.Equal(Noon + Deadline, JustStarted.Plan().Wake);
    }

    [Fact]
    public void An_image_that_could_never_be_written_fails_at_the_deadline()
    {
        var back = JustStarted.After(Deadline).Next<Reverting>();

        Assert.Equal(Reasons.ProgressDeadlineExceeded, back.Reason);
    }

    [Fact]
    public void A_tick_before_the_deadline_is_still_in_time() => JustStarted.After(Deadline - TimeSpan.FromTicks(1)).Stays();

    [Fact]
    public void The_arrival_of_the_image_counts_as_progress()
    {
        var now = JustStarted.Running(New, Nothing).After(TimeSpan.FromMinutes(3));

        Assert.Equal(At(highWater: 0) with { Deadline = Noon.AddMinutes(13) }, now.Next<Advancing>());
    }

    [Fact]
    public void More_pods_than_ever_before_move_the_deadline()
    {
        var now = HalfWay.Running(New, new Health.Progressing("3 of 4 pods", 3)).After(TimeSpan.FromMinutes(9));

        Assert.Equal(At(highWater: 3) with { Deadline = Noon.AddMinutes(19) }, now.Next<Advancing>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void As_many_or_fewer_pods_do_not_move_the_deadline(int pods) =>
        HalfWay.Running(New, new Health.Progressing("waiting", pods)).After(TimeSpan.FromMinutes(9)).Stays();

    [Fact]
    public void Pods_that_come_and_go_use_the_time_up()
    {
        var now = HalfWay;
        for (var minute = 1; minute < 10; minute++)
        {
            now = (now.Running(New, new Health.Progressing("flapping", minute % 3)) with { Now = Noon.AddMinutes(minute) }).Stored();
        }

        Assert.IsType<Reverting>((now with { Now = Noon + Deadline }).Plan().State());
    }

    [Fact]
    public void No_progress_fails_at_the_deadline_with_what_was_waited_for()
    {
        var back = HalfWay.After(Deadline).Next<Reverting>();

        Assert.Equal(Reasons.ProgressDeadlineExceeded, back.Reason);
        Assert.Equal("no progress for 10m: Deployment prod/shop: 2 of 3 pods", back.Message);
    }

    [Fact]
    public void A_healthy_version_without_a_hold_passes_at_once()
    {
        var plan = JustStarted.Running(New).Plan();

        var recording = Assert.IsType<Recording>(plan.State());
        Assert.Equal((Outcomes.Succeeded, "1.1.0 is healthy on every target"), (recording.Result.Outcome, recording.Result.Message));
        Assert.Equal(New.By(release: 2), plan.Status.Current);
        Assert.IsType<Idle>(recording.Then);
    }

    [Fact]
    public void A_hold_begins_when_the_version_is_healthy()
    {
        var plan = Held30s.Plan();

        Assert.Equal(Noon, Assert.IsType<Advancing>(plan.State()).HealthySince);
        Assert.Equal(Noon.AddSeconds(30), plan.Wake);
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void A_version_passes_when_it_was_healthy_for_the_hold(int seconds, bool passes)
    {
        var now = Held30s.Stored().After(TimeSpan.FromSeconds(seconds));

        Assert.Equal(passes, now.Plan().State() is Recording { Result.Outcome: Outcomes.Succeeded });
    }

    [Fact]
    public void A_break_in_the_hold_begins_it_anew()
    {
        var broken = Held30s.Stored().Running(New, new Health.Progressing("2 of 3 pods", 2)).After(TimeSpan.FromSeconds(20)).Stored();
        Assert.Null(Assert.IsType<Advancing>(broken.State).HealthySince);

        var again = broken.Running(New).After(TimeSpan.FromSeconds(20)).Next<Advancing>();

        Assert.Equal(Noon.AddSeconds(40), again.HealthySince);
    }

    [Fact]
    public void A_break_in_the_hold_does_not_move_the_deadline()
    {
        var broken = Held30s.Stored().Running(New, new Health.Progressing("2 of 3 pods", 2)).After(TimeSpan.FromSeconds(20));

        Assert.Equal(Noon + Deadline, broken.Next<Advancing>().Deadline);
    }

    [Fact]
    public void What_the_hold_has_seen_is_no_progress_later()
    {
        var broken = Held30s.Stored().Running(New, new Health.Progressing("3 pods, one old", 3)).After(TimeSpan.FromSeconds(20));

        Assert.Equal(Noon + Deadline, broken.Next<Advancing>().Deadline);
    }

    [Fact]
    public void A_healthy_version_is_held_beyond_the_deadline() =>
        Assert.IsType<Advancing>((Held30s with { Now = Noon + Deadline }).Plan().State());

    [Fact]
    public void A_hold_that_is_under_way_is_not_written_again()
    {
        var held = Held30s.Stored();

        Assert.True(held.After(TimeSpan.FromSeconds(10)).Plan().Status.SameAs(held.Status));
    }

    [Fact]
    public void A_failing_pod_ends_the_attempt_before_the_deadline()
    {
        var back = JustStarted.Running(New, new Health.Failing("ImagePullBackOff", "pod shop-1: not found")).Next<Reverting>();

        Assert.Equal("ImagePullBackOff", back.Reason);
        Assert.Equal("Deployment prod/shop: pod shop-1: not found", back.Message);
    }

    [Fact]
    public void The_followers_come_after_the_first_target_has_passed()
    {
        var now = JustStarted.Running(New).WithTarget(Target("worker", Old)).After(TimeSpan.FromMinutes(4));

        var next = now.Next<Advancing>();

        Assert.Equal(At(wave: 1) with { Deadline = Noon.AddMinutes(14) }, next);
        Assert.Equal([Key("shop"), Key("worker")], now.In(next).Plan().World.Images.Select(wish => wish.Target));
    }

    [Fact]
    public void The_followers_owe_no_hold()
    {
        var now = Held30s.WithTarget(Target("worker", New)).In(At(wave: 1, highWater: 0));

        now.Next<Recording>();
    }

    [Fact]
    public void The_attempt_passes_only_when_every_follower_is_healthy()
    {
        var now = JustStarted.In(At(wave: 1, highWater: 3)).Running(New).WithTarget(Target("worker", New, new Health.Progressing("0 of 1 pods", 0)));

        now.Stays();
    }

    [Fact]
    public void The_pods_of_all_targets_count_as_progress()
    {
        var now = JustStarted.In(At(wave: 1, highWater: 3)).Running(New).WithTarget(Target("worker", New, new Health.Progressing("1 of 2 pods", 1)));

        Assert.Equal(4, now.Next<Advancing>().HighWater);
    }

    [Fact]
    public void A_failing_follower_sends_every_target_back()
    {
        var now = JustStarted.In(At(wave: 1, highWater: 3)).Running(New).WithTarget(Target("worker", New, new Health.Failing("CrashLoopBackOff", "exit 1")));

        var back = now.Next<Reverting>();

        Assert.Equal("Deployment prod/worker: exit 1", back.Message);
        Assert.Equal([Key("shop"), Key("worker")], now.In(back).Plan().World.Images.Select(wish => wish.Target));
    }

    [Fact]
    public void A_follower_that_fails_by_itself_is_not_looked_at_before_its_turn()
    {
        var now = HalfWay.WithTarget(Target("worker", Old, new Health.Failing("CrashLoopBackOff", "exit 1")));

        now.Stays();
    }

    [Fact]
    public void An_image_without_its_digest_is_written_again_where_digests_are_pinned() =>
        Assert.Null(JustStarted.Running(New, bare: true).Next<Advancing>().HighWater);

    [Fact]
    public void A_tag_is_enough_where_tags_are_pinned()
    {
        var now = JustStarted.Running(New, bare: true);

        (now with { Terms = now.Terms with { PinsDigest = false } }).Next<Recording>();
    }

    [Fact]
    public void Another_digest_is_another_image_where_tags_are_pinned_too()
    {
        var now = JustStarted.Running(New with { Digest = "sha256:111" });

        Assert.Null((now with { Terms = now.Terms with { PinsDigest = false } }).Next<Advancing>().HighWater);
    }

    [Fact]
    public void A_container_that_was_left_out_is_written_too()
    {
        var now = JustStarted.WithTarget(Target("shop", New) with { Images = [Image(New), Image(Old, container: "migrate")] });

        Assert.Null(now.Next<Advancing>().HighWater);
    }

    [Fact]
    public void A_tool_that_writes_back_is_overwritten_while_the_attempt_lasts()
    {
        var now = HalfWay.Running(Old, author: ImageWriter.Declarative);

        Assert.Equal(New.Digest, Assert.Single(now.Stored().Plan().World.Images).Digest);
    }

    [Fact]
    public void A_person_who_sets_another_image_ends_the_attempt_and_is_respected()
    {
        var recording = HalfWay.Running(Newer, author: ImageWriter.Person).Next<Recording>();

        Assert.Equal((Outcomes.Superseded, Reasons.Drifted), (recording.Result.Outcome, recording.Result.Reason));
        Assert.Equal("kubectl set (field manager kubectl-set) set Deployment prod/shop to 1.2.0 while 1.1.0 was rolling out", recording.Result.Message);
        Assert.Equal(
            new Held(Reasons.Drifted, $"{recording.Result.Message}: left as it is until a newer version comes or 'slipway resume shop'", Noon, New.Digest), recording.Then);
    }

    [Fact]
    public void What_a_person_set_before_the_attempt_is_replaced() =>
        JustStarted.Running(Newer, author: ImageWriter.Person).Stays();

    [Fact]
    public void A_person_who_sets_the_very_image_is_no_obstacle() =>
        HalfWay.WithTarget(Target("shop", New, new Health.Progressing("2 of 3 pods", 2)) with { Images = [Image(New, ImageWriter.Person)] }).Stays();

    [Fact]
    public void A_person_who_sets_the_first_target_while_the_followers_are_written_is_respected()
    {
        var now = JustStarted.In(At(wave: 1)).WithTarget(Target("shop", Newer) with { Images = [Image(Newer, ImageWriter.Person, bare: true)] }).WithTarget(Target("worker", Old));

        Assert.Equal(Reasons.Drifted, now.Next<Recording>().Result.Reason);
    }

    [Fact]
    public void What_a_person_had_set_on_a_follower_is_replaced()
    {
        var now = JustStarted.In(At(wave: 1)).Running(New).WithTarget(Target("worker", Old) with { Images = [Image(Newer, ImageWriter.Person, bare: true)] });

        Assert.IsType<Advancing>(now.Plan().State());
    }

    [Fact]
    public void A_hold_begins_anew_when_the_image_was_gone_meanwhile() =>
        Assert.Null(Held30s.Stored().Running(Old, author: ImageWriter.Declarative).Next<Advancing>().HealthySince);

    [Fact]
    public void A_hold_begins_anew_when_the_target_was_gone_meanwhile() =>
        Assert.Null((Held30s.Stored() with { Targets = [], TargetProblem = new("TargetNotFound", "gone") }).Next<Advancing>().HealthySince);

    private static readonly DeliverySnapshot HeldAnHour = JustStarted.Running(New) with { Terms = Settled.Terms with { Hold = TimeSpan.FromHours(1) } };

    [Fact]
    public void A_pod_that_moves_in_the_second_half_of_a_long_hold_is_no_failure()
    {
        var moved = HeldAnHour.Stored().After(TimeSpan.FromMinutes(30)).Running(New, new Health.Progressing("2 of 3 pods", 2));

        Assert.Null(moved.Next<Advancing>().HealthySince);
        Assert.Equal(Noon.AddMinutes(70), moved.Plan().Wake);
        Assert.Equal(Noon.AddMinutes(31), moved.Stored().Running(New).After(TimeSpan.FromMinutes(1)).Next<Advancing>().HealthySince);
    }

    [Fact]
    public void A_tool_that_writes_back_in_a_long_hold_is_overwritten_and_no_failure() =>
        Assert.IsType<Advancing>(HeldAnHour.Stored().After(TimeSpan.FromMinutes(30)).Running(Old, author: ImageWriter.Declarative).Plan().State());

    [Fact]
    public void However_often_a_hold_breaks_it_ends()
    {
        var now = HeldAnHour;
        for (var minute = 0; minute < 70; minute++)
        {
            now = (now.Running(New, minute % 2 == 0 ? new Health.Healthy(3) : new Health.Progressing("flapping", 2)) with { Now = Noon.AddMinutes(minute) }).Stored();
            Assert.IsType<Advancing>(now.State);
        }

        (now.Running(New, new Health.Progressing("flapping", 2)) with { Now = Noon.AddMinutes(70) }).Next<Reverting>();
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_make_a_hold_longer()
    {
        var back = HeldAnHour.Stored().After(TimeSpan.FromDays(-1));

        Assert.Equal(back.Now, back.Next<Advancing>().HealthySince);
        Assert.IsType<Recording>(back.Stored().After(TimeSpan.FromHours(1)).Plan().State());
    }

    [Fact]
    public void Fewer_pods_in_a_healthy_version_do_not_lower_the_mark()
    {
        var now = HeldAnHour.In(At(highWater: 5)).Running(New, new Health.Healthy(3));

        Assert.Equal(5, now.Next<Advancing>().HighWater);
        Assert.Equal(7, now.Running(New, new Health.Healthy(7)).Next<Advancing>().HighWater);
    }
}
