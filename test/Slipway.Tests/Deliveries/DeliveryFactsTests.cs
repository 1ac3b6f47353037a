using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Tests.Deliveries.Specs;

namespace Slipway.Tests.Deliveries;

public sealed class DeliveryFactsTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkloadSnapshot Workload = new()
    {
        Key = new("Deployment", "prod", "shop"),
        ApiVersion = "apps/v1",
        Containers =
        [
            new("web", $"ghcr.io/acme/shop:1.0.0@{Digest}", Owner: new("slipway", "Apply")),
            new("proxy", "envoyproxy/envoy:v1"),
        ],
        Progress = new() { Desired = 3, Total = 3, Updated = 3, Ready = 3, Available = 3, UpdateStrategy = "RollingUpdate" },
        WrittenBy = "1",
    };

    private static readonly DeliveryFacts Facts = Resolved(Workload);

    private static DeliveryFacts Resolved(params WorkloadSnapshot[] workloads) => new()
    {
        Delivery = new()
        {
            Metadata = new()
            {
                Name = "shop",
                Namespace = "prod",
                Uid = "uid-1",
                Generation = 7,
                CreationTimestamp = Noon.AddDays(-1),
                Annotations = ImmutableDictionary<string, string>.Empty
                    .Add(ApiNames.CheckAnnotation, "c").Add(ApiNames.RetryAnnotation, "t").Add(ApiNames.RollbackAnnotation, "b").Add(ApiNames.ResumeAnnotation, "s"),
            },
            Spec = Smallest,
            Status = new() { LastRelease = 4 },
        },
        Terms = Smallest.Terms(),
        Targets = TargetResolution.Resolve("prod", Smallest, workloads.ToDictionary(workload => workload.Key)),
        History = [new("shop-4-x", "uid-of-4", 4, "1.0.0", Digest, "Succeeded", Noon)],
        Now = Noon,
    };

    private static Sighting.Seen Seen(params Platform[] platforms) => new("1.1.0", "sha256:b", "newest", new PlatformSet(platforms));

    private static PodSnapshot Pod(string image, string? imageId = null, WorkloadFailure? problem = null, bool terminating = false) => new(
        "prod", "shop-0", "uid-of-pod", ImmutableDictionary<string, string>.Empty, Map("web", image), Ready: problem is null, terminating, problem, imageId is null ? Map() : Map("web", imageId));

    private static ImmutableDictionary<string, string> Map(params string[] entry) =>
        entry is [var key, var value] ? ImmutableDictionary<string, string>.Empty.Add(key, value) : ImmutableDictionary<string, string>.Empty;

    private static RunningImage Only(DeliveryFacts facts) => Assert.Single(Assert.Single(facts.ToSnapshot().Targets).Images);

    private static DeliveryFacts With(string image, FieldOwner? owner = null) =>
        Resolved(Workload with { Containers = [new("web", image, Owner: owner)] }) with { Targets = new(RepositoryName.TryParse("ghcr.io/acme/shop", out var name, out _) ? name : null,
            [new(Workload.Key, Workload with { Containers = [new("web", image, Owner: owner)] }, ["web"])], []) };

    [Fact]
    public void What_the_object_says_of_itself_is_taken_over()
    {
        var now = Facts.ToSnapshot();

        Assert.Equal(("prod", "shop", "uid-1", 7L, Noon.AddDays(-1), Noon), (now.Namespace, now.Name, now.Uid, now.Generation, now.CreatedAt, now.Now));
        Assert.Equal((4L, 4L), (now.Status.LastRelease, Assert.Single(now.History).Number));
        Assert.Equal(new Requests("c", "t", "b", "s"), now.Requests);
        Assert.Equal("ghcr.io/acme/shop", now.Terms.Repository);
    }

    [Fact]
    public void An_object_that_says_little_is_a_new_one()
    {
        var now = (Facts with { Delivery = new() }).ToSnapshot();

        Assert.Equal((new DeliveryStatus(), new Requests(), Noon), (now.Status, now.Requests, now.CreatedAt));
    }

    [Fact]
    public void Only_the_containers_of_the_target_are_its_images() =>
        Assert.Equal(new RunningImage("web", InRepository: true, "1.0.0", Digest, ImageWriter.Ours, "field manager slipway"), Only(Facts));

    [Theory]
    [InlineData("ghcr.io/acme/shop", "latest", null)]
    [InlineData("ghcr.io/acme/shop:1.0.0", "1.0.0", null)]
    public void A_bare_image_is_read_as_a_runtime_reads_it(string image, string? tag, string? digest)
    {
        var running = Only(With(image));

        Assert.Equal((true, tag, digest), (running.InRepository, running.Tag, running.Digest));
    }

    [Fact]
    public void A_digest_without_a_tag_is_not_latest() => Assert.Equal((null, Digest), (Only(With($"ghcr.io/acme/shop@{Digest}")).Tag, Only(With($"ghcr.io/acme/shop@{Digest}")).Digest));

    [Fact]
    public void An_image_of_another_repository_is_not_in_it() => Assert.False(Only(With("ghcr.io/acme/other:1.0.0")).InRepository);

    [Fact]
    public void What_is_no_image_is_in_no_repository()
    {
        var running = Only(With("not an image!"));

        Assert.Equal((false, "not an image!", null), (running.InRepository, running.Tag, running.Digest));
    }

    [Theory]
    [InlineData("kubectl-set", "Update", ImageWriter.Person)]
    [InlineData("argocd-controller", "Apply", ImageWriter.Declarative)]
    [InlineData("slipway", "Apply", ImageWriter.Ours)]
    public void The_writer_of_an_image_is_told(string manager, string operation, ImageWriter writer) =>
        Assert.Equal(writer, Only(With("ghcr.io/acme/shop:1.0.0", new FieldOwner(manager, operation))).Author);

    [Fact]
    public void A_workload_with_our_annotation_is_managed()
    {
        Assert.True(Assert.Single(Facts.ToSnapshot().Targets).Managed);
        Assert.False(Assert.Single(Resolved(Workload with { WrittenBy = null }).ToSnapshot().Targets).Managed);
    }

    [Fact]
    public void The_health_of_a_target_is_that_of_its_workload() => Assert.Equal(new Health.Healthy(3), Assert.Single(Facts.ToSnapshot().Targets).Health);

    [Fact]
    public void The_pods_of_a_target_are_asked()
    {
        var pods = new[] { Pod(Workload.Containers[0].Image, problem: new("CrashLoopBackOff", "exit 1")) };
        var seen = Facts with { Pods = Facts.Pods.Add(Workload.Key, pods), Targets = Facts.Targets with { Targets = [Facts.Targets.Targets[0] with { Workload = Workload with { Containers = [Workload.Containers[0]] } }] } };

        Assert.IsType<Health.Failing>(Assert.Single(seen.ToSnapshot().Targets).Health);
    }

    [Fact]
    public void A_workload_that_does_not_exist_is_a_problem_and_no_target()
    {
        var now = Resolved().ToSnapshot();

        Assert.Empty(now.Targets);
        Assert.Equal((TargetProblems.TargetNotFound, "spec.targets[0]: Deployment prod/shop does not exist"), (now.TargetProblem!.Reason, now.TargetProblem.Message));
    }

    [Fact]
    public void A_container_of_an_older_delivery_is_a_problem()
    {
        var conflict = new ClaimConflict(new(Workload.Key, "web"), "prod", "elder");

        Assert.Equal(new TargetProblem(TargetProblems.TargetClaimed, conflict.Message), (Facts with { Conflicts = [conflict] }).ToSnapshot().TargetProblem);
    }

    [Fact]
    public void A_target_that_is_missing_goes_before_one_that_is_claimed() =>
        Assert.Equal(TargetProblems.TargetNotFound, (Resolved() with { Conflicts = [new(new(Workload.Key, "web"), "prod", "elder")] }).ToSnapshot().TargetProblem?.Reason);

    [Fact]
    public void A_node_without_an_image_for_it_is_a_problem_of_the_candidate()
    {
        var arm = new NodeSnapshot("node-7", ImmutableDictionary<string, string>.Empty.Add("kubernetes.io/os", "linux").Add("kubernetes.io/arch", "arm64"), [], Unschedulable: false);
        var facts = Facts with { Nodes = [arm] };

        Assert.Contains("node-7", (facts with { Source = new(Seen(new Platform("linux", "amd64")), null) }).ToSnapshot().PlatformProblem, StringComparison.Ordinal);
        Assert.Null((facts with { Source = new(Seen(new Platform("linux", "arm64")), null) }).ToSnapshot().PlatformProblem);
        Assert.Null((facts with { Source = SourceView.Pending }).ToSnapshot().PlatformProblem);
    }

    [Fact]
    public void What_the_pods_run_goes_before_what_the_registry_says_of_their_tag()
    {
        var asked = Facts with { Source = new(new Sighting.Pending(), "sha256:from-the-registry") };
        var pods = new[] { Pod("ghcr.io/acme/shop:1.0.0", $"ghcr.io/acme/shop@{Digest}") };

        Assert.Equal("sha256:from-the-registry", asked.ToSnapshot().RunningDigest);
        Assert.Equal(Digest, (asked with { Pods = asked.Pods.Add(Workload.Key, pods) }).ToSnapshot().RunningDigest);
    }
}
