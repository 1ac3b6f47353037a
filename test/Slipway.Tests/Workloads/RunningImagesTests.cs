using System.Collections.Immutable;
using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class RunningImagesTests
{
    private const string One = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Other = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly WorkloadSnapshot Shop = Sample.Deployment(Sample.Complete);

    private static readonly TargetSet Targets = new(
        RepositoryName.TryParse("ghcr.io/acme/shop", out var name, out _) ? name : null, [new(Shop.Key with { Name = "gone" }, null, ["web"]), new(Shop.Key, Shop, ["web"])], []);

    private static PodSnapshot Pod(string imageId) => Sample.Pod("shop-0") with { ImageIds = Sample.Map(("web", imageId)) };

    private static string? Digest(params PodSnapshot[] pods) => RunningImages.Digest(Targets, ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>.Empty.Add(Shop.Key, pods));

    [Fact]
    public void What_every_pod_of_the_first_workload_pulled_is_what_runs() => Assert.Equal(One, Digest(Pod($"ghcr.io/acme/shop@{One}"), Pod($"ghcr.io/acme/shop@{One}")));

    [Fact]
    public void Pods_that_differ_tell_nothing() => Assert.Null(Digest(Pod($"ghcr.io/acme/shop@{One}"), Pod($"ghcr.io/acme/shop@{Other}")));

    [Fact]
    public void A_pod_that_has_not_pulled_yet_leaves_it_open() => Assert.Null(Digest(Pod($"ghcr.io/acme/shop@{One}"), Sample.Pod("shop-1")));

    [Fact]
    public void A_pod_that_is_going_does_not_count() =>
        Assert.Equal(One, Digest(Pod($"ghcr.io/acme/shop@{One}"), Pod($"ghcr.io/acme/shop@{Other}") with { Terminating = true }));

    [Theory]
    [InlineData("ghcr.io/acme/mirror@" + One)]
    [InlineData(One)]
    [InlineData("")]
    public void An_id_that_does_not_name_the_repository_tells_nothing(string imageId) => Assert.Null(Digest(Pod(imageId)));

    [Fact]
    public void Without_pods_or_workloads_nothing_is_known()
    {
        Assert.Null(Digest());
        Assert.Null(RunningImages.Digest(Targets with { Targets = [] }, ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>.Empty));
    }
}
