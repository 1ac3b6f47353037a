using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class AdoptionTests
{
    [Fact]
    public void What_runs_and_is_healthy_becomes_the_first_good_version()
    {
        var plan = Fresh.Running(Old).Plan();

        var recording = Assert.IsType<Recording>(plan.State());
        Assert.Equal((Outcomes.Succeeded, Causes.Adopted), (recording.Result.Outcome, recording.Result.Reason));
        Assert.Equal(Old.By(release: 1), plan.Status.Current);
        Assert.Equal(1, plan.Status.LastRelease);
    }

    [Fact]
    public void Taking_over_writes_nothing_to_the_workload()
    {
        var recorded = Fresh.Running(Old).Stored();
        var told = recorded with { History = [Old.Release(1, Outcomes.Succeeded)] };

        Assert.Empty(Fresh.Plan().World.Images);
        Assert.Empty(recorded.Plan().World.Images);
        Assert.IsType<Idle>(told.Plan().State());
        Assert.Empty(told.Stored().Plan().World.Images);
    }

    [Fact]
    public void A_bare_tag_takes_the_digest_that_its_pods_run()
    {
        var adopted = (Fresh with { RunningDigest = Old.Digest }).Plan().Status.Current;

        Assert.Equal(Old.By(release: 1, adopted: true), adopted);
    }

    [Fact]
    public void An_adopted_bare_tag_is_no_drift()
    {
        var now = Settled.Running(Old, author: ImageWriter.Declarative, managed: false) with
        {
            Status = Settled.Status with { Current = Old.By(1, adopted: true) },
        };

        now.Stays();
    }

    [Fact]
    public void A_digest_that_is_not_known_yet_is_waited_for() =>
        (Fresh with { Sighting = new Sighting.Pending() }).Stays();

    [Fact]
    public void A_registry_that_does_not_know_the_running_tag_does_not_stop_the_first_rollout()
    {
        var started = (Fresh with { RunningDigest = null }).Seeing(New).Next<Advancing>();

        Assert.Null(started.Attempt.Previous);
        Assert.Equal(New.Digest, started.Attempt.Digest);
    }

    [Fact]
    public void A_workload_that_is_still_settling_is_given_the_progress_deadline()
    {
        var settling = Fresh.Seeing(New).Running(Old, new Health.Progressing("2 of 3 pods", 2));

        settling.Stays();
        Assert.Equal(settling.CreatedAt + Deadline, settling.Plan().Wake);
    }

    [Fact]
    public void A_workload_that_never_settles_is_replaced_after_the_progress_deadline() =>
        Assert.Null(Fresh.Seeing(New).Running(Old, new Health.Progressing("2 of 3 pods", 2)).After(Deadline).Next<Advancing>().Attempt.Previous);

    [Fact]
    public void A_broken_workload_is_replaced_at_once() =>
        Fresh.Seeing(New).Running(Old, new Health.Failing("CrashLoopBackOff", "exit 1")).Next<Advancing>();

    [Fact]
    public void A_broken_workload_waits_for_the_gates_like_any_other()
    {
        var now = Fresh.Seeing(New).Running(Old, new Health.Failing("CrashLoopBackOff", "exit 1"));
        now = now with { Terms = now.Terms with { MinimumAge = TimeSpan.FromHours(2) } };

        now.Stays();
        Assert.Equal(Noon.AddHours(1), now.Plan().Wake);
    }

    [Fact]
    public void Two_containers_of_one_image_are_adopted_together()
    {
        var target = Target("shop", Old) with { Images = [Image(Old), Image(Old, container: "migrate")] };

        Assert.Equal(Old.By(1), Fresh.WithTarget(target).Plan().Status.Current);
    }

    [Fact]
    public void Two_containers_of_different_images_are_no_one_version()
    {
        var target = Target("shop", Old) with { Images = [Image(Old), Image(New, container: "migrate")] };

        Assert.Null(Fresh.Seeing(Newer).WithTarget(target).Next<Advancing>().Attempt.Previous);
    }

    [Fact]
    public void An_image_of_another_repository_is_never_adopted()
    {
        var target = Target("shop", Old) with { Images = [Image(Old) with { InRepository = false }] };

        Assert.Null(Fresh.Seeing(New).WithTarget(target).Next<Advancing>().Attempt.Previous);
    }

    [Fact]
    public void Only_the_first_target_says_what_is_adopted()
    {
        var now = Fresh.Running(Old).WithTarget(Target("worker", New, new Health.Progressing("0 of 1 pods", 0)));

        Assert.Equal(Old.By(1), now.Plan().Status.Current);
    }

    [Fact]
    public void Nothing_is_adopted_while_suspended() => Fresh.Running(Old).Suspended().Stays();

    [Fact]
    public void Nothing_is_adopted_while_the_targets_have_a_problem()
    {
        var now = Fresh.Running(Old) with { TargetProblem = new("TargetClaimed", "spec.targets[0]: claimed") };

        now.Stays();
        Assert.Null(now.Plan().Status.Current);
    }

    [Fact]
    public void An_adoption_is_announced() =>
        Assert.Equal(new Announcement(false, Reasons.Adopted, "release 1: 1.0.0 was running when Slipway took over"), Assert.Single(Fresh.Running(Old).Plan().Announcements));

    [Fact]
    public void A_version_that_failed_and_runs_well_after_all_is_rejected_no_longer() =>
        Assert.Equal([New.Digest], Fresh.Running(Old).Rejecting(Old, New).Plan().Status.Rejected!.Select(rejection => rejection.Digest));
}
