using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class TargetKindTests
{
    private static readonly Target Custom = new() { ApiVersion = "argoproj.io/v1alpha1", Kind = "Rollout", Name = "shop", ImagePaths = [new("spec.image")] };

    [Fact]
    public void A_kind_is_a_deployment_unless_it_says_otherwise_and_a_custom_one_has_its_group_with_it()
    {
        Assert.Equal("Deployment", Read(new Target { Name = "shop" }).Name);
        Assert.Same(WorkloadKinds.StatefulSet, Read(new Target { Kind = "StatefulSet", Name = "shop" }).Known);
        Assert.Equal(("Rollout.argoproj.io", null), (Read(Custom).Name, Read(Custom).Known));
        Assert.Equal("ConfigMap", Read(Custom with { ApiVersion = "v1", Kind = "ConfigMap" }).Name);

        // The name alone is not enough to be one of ours: another group may have a Deployment too.
        Assert.Equal("Deployment.example.com", Read(Custom with { ApiVersion = "example.com/v1", Kind = "Deployment" }).Name);
        Assert.True(new WorkloadKey("Rollout.argoproj.io", "prod", "shop").IsCustom);
    }

    [Theory]
    [InlineData("WhenFinished")]
    [InlineData("Always")]
    public void A_job_is_taken_when_its_re_creation_is_asked_for(string recreate) =>
        Assert.Same(WorkloadKinds.Job, Read(new Target { Kind = "Job", Name = "migrate", Recreate = recreate }).Known);

    public static TheoryData<Target, string, string> Refused => new()
    {
        { new Target { Kind = "Job" }, "t.kind", "'recreate: WhenFinished'" },
        { new Target { Kind = "Job", Recreate = "yes" }, "t.recreate", "is not one of WhenFinished, Always" },
        { new Target { Kind = "CronJob", Recreate = "Always" }, "t.recreate", "is for a Job" },
        { new Target { Kind = "Rollout" }, "t.kind", "say by apiVersion and imagePaths where its image is" },
        { Custom with { ApiVersion = null }, "t.apiVersion", "is missing" },
        { Custom with { ApiVersion = "a/b/c" }, "t.apiVersion", "cannot be one" },
        { Custom with { ApiVersion = "Argo/v1" }, "t.apiVersion", "cannot be one" },
        { Custom with { Kind = null }, "t.kind", "is missing" },
        { Custom with { Kind = "../x" }, "t.kind", "cannot be a kind" },
        { Custom with { ApiVersion = "apps/v1", Kind = "Deployment" }, "t.imagePaths", "has its images in its containers" },
        { Custom with { ApiVersion = "apps/v1", Kind = "ReplicaSet" }, "t.kind", "name the Deployment that owns it" },
        { Custom with { ApiVersion = "v1", Kind = "Pod" }, "t.kind", "name the workload that owns it" },
        { Custom with { ApiVersion = "batch/v1", Kind = "Job" }, "t.kind", "recreate" },
        { Custom with { ApiVersion = "v1", Kind = "Secret" }, "t.kind", "is no image" },
        { Custom with { Containers = ["web"] }, "t.containers", "imagePaths says where the image is" },
        { Custom with { Recreate = "Always" }, "t.recreate", "is for a Job" },
        { Custom with { ImagePaths = [.. Enumerable.Repeat(new ImagePath("spec.a"), 9)] }, "t.imagePaths", "more than 8" },
        { Custom with { ImagePaths = [new("spec")] }, "t.imagePaths[0].path", "whole part" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_a_target_is_refused_with_field_reason_and_way_out(Target target, string field, string says)
    {
        Assert.False(TargetKind.TryRead("t", target, out _, out var problem));

        Assert.Equal(field, problem.Field);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    private static TargetKind Read(Target target)
    {
        Assert.True(TargetKind.TryRead("t", target, out var kind, out var problem), $"{problem}");
        return kind;
    }
}
