using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class StatefulSetHealthTests
{
    private static readonly RolloutProgress Complete = Sample.Complete with
    {
        UpdateStrategy = "RollingUpdate", CurrentRevision = "db-2", UpdateRevision = "db-2",
    };

    [Fact]
    public void Every_pod_at_the_update_revision_and_ready_is_healthy() => Assert.Equal(new Health.Healthy(3), Of(Complete));

    [Fact]
    public void A_revision_that_is_not_current_yet_is_under_way() =>
        Assert.Contains("1 of 3 pods are at revision db-3", Waiting(Complete with { UpdateRevision = "db-3", Updated = 1 }), StringComparison.Ordinal);

    [Fact]
    public void All_pods_updated_but_the_revision_not_made_current_is_under_way() =>
        Assert.Contains("at revision db-3", Waiting(Complete with { UpdateRevision = "db-3" }), StringComparison.Ordinal);

    [Fact]
    public void A_pod_that_is_not_available_for_minReadySeconds_is_waited_for() =>
        Assert.Contains("2 of 3 pods are available", Waiting(Complete with { Available = 2 }), StringComparison.Ordinal);

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(2, 0, false)]
    [InlineData(1, 1, false)]
    [InlineData(3, 0, true)]
    [InlineData(7, 0, true)]
    public void A_partition_keeps_the_lower_ordinals_and_is_done_with_the_others(int partition, int updated, bool done)
    {
        var health = Of(Complete with { UpdateRevision = "db-3", Partition = partition, Updated = updated });

        Assert.Equal(done, health is Health.Healthy);
    }

    [Fact]
    public void What_a_partition_still_waits_for_is_said() =>
        Assert.Contains(
            "0 of 1 pods at and above partition 2 have the new template",
            Waiting(Complete with { UpdateRevision = "db-3", Partition = 2, Updated = 0 }),
            StringComparison.Ordinal);

    [Fact]
    public void OnDelete_is_explained_with_the_way_out()
    {
        var message = Waiting(Complete with { UpdateStrategy = "OnDelete", UpdateRevision = "db-3", Updated = 1 });

        Assert.Contains("2 pods of the old template left", message, StringComparison.Ordinal);
        Assert.Contains("spec.updateStrategy.type: RollingUpdate", message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnDelete_is_healthy_once_every_pod_was_deleted_though_the_revision_never_becomes_current() =>
        Assert.IsType<Health.Healthy>(Of(Complete with { UpdateStrategy = "OnDelete", UpdateRevision = "db-3" }));

    [Fact]
    public void A_broken_pod_of_the_version_before_blocks_the_set_and_the_way_out_is_told()
    {
        var progress = Complete with { UpdateRevision = "db-3", Updated = 0, Available = 2 };
        var health = WorkloadHealth.Of(Set(progress), [Sample.Pod("shop-2", Sample.Old, reason: "CrashLoopBackOff", message: "back-off")]);

        var waiting = Assert.IsType<Health.Progressing>(health);
        Assert.Contains("kubectl delete pod shop-2 -n prod", waiting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_pod_of_the_new_template_fails_the_set() =>
        Assert.IsType<Health.Failing>(WorkloadHealth.Of(Set(Complete with { UpdateRevision = "db-3", Updated = 1 }), [Sample.Pod("shop-2", reason: "ImagePullBackOff")]));

    [Fact]
    public void Zero_replicas_are_healthy_once_observed()
    {
        Assert.Equal(new Health.Healthy(0), Of(new() { Generation = 2, ObservedGeneration = 2, UpdateRevision = "db-3", CurrentRevision = "db-2" }));
        Assert.IsType<Health.Progressing>(Of(new() { Generation = 2, ObservedGeneration = 1 }));
    }

    private static WorkloadSnapshot Set(RolloutProgress progress) => Sample.Workload("StatefulSet", progress);

    private static Health Of(RolloutProgress progress) => WorkloadHealth.Of(Set(progress), []);

    private static string Waiting(RolloutProgress progress) => Assert.IsType<Health.Progressing>(Of(progress)).Message;
}

public sealed class DaemonSetHealthTests
{
    [Fact]
    public void A_new_pod_available_on_every_node_is_healthy() => Assert.Equal(new Health.Healthy(3), Of(Sample.Complete));

    [Fact]
    public void No_node_to_run_on_is_healthy_once_observed()
    {
        Assert.Equal(new Health.Healthy(0), Of(new() { Generation = 1, ObservedGeneration = 1 }));
        Assert.IsType<Health.Progressing>(Of(new() { Generation = 2, ObservedGeneration = 1 }));
    }

    [Theory]
    [InlineData(2, 3, "2 of 3 pods have the new template")]
    [InlineData(3, 2, "2 of 3 pods are available")]
    public void What_is_missing_is_said(int updated, int available, string expected) =>
        Assert.Contains(expected, Waiting(Sample.Complete with { Updated = updated, Available = available }).Message, StringComparison.Ordinal);

    [Fact]
    public void OnDelete_is_explained_with_the_way_out()
    {
        var health = Waiting(Sample.Complete with { UpdateStrategy = "OnDelete", Updated = 2 });

        Assert.Contains("1 pod of the old template left", health.Message, StringComparison.Ordinal);
        Assert.Contains("updateStrategy OnDelete", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnDelete_is_healthy_once_every_pod_is_new() =>
        Assert.IsType<Health.Healthy>(Of(Sample.Complete with { UpdateStrategy = "OnDelete" }));

    [Fact]
    public void Available_counts_only_nodes_that_must_have_the_new_pod() =>
        Assert.Equal(1, Waiting(Sample.Complete with { Updated = 2, Available = 2 }).Available);

    [Fact]
    public void A_failing_pod_of_the_new_template_fails_the_set() =>
        Assert.IsType<Health.Failing>(WorkloadHealth.Of(Set(Sample.Complete with { Updated = 1 }), [Sample.Pod("agent-x", reason: "CreateContainerConfigError")]));

    private static WorkloadSnapshot Set(RolloutProgress progress) => Sample.Workload("DaemonSet", progress);

    private static Health Of(RolloutProgress progress) => WorkloadHealth.Of(Set(progress), []);

    private static Health.Progressing Waiting(RolloutProgress progress) => Assert.IsType<Health.Progressing>(Of(progress));
}

public sealed class OtherKindsHealthTests
{
    [Fact]
    public void A_cron_job_has_passed_when_its_template_is_written() =>
        Assert.Equal(new Health.Healthy(0), WorkloadHealth.Of(Sample.Workload("CronJob", new() { Generation = 7 }), []));

    [Fact]
    public void A_failing_pod_of_last_nights_job_does_not_fail_a_cron_job() =>
        Assert.IsType<Health.Healthy>(WorkloadHealth.Of(Sample.Workload("CronJob", new() { Generation = 7 }), [Sample.Pod("nightly-1", reason: "CrashLoopBackOff")]));

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 2, false)]
    [InlineData(3, 0, true)]
    public void An_unknown_kind_is_healthy_when_it_has_observed_the_change_or_does_not_tell(long generation, long observed, bool healthy)
    {
        var health = WorkloadHealth.Of(Sample.Workload("Rollout", new() { Generation = generation, ObservedGeneration = observed }), []);

        Assert.Equal(healthy, health is Health.Healthy);
    }

    [Fact]
    public void An_unknown_kind_fails_by_its_pods_and_by_its_own_word()
    {
        var workload = Sample.Workload("Rollout", new() { Desired = 1 });

        Assert.IsType<Health.Failing>(WorkloadHealth.Of(workload, [Sample.Pod("shop-1", reason: "CrashLoopBackOff")]));
        Assert.IsType<Health.Failing>(WorkloadHealth.Of(workload with { Progress = new() { Desired = 1, Failure = new("Degraded", "no") } }, []));
    }
}
