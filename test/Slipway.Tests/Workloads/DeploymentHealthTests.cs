using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class DeploymentHealthTests
{
    [Fact]
    public void A_deployment_whose_pods_are_all_new_and_available_is_healthy() =>
        Assert.Equal(new Health.Healthy(3), Of(Sample.Complete));

    [Fact]
    public void Counts_of_an_older_generation_say_nothing()
    {
        var health = Waiting(Sample.Complete with { Generation = 5 });

        Assert.Contains("generation 5, observed 4", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_available_of_the_template_before_is_not_progress_of_this_one() =>
        Assert.Equal(0, Waiting(Sample.Complete with { Generation = 5 }).Available);

    [Fact]
    public void A_status_that_was_never_written_is_not_observed() =>
        Assert.Contains("not seen the change", Waiting(new() { Generation = 1, Desired = 3 }).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(3, 3, 2, 3, "2 of 3 pods have the new template")]
    [InlineData(3, 3, 0, 0, "0 of 3 pods have the new template")]
    [InlineData(3, 4, 3, 3, "1 pod of the old template still to go")]
    [InlineData(3, 5, 3, 3, "2 pods of the old template still to go")]
    [InlineData(3, 3, 3, 2, "2 of 3 pods are available")]
    [InlineData(1, 1, 1, 0, "0 of 1 pods are available")]
    [InlineData(1, 2, 2, 1, "1 of 2 pods are available, of which 1 are to stay")]
    public void What_is_missing_is_said(int desired, int total, int updated, int available, string expected)
    {
        var health = Waiting(Sample.Complete with { Desired = desired, Total = total, Updated = updated, Available = available });

        Assert.StartsWith("Deployment shop: ", health.Message, StringComparison.Ordinal);
        Assert.Contains(expected, health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_replicas_are_healthy_as_soon_as_they_are_observed()
    {
        var none = new RolloutProgress { Generation = 2, ObservedGeneration = 2, Desired = 0 };

        Assert.Equal(new Health.Healthy(0), Of(none));
        Assert.IsType<Health.Progressing>(Of(none with { ObservedGeneration = 1 }));
    }

    [Fact]
    public void Zero_replicas_do_not_wait_for_pods_that_still_go() =>
        Assert.Equal(new Health.Healthy(0), Of(new() { Generation = 2, ObservedGeneration = 2, Desired = 0, Total = 3 }));

    [Fact]
    public void An_exceeded_progress_deadline_is_failing_with_the_controllers_words()
    {
        var failure = new WorkloadFailure("ProgressDeadlineExceeded", "ReplicaSet \"shop-6f\" has timed out progressing.");

        Assert.Equal(
            new Health.Failing("ProgressDeadlineExceeded", "ReplicaSet \"shop-6f\" has timed out progressing."),
            Of(Sample.Complete with { Updated = 1, Total = 4, Failure = failure }));
    }

    [Fact]
    public void A_deadline_that_the_controller_has_yet_to_forget_does_not_fail_pods_that_are_all_up()
    {
        var failure = new WorkloadFailure("ProgressDeadlineExceeded", "of the version before");

        Assert.IsType<Health.Progressing>(Of(Sample.Complete with { Total = 4, Failure = failure }));
        Assert.IsType<Health.Healthy>(Of(Sample.Complete with { Failure = failure }));
    }

    [Fact]
    public void A_failure_reported_of_an_older_generation_is_not_ours()
    {
        var failure = new WorkloadFailure("ProgressDeadlineExceeded", "of the version before");

        Assert.IsType<Health.Progressing>(Of(Sample.Complete with { Generation = 5, Updated = 0, Failure = failure }));
    }

    [Fact]
    public void A_quota_that_refuses_the_pods_is_failing()
    {
        var failure = new WorkloadFailure("FailedCreate", "pods \"shop-6f-\" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=4, limited: cpu=4");
        var health = Assert.IsType<Health.Failing>(Of(Sample.Complete with { Updated = 0, Failure = failure }));

        Assert.Equal("FailedCreate", health.Reason);
        Assert.Contains("exceeded quota: small", health.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Internal error occurred: failed calling webhook \"inject.istio.io\": connection refused")]
    [InlineData("No API token found for service account \"default\", retry after the token is automatically created and added to the service account")]
    [InlineData("etcdserver: request timed out")]
    public void A_passing_trouble_of_the_api_server_is_waited_for_and_shown(string message)
    {
        var health = Waiting(Sample.Complete with { Updated = 0, Failure = new("FailedCreate", message) });

        Assert.Contains(message, health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_deployment_waits_and_the_way_out_is_told()
    {
        var health = Waiting(Sample.Complete with { Paused = true, Updated = 0 });

        Assert.Contains("kubectl rollout resume deployment/shop -n prod", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_is_no_failure_even_when_the_deadline_had_passed_before_it() =>
        Assert.IsType<Health.Progressing>(Of(Sample.Complete with { Paused = true, Updated = 1, Total = 4, Failure = new("ProgressDeadlineExceeded", "") }));

    [Fact]
    public void A_pause_does_not_matter_once_every_pod_is_new() =>
        Assert.IsType<Health.Healthy>(Of(Sample.Complete with { Paused = true }));

    [Fact]
    public void A_deployment_that_is_being_deleted_is_not_healthy() =>
        Assert.Contains(
            "is being deleted",
            Assert.IsType<Health.Progressing>(WorkloadHealth.Of(Sample.Deployment(Sample.Complete) with { Deleting = true }, [])).Message,
            StringComparison.Ordinal);

    [Theory]
    // The kind reports totals: at worst every old pod is an available one.
    [InlineData(10, 13, 5, 8, 0)]
    [InlineData(10, 13, 5, 10, 2)]
    [InlineData(10, 13, 8, 12, 7)]
    [InlineData(10, 10, 10, 9, 9)]
    [InlineData(3, 4, 1, 3, 0)]
    public void Available_counts_only_pods_that_must_be_new(int desired, int total, int updated, int available, int expected) =>
        Assert.Equal(expected, Waiting(Sample.Complete with { Desired = desired, Total = total, Updated = updated, Available = available }).Available);

    [Fact]
    public void Available_counts_ready_pods_of_the_new_template_where_the_old_ones_are_broken()
    {
        var progress = Sample.Complete with { Total = 4, Updated = 1, Available = 1 };
        PodSnapshot[] pods =
        [
            Sample.Pod("shop-new-1", ready: true),
            .. Enumerable.Range(1, 3).Select(index => Sample.Pod($"shop-old-{index}", Sample.Old, reason: "CrashLoopBackOff")),
        ];

        Assert.Equal(1, Assert.IsType<Health.Progressing>(WorkloadHealth.Of(Sample.Deployment(progress), pods)).Available);
    }

    [Fact]
    public void Pods_never_count_beyond_what_the_controller_reports_as_updated_and_available()
    {
        var progress = Sample.Complete with { Total = 3, Updated = 1, Available = 2 };
        PodSnapshot[] pods = [.. Enumerable.Range(1, 3).Select(index => Sample.Pod($"shop-{index}", ready: true))];

        Assert.Equal(1, Assert.IsType<Health.Progressing>(WorkloadHealth.Of(Sample.Deployment(progress), pods)).Available);
    }

    private static Health Of(RolloutProgress progress) => WorkloadHealth.Of(Sample.Deployment(progress), []);

    private static Health.Progressing Waiting(RolloutProgress progress) => Assert.IsType<Health.Progressing>(Of(progress));
}
