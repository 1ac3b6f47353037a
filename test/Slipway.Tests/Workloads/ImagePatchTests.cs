using System.Collections.Immutable;
using System.Text;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class ImagePatchTests
{
    private const string Shipped = "ghcr.io/acme/shop:2.1.0@sha256:1111";

    private readonly WorkloadReader _reader = new(new ValuePool());

    [Fact]
    public void A_deployments_patch_has_name_and_image_and_nothing_else_of_a_container()
    {
        var workload = Sample.Deployment(Sample.Complete);

        Assert.Equal(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop","namespace":"prod","resourceVersion":"308","annotations":{"slipway.dev/release":"8","slipway.dev/version":"2.1.0"}},"spec":{"template":{"spec":{"containers":[{"name":"web","image":"ghcr.io/acme/shop:2.1.0@sha256:1111"}]}}}}
            """,
            Patch(workload, ImagePatch.Annotations(8, "2.1.0"), ("web", Shipped)));
    }

    [Theory]
    [InlineData("batch/v1")]
    [InlineData("batch/v1beta1")]
    public void A_cron_jobs_patch_goes_deeper_and_speaks_the_servers_version(string apiVersion)
    {
        var workload = _reader.Read(WorkloadKinds.CronJob, apiVersion, Sample.Json(Manifests.CronJob));

        Assert.Equal(
            """{"apiVersion":"VERSION","kind":"CronJob","metadata":{"name":"nightly","namespace":"prod","resourceVersion":"313"},"""
                .Replace("VERSION", apiVersion, StringComparison.Ordinal)
            + """
            "spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"report","image":"ghcr.io/acme/report:3"}]}}}}}}
            """,
            Patch(workload, ImmutableDictionary<string, string>.Empty, ("report", "ghcr.io/acme/report:3")));
    }

    [Fact]
    public void Containers_that_we_wrote_before_are_listed_with_the_image_they_have()
    {
        var workload = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment));

        Assert.EndsWith(
            """
            "spec":{"template":{"spec":{"initContainers":[{"name":"migrate","image":"ghcr.io/acme/shop:2.0.0"}],"containers":[{"name":"web","image":"ghcr.io/acme/shop:2.1.0@sha256:1111"}]}}}}
            """,
            Patch(workload, ImagePatch.Annotations(8, null), ("web", Shipped)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_of_others_are_never_listed()
    {
        var workload = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment));

        Assert.DoesNotContain("proxy", Patch(workload, ImagePatch.Annotations(8, null), ("web", Shipped), ("migrate", Shipped)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_its_owner_removed_is_let_go()
    {
        var workload = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.WithAbandonedContainer));

        Assert.DoesNotContain("old", Patch(workload, ImagePatch.Annotations(8, null), ("web", Shipped)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_is_not_there_is_refused_because_to_apply_it_would_add_it()
    {
        var error = Assert.Throws<ArgumentException>(() => Patch(Sample.Deployment(Sample.Complete), ImagePatch.Annotations(8, null), ("wep", Shipped)));

        Assert.Equal("Deployment prod/shop has no container wep: to apply an image to it would add it", error.Message);
    }

    [Fact]
    public void A_kind_that_slipway_does_not_update_is_refused() =>
        Assert.Throws<ArgumentException>(() => Patch(Sample.Workload("ReplicaSet", Sample.Complete), ImagePatch.Annotations(8, null), ("web", Shipped)));

    [Fact]
    public void A_version_that_is_not_known_is_not_annotated()
    {
        Assert.Equal(["slipway.dev/release"], ImagePatch.Annotations(8, null).Keys);
        Assert.Equal("2.1.0", ImagePatch.Annotations(8, "2.1.0")["slipway.dev/version"]);
    }

    [Fact]
    public void Replicas_are_never_written()
    {
        foreach (var kind in WorkloadKinds.All)
        {
            Assert.DoesNotContain("replicas", Patch(Sample.Workload(kind.Name, Sample.Complete), ImagePatch.Annotations(8, "v"), ("web", Shipped)), StringComparison.Ordinal);
        }
    }

    private static string Patch(WorkloadSnapshot workload, ImmutableDictionary<string, string> annotations, params (string Container, string Image)[] images) =>
        Encoding.UTF8.GetString(ImagePatch.For(workload, Sample.Map(images), annotations).Span);
}
