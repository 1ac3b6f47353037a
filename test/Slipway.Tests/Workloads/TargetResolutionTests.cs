using Slipway.Api;
using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class TargetResolutionTests
{
    private static readonly RepositoryName ShopRepository = new("ghcr.io", "acme/shop");

    private static readonly WorkloadSnapshot Shop = Deployment(
        "shop", new("migrate", "ghcr.io/acme/shop:1.0.0", Init: true), new("web", "ghcr.io/acme/shop:1.0.0"), new("proxy", "envoyproxy/envoy:v1.20"));

    private static readonly WorkloadSnapshot Worker = Deployment("shop-worker", new ContainerImage("worker", "ghcr.io/acme/shop:0.9.0@sha256:" + new string('a', 64)));

    [Fact]
    public void A_target_by_name_is_a_deployment_with_every_container_of_the_repository()
    {
        var set = Resolve(Spec(new Target { Name = "shop" }), Shop, Worker);

        var target = Assert.Single(set.Targets);
        Assert.Equal(new("Deployment", "prod", "shop"), target.Key);
        Assert.Same(Shop, target.Workload);
        Assert.Equal(["migrate", "web"], target.Containers);
        Assert.Equal(ShopRepository, set.Repository);
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void Targets_keep_the_order_of_the_spec()
    {
        var set = Resolve(Spec(new() { Name = "shop-worker" }, new() { Name = "shop" }), Shop, Worker);

        Assert.Equal(["shop-worker", "shop"], set.Targets.Select(target => target.Key.Name));
    }

    [Fact]
    public void A_selector_takes_the_workloads_of_its_kind_and_namespace_by_name()
    {
        var other = Worker with { Key = new("Deployment", "staging", "shop-worker") };
        var set = Resolve(Spec(new Target { Selector = new() { MatchLabels = Sample.Map(("part-of", "shop")) } }), Worker, Shop, other, As("StatefulSet", Shop));

        Assert.Equal(["Deployment prod/shop", "Deployment prod/shop-worker"], set.Targets.Select(target => target.Key.ToString()));
    }

    [Fact]
    public void A_selector_that_matches_nothing_says_what_it_looked_for()
    {
        var set = Resolve(Spec(new Target { Kind = "StatefulSet", Selector = new() { MatchLabels = Sample.Map(("part-of", "shop")) } }), Shop);

        Assert.Empty(set.Targets);
        Assert.Contains(
            new TargetProblem(TargetProblems.NothingSelected, "spec.targets[0].selector: no StatefulSet in prod has the labels part-of=shop"), set.Problems);
    }

    [Fact]
    public void Named_containers_are_updated_whatever_image_they_have()
    {
        var set = Resolve(From("ghcr.io/acme/shop", new Target { Name = "shop", Containers = ["proxy"] }), Shop);

        Assert.Equal(["proxy"], set.Targets[0].Containers);
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void A_named_container_that_does_not_exist_is_a_problem_that_lists_those_that_do()
    {
        var set = Resolve(Spec(new Target { Name = "shop", Containers = ["web", "wep"] }), Shop);

        Assert.Equal(
            new TargetProblem(TargetProblems.ContainerNotFound, "spec.targets[0].containers: Deployment prod/shop has no container wep; it has migrate, web, proxy"),
            Assert.Single(set.Problems));
        Assert.Equal(["web"], set.Targets[0].Containers);
    }

    [Fact]
    public void A_target_without_an_image_of_the_repository_is_a_problem_that_lists_what_was_found()
    {
        var set = Resolve(From("ghcr.io/acme/cart", new Target { Name = "shop" }), Shop);

        Assert.Equal(
            new TargetProblem(
                TargetProblems.NoContainerInRepository,
                "spec.targets[0]: no container of Deployment prod/shop has an image of ghcr.io/acme/cart; name the containers to update, or change "
                + "spec.source.repository; found: migrate has ghcr.io/acme/shop:1.0.0, web has ghcr.io/acme/shop:1.0.0, proxy has envoyproxy/envoy:v1.20"),
            Assert.Single(set.Problems));
        Assert.Empty(set.Targets[0].Containers);
    }

    [Theory]
    [InlineData("envoyproxy/envoy")]
    [InlineData("docker.io/envoyproxy/envoy")]
    [InlineData("index.docker.io/envoyproxy/envoy")]
    public void A_repository_is_the_same_however_it_is_written(string repository) =>
        Assert.Equal(["proxy"], Resolve(From(repository, new Target { Name = "shop" }), Shop).Targets[0].Containers);

    [Fact]
    public void A_registry_with_a_port_is_a_repository_like_any_other()
    {
        var workload = Deployment("shop", new ContainerImage("web", "registry:5000/shop:1"));

        Assert.Equal(["web"], Resolve(From("registry:5000/shop", new Target { Name = "shop" }), workload).Targets[0].Containers);
        Assert.Equal(new RepositoryName("registry:5000", "shop"), Resolve(Spec(new Target { Name = "shop" }), workload).Repository);
    }

    [Fact]
    public void Without_a_repository_the_first_targets_first_container_tells_it_and_not_an_init_container()
    {
        var workload = Deployment("shop", new("wait", "busybox:1.36", Init: true), new("web", "ghcr.io/acme/shop"), new("proxy", "envoyproxy/envoy:v1.20"));

        Assert.Equal(ShopRepository, Resolve(Spec(new Target { Name = "shop" }), workload).Repository);
    }

    [Fact]
    public void Without_a_repository_the_first_named_container_tells_it()
    {
        var set = Resolve(Spec(new Target { Name = "shop", Containers = ["proxy"] }), Shop);

        Assert.Equal(new RepositoryName("docker.io", "envoyproxy/envoy"), set.Repository);
    }

    [Fact]
    public void A_first_target_that_is_missing_does_not_hide_the_repository_of_the_next()
    {
        var set = Resolve(Spec(new() { Name = "gone" }, new() { Name = "shop" }), Shop);

        Assert.Equal(ShopRepository, set.Repository);
        Assert.Null(set.Targets[0].Workload);
        Assert.Equal(new TargetProblem(TargetProblems.TargetNotFound, "spec.targets[0]: Deployment prod/gone does not exist"), Assert.Single(set.Problems));
    }

    [Fact]
    public void A_missing_target_keeps_the_containers_that_the_spec_names() =>
        Assert.Equal(["web"], Resolve(From("ghcr.io/acme/shop", new Target { Name = "gone", Containers = ["web"] })).Targets[0].Containers);

    [Fact]
    public void A_repository_that_nobody_tells_is_a_problem() =>
        Assert.Contains(
            new TargetProblem(TargetProblems.RepositoryUnknown, "spec.source.repository: is not given, and no target exists that would tell it; write it"),
            Resolve(Spec(new Target { Name = "gone" })).Problems);

    [Fact]
    public void An_image_that_is_no_image_tells_no_repository()
    {
        var set = Resolve(Spec(new Target { Name = "shop" }), Deployment("shop", new ContainerImage("web", "${IMAGE}")));

        Assert.Null(set.Repository);
        Assert.Equal(
            new TargetProblem(TargetProblems.RepositoryUnknown, "spec.source.repository: is not given, and Deployment prod/shop runs '${IMAGE}', which is no image; write it"),
            Assert.Single(set.Problems));
    }

    [Theory]
    [InlineData("ghcr.io/acme/shop:1.0")]
    [InlineData("https://ghcr.io/acme/shop")]
    [InlineData("GHCR.io/Acme/Shop")]
    public void A_repository_that_is_none_is_a_problem_of_its_field(string repository)
    {
        var set = Resolve(From(repository, new Target { Name = "shop" }), Shop);

        Assert.Null(set.Repository);
        var problem = Assert.Single(set.Problems);
        Assert.Equal(TargetProblems.InvalidRepository, problem.Reason);
        Assert.StartsWith("spec.source.repository: ", problem.Message, StringComparison.Ordinal);
        Assert.Empty(set.Targets[0].Containers);
    }

    [Theory]
    [InlineData("ReplicaSet")]
    [InlineData("Pod")]
    [InlineData("Job")]
    [InlineData("Rollout")]
    [InlineData("deployment")]
    public void Another_kind_is_refused_with_the_reason(string kind)
    {
        var set = Resolve(From("ghcr.io/acme/shop", new() { Name = "shop" }, new() { Kind = kind, Name = "shop" }), Shop);

        Assert.Single(set.Targets);
        Assert.Equal(
            new TargetProblem(TargetProblems.UnsupportedKind, $"spec.targets[1].kind: {kind}: {WorkloadKinds.WhyNot(kind)}"), Assert.Single(set.Problems));
    }

    [Theory]
    [InlineData("StatefulSet", "apps/v1")]
    [InlineData("DaemonSet", null)]
    [InlineData("CronJob", "batch/v1beta1")]
    [InlineData("CronJob", "batch/v1")]
    public void Each_kind_is_found_whatever_version_the_spec_names(string kind, string? apiVersion)
    {
        var set = Resolve(Spec(new Target { ApiVersion = apiVersion, Kind = kind, Name = "shop" }), As(kind, Shop));

        Assert.Equal(["migrate", "web"], Assert.Single(set.Targets).Containers);
        Assert.Empty(set.Problems);
    }

    public static readonly TheoryData<string, Target> Misfits = new()
    {
        { "spec.targets[0]: has neither name nor selector; write one of them", new Target() },
        { "spec.targets[0]: has neither name nor selector; write one of them", new Target { Name = "" } },
        { "spec.targets[0]: has both name and selector; write one of them", new Target { Name = "shop", Selector = new() { MatchLabels = Sample.Map(("a", "b")) } } },
        { "spec.targets[0].selector: is empty and would match everything; write at least one label", new Target { Selector = new() } },
        {
            "spec.targets[0].selector.matchExpressions[0].values: In needs at least one value",
            new Target { Selector = new() { MatchExpressions = [Sample.Requirement("a", "In")] } }
        },
        {
            "spec.targets[0].apiVersion: extensions/v1beta1 has no Deployment that Slipway knows; leave it out, or write apps/v1",
            new Target { ApiVersion = "extensions/v1beta1", Name = "shop" }
        },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_target_that_is_written_wrongly_is_a_problem_of_its_field(string expected, Target target)
    {
        var set = Resolve(From("ghcr.io/acme/shop", target), Shop);

        Assert.Empty(set.Targets);
        Assert.Equal(new TargetProblem(TargetProblems.InvalidTarget, expected), Assert.Single(set.Problems));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_targets_at_all_is_a_problem(bool absent)
    {
        var set = Resolve(new DeliverySpec { Targets = absent ? null : [], Source = new() { Repository = "ghcr.io/acme/shop" } });

        Assert.Equal(TargetProblems.InvalidTarget, Assert.Single(set.Problems).Reason);
    }

    [Fact]
    public void A_workload_that_two_targets_mean_is_one_with_what_both_name()
    {
        var set = Resolve(Spec(new() { Name = "shop", Containers = ["web"] }, new() { Name = "shop-worker" }, new() { Name = "shop", Containers = ["migrate", "web"] }), Shop, Worker);

        Assert.Equal(["shop", "shop-worker"], set.Targets.Select(target => target.Key.Name));
        Assert.Equal(["web", "migrate"], set.Targets[0].Containers);
    }

    [Fact]
    public void A_workload_that_one_of_two_targets_means_whole_is_meant_whole()
    {
        var set = Resolve(Spec(new() { Name = "shop", Containers = ["web"] }, new() { Name = "shop" }), Shop);

        Assert.Equal(["migrate", "web"], Assert.Single(set.Targets).Containers);
    }

    [Fact]
    public void A_container_that_its_owner_removed_is_no_target()
    {
        var workload = Deployment("shop", new("web", "ghcr.io/acme/shop:1.0.0"), new("old", "ghcr.io/acme/shop:1.0.0") { Abandoned = true });

        Assert.Equal(["web"], Resolve(Spec(new Target { Name = "shop" }), workload).Targets[0].Containers);
        Assert.Equal(TargetProblems.ContainerNotFound, Assert.Single(Resolve(From("ghcr.io/acme/shop", new Target { Name = "shop", Containers = ["old"] }), workload).Problems).Reason);
    }

    [Fact]
    public void A_workload_with_a_hundred_containers_makes_a_bounded_message()
    {
        var workload = Deployment("shop", [.. Enumerable.Range(0, 100).Select(index => new ContainerImage($"c{index}", $"ghcr.io/acme/part-{index}:1"))]);

        Assert.Equal(800, Assert.Single(Resolve(From("ghcr.io/acme/shop", new Target { Name = "shop" }), workload).Problems).Message.Length);
    }

    private static TargetSet Resolve(DeliverySpec spec, params WorkloadSnapshot[] workloads) =>
        TargetResolution.Resolve("prod", spec, workloads.ToDictionary(workload => workload.Key));

    private static DeliverySpec Spec(params Target[] targets) => new() { Targets = targets, Source = new() };

    private static DeliverySpec From(string repository, params Target[] targets) => new() { Targets = targets, Source = new() { Repository = repository } };

    private static WorkloadSnapshot Deployment(string name, params ContainerImage[] containers) => Sample.Deployment(Sample.Complete) with
    {
        Key = new("Deployment", "prod", name), Containers = [.. containers], Labels = Sample.Map(("part-of", "shop")),
    };

    private static WorkloadSnapshot As(string kind, WorkloadSnapshot workload) => workload with { Key = workload.Key with { Kind = kind } };
}
