using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class PodFailureTests
{
    private static readonly RolloutProgress UnderWay = Sample.Complete with { Total = 4, Updated = 1 };

    [Theory]
    [InlineData("ImagePullBackOff")]
    [InlineData("InvalidImageName")]
    [InlineData("ErrImageNeverPull")]
    [InlineData("ImageInspectError")]
    [InlineData("SignatureValidationFailed")]
    [InlineData("CrashLoopBackOff")]
    [InlineData("CreateContainerConfigError")]
    [InlineData("CreateContainerError")]
    [InlineData("RunContainerError")]
    [InlineData("PostStartHookError")]
    public void A_pod_of_the_new_version_that_cannot_run_ends_the_wait(string reason)
    {
        var health = Of(Sample.Pod("shop-7d-x1", reason: reason, message: "container web (ghcr.io/acme/shop:1.1.0): back-off 10s"));

        Assert.Equal(new Health.Failing(reason, "pod shop-7d-x1: container web (ghcr.io/acme/shop:1.1.0): back-off 10s"), health);
    }

    [Theory]
    [InlineData("ErrImagePull")]
    [InlineData("Unschedulable")]
    [InlineData("SchedulingGated")]
    [InlineData("RegistryUnavailable")]
    public void A_complaint_that_may_pass_is_shown_while_waiting(string reason)
    {
        var health = Assert.IsType<Health.Progressing>(Of(Sample.Pod("shop-7d-x1", reason: reason, message: "0/3 nodes are available: 3 Insufficient cpu.")));

        Assert.EndsWith($"; pod shop-7d-x1: {reason}: 0/3 nodes are available: 3 Insufficient cpu.", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_pod_in_a_crash_loop_does_not_fail_the_new_version() =>
        Assert.IsType<Health.Progressing>(Of(Sample.Pod("shop-old", Sample.Old, reason: "CrashLoopBackOff", message: "container web: back-off")));

    [Fact]
    public void An_old_pod_that_finds_no_node_is_not_the_reason_for_the_wait()
    {
        var health = Assert.IsType<Health.Progressing>(Of(Sample.Pod("shop-old", Sample.Old, reason: "Unschedulable", message: "no node")));

        Assert.DoesNotContain("shop-old", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_is_being_deleted_is_not_looked_at() =>
        Assert.IsType<Health.Progressing>(Of(Sample.Pod("shop-7d-x1", reason: "CrashLoopBackOff") with { Terminating = true }));

    [Fact]
    public void A_pod_that_is_ready_is_never_failing() =>
        Assert.IsType<Health.Progressing>(Of(Sample.Pod("shop-7d-x1", ready: true, reason: "CrashLoopBackOff")));

    [Fact]
    public void One_failing_pod_among_many_that_run_is_enough()
    {
        PodSnapshot[] pods = [.. Enumerable.Range(1, 9).Select(index => Sample.Pod($"shop-{index}", ready: true)), Sample.Pod("shop-10", reason: "CrashLoopBackOff")];

        Assert.IsType<Health.Failing>(WorkloadHealth.Of(Sample.Deployment(Sample.Complete with { Desired = 10, Total = 10, Updated = 10, Available = 9 }), pods));
    }

    [Fact]
    public void A_pod_that_crashes_after_the_rollout_was_complete_fails_it() =>
        Assert.IsType<Health.Failing>(WorkloadHealth.Of(Sample.Deployment(Sample.Complete with { Available = 2 }), [Sample.Pod("shop-1", reason: "CrashLoopBackOff")]));

    [Fact]
    public void A_sidecar_that_a_webhook_added_does_not_make_a_pod_another_version()
    {
        var pod = Sample.Pod("shop-7d-x1", reason: "CrashLoopBackOff") with { Images = Sample.Map(("web", Sample.New), ("istio-proxy", "istio/proxyv2:1.20")) };

        Assert.IsType<Health.Failing>(Of(pod));
    }

    [Fact]
    public void A_pod_with_one_old_image_of_two_is_old()
    {
        var workload = Sample.Deployment(UnderWay) with { Containers = [new("migrate", Sample.New, Init: true), new("web", Sample.New)] };
        var half = Sample.Pod("shop-1", reason: "CrashLoopBackOff") with { Images = Sample.Map(("migrate", Sample.Old), ("web", Sample.New)) };
        var whole = half with { Images = Sample.Map(("migrate", Sample.New), ("web", Sample.New)) };

        Assert.IsType<Health.Progressing>(WorkloadHealth.Of(workload, [half]));
        Assert.IsType<Health.Failing>(WorkloadHealth.Of(workload, [whole]));
    }

    [Fact]
    public void A_failure_is_seen_before_the_controller_has_counted_the_pod() =>
        Assert.IsType<Health.Failing>(WorkloadHealth.Of(Sample.Deployment(Sample.Complete with { Total = 3, Updated = 0 }), [Sample.Pod("shop-1", reason: "InvalidImageName")]));

    [Fact]
    public void A_pod_says_nothing_before_the_change_is_observed() =>
        Assert.IsType<Health.Progressing>(WorkloadHealth.Of(Sample.Deployment(UnderWay with { Generation = 9 }), [Sample.Pod("shop-1", reason: "CrashLoopBackOff")]));

    [Fact]
    public void A_message_is_bounded_however_much_the_kubelet_says()
    {
        var health = Assert.IsType<Health.Failing>(Of(Sample.Pod("shop-1", reason: "RunContainerError", message: new string('x', 10_000))));

        Assert.Equal(BoundedText.Limit, health.Message.Length);
    }

    private static Health Of(PodSnapshot pod) => WorkloadHealth.Of(Sample.Deployment(UnderWay), [pod]);
}
