using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class WorkloadKindsTests
{
    [Fact]
    public void A_cron_job_is_asked_for_in_the_newer_version_first() => Assert.Equal(["batch/v1", "batch/v1beta1"], WorkloadKinds.Find("CronJob")!.ApiVersions);

    [Theory]
    [InlineData("Deployment", "deployments", "spec/template/spec")]
    [InlineData("StatefulSet", "statefulsets", "spec/template/spec")]
    [InlineData("DaemonSet", "daemonsets", "spec/template/spec")]
    [InlineData("CronJob", "cronjobs", "spec/jobTemplate/spec/template/spec")]
    public void A_kind_knows_its_resource_and_where_its_containers_are(string name, string plural, string path)
    {
        var kind = WorkloadKinds.Find(name)!;

        Assert.Equal((plural, path), (kind.Plural, string.Join('/', kind.PodSpecPath)));
    }

    [Fact]
    public void A_job_is_a_kind_of_its_own_that_is_not_followed_unless_its_re_creation_is_asked_for()
    {
        Assert.Same(WorkloadKinds.Job, WorkloadKinds.Find("Job"));
        Assert.DoesNotContain(WorkloadKinds.Job, WorkloadKinds.All);
        Assert.Contains("name the CronJob that owns it", WorkloadKinds.WhyNot("Job"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReplicaSet", "name the Deployment that owns it")]
    [InlineData("Pod", "name the workload that owns it")]
    [InlineData("ReplicationController", "use a Deployment")]
    [InlineData("deployment", "kinds are spelled as Kubernetes spells them")]
    [InlineData("Rollout", "Slipway updates Deployment, StatefulSet, DaemonSet, CronJob")]
    public void Another_kind_is_refused_with_the_way_out(string kind, string wayOut)
    {
        Assert.Null(WorkloadKinds.Find(kind));
        Assert.Contains(wayOut, WorkloadKinds.WhyNot(kind), StringComparison.Ordinal);
    }
}
