using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class StuckPodsTests
{
    private static readonly WorkloadSnapshot StatefulSet = Sample.Workload("StatefulSet", Sample.Complete with { UpdateStrategy = "RollingUpdate" });

    private static readonly PodSnapshot Broken = Sample.Pod("shop-2", Sample.Old, reason: "CrashLoopBackOff", message: "exit 1");

    [Fact]
    public void A_broken_pod_of_an_earlier_template_holds_a_stateful_set_up() =>
        Assert.Equal([new StuckPod("prod", "shop-2", "uid-shop-2")], StuckPods.Of(StatefulSet, [Broken, Sample.Pod("shop-1", Sample.Old, ready: true)]));

    [Fact]
    public void A_broken_pod_of_the_present_template_is_the_rollouts_own_affair() =>
        Assert.Empty(StuckPods.Of(StatefulSet, [Sample.Pod("shop-2", Sample.New, reason: "CrashLoopBackOff")]));

    [Fact]
    public void A_pod_that_may_still_become_ready_is_left_alone()
    {
        Assert.Empty(StuckPods.Of(StatefulSet, [Sample.Pod("shop-2", Sample.Old, reason: PodProblems.Unschedulable)]));
        Assert.Empty(StuckPods.Of(StatefulSet, [Sample.Pod("shop-2", Sample.Old)]));
    }

    [Theory]
    [InlineData("ghcr.io/acme/shop:1.0.5")]
    [InlineData("ghcr.io/acme/shop:1.0.5@sha256:c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4")]
    public void One_of_a_version_that_was_given_up_is_waited_for_no_longer(string image)
    {
        var good = new ReleasedImage("1.0.0", "sha256:a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2", 1);
        var pod = Sample.Pod("shop-2", image);
        Assert.Equal([new StuckPod("prod", "shop-2", "uid-shop-2")], StuckPods.Of(StatefulSet, [pod], good, ["web"]));
        Assert.Empty(StuckPods.Of(StatefulSet, [pod with { Ready = true }], good, ["web"]));
        Assert.Empty(StuckPods.Of(StatefulSet, [pod], null, ["web"]));
        Assert.Empty(StuckPods.Of(StatefulSet, [pod], good, ["proxy"]));
    }

    [Theory]
    [InlineData("ghcr.io/acme/shop:1.0.0")]
    [InlineData("ghcr.io/acme/shop:1.0.0@sha256:a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2")]
    [InlineData("ghcr.io/acme/shop:1.1.0")]
    public void One_of_the_version_that_passed_or_of_the_present_one_may_still_become_ready(string image) => Assert.Empty(StuckPods.Of(
        StatefulSet, [Sample.Pod("shop-2", image)], new ReleasedImage("1.0.0", "sha256:a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2", 1), ["web"]));

    [Fact]
    public void A_pod_that_is_ready_or_going_is_left_alone() =>
        Assert.Empty(StuckPods.Of(StatefulSet, [Broken with { Ready = true }, Broken with { Terminating = true }]));

    [Theory]
    [InlineData("Deployment")]
    [InlineData("DaemonSet")]
    public void Other_kinds_replace_broken_pods_themselves(string kind) => Assert.Empty(StuckPods.Of(Sample.Workload(kind, Sample.Complete), [Broken]));

    [Fact]
    public void Pods_that_only_a_person_replaces_are_left_to_that_person() =>
        Assert.Empty(StuckPods.Of(StatefulSet with { Progress = StatefulSet.Progress with { UpdateStrategy = "OnDelete" } }, [Broken]));
}
