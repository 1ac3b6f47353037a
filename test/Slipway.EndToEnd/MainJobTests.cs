using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>The main job, on a real API server and a real registry, with real pods.</summary>
[Collection(RealCluster.Name)]
public sealed class MainJobTests(TestCluster cluster)
{
    private const string AnyRelease = "follow: {semver: {range: \">=1.0\"}}, interval: 30s";

    [Fact]
    public async Task A_push_is_seen_and_shipped_and_a_bad_one_is_rolled_back_with_its_reason()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        var ns = await cluster.NewNamespaceAsync("story");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        var first = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{image}:1.0.0", replicas: 3) + Manifests.Delivery(ns, "{name: shop}", AnyRelease));
        await OutcomeAsync(ns, 1, "Succeeded", controller);

        var second = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded", controller);
        Assert.Equal($"{image}:1.1.0@{second}", await cluster.ImageAsync(ns, "deployment", "shop"));

        var third = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.2.0", crashes: true);
        await OutcomeAsync(ns, 3, "RolledBack", controller);
        Assert.Equal($"{image}:1.1.0@{second}", await cluster.ImageAsync(ns, "deployment", "shop"));

        var history = await cluster.HistoryAsync(ns, "shop");
        Assert.Equal(["Succeeded", "Succeeded", "RolledBack"], history.Select(release => release.Status!.Outcome));
        Assert.Equal([first, second, third], history.Select(release => release.Spec.Digest));
        Assert.Equal("CrashLoopBackOff", history[2].Status!.Reason);

        var ready = (await cluster.DeliveryAsync(ns, "shop")).Status!.Conditions!.Single(condition => condition.Type == "Ready");
        Assert.Equal(("False", "RolledBack"), (ready.Status, ready.Reason));
        Assert.Contains("Slipway took over", await cluster.KubectlAsync("get", "events", "-n", ns), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatefulSet", "statefulset")]
    [InlineData("DaemonSet", "daemonset")]
    public async Task Of_any_kind_a_good_version_ships_and_a_bad_one_is_rolled_back(string kind, string resource)
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        var ns = await cluster.NewNamespaceAsync(resource);
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await using var controller = await ControllerProcess.StartReadyAsync();
        var workload = kind == "StatefulSet" ? Manifests.StatefulSet(ns, $"{image}:1.0.0") : Manifests.DaemonSet(ns, $"{image}:1.0.0");
        await cluster.ApplyAsync(workload + Manifests.Delivery(ns, $"{{kind: {kind}, name: shop}}", AnyRelease));
        await OutcomeAsync(ns, 1, "Succeeded", controller);

        var good = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded", controller);
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.2.0", crashes: true);
        await OutcomeAsync(ns, 3, "RolledBack", controller);

        Assert.Equal($"{image}:1.1.0@{good}", await cluster.ImageAsync(ns, resource, "shop"));
        await cluster.KubectlAsync("rollout", "status", $"{resource}/shop", "-n", ns, "--timeout=60s");
    }

    [Fact]
    public async Task Without_pods_to_wait_for_a_CronJob_and_an_idle_Deployment_succeed_at_once()
    {
        var ns = await cluster.NewNamespaceAsync("still");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        var served = await cluster.KubectlAsync("api-versions");
        var batch = served.Split('\n').Select(line => line.Trim()).Contains("batch/v1beta1") ? "batch/v1beta1" : "batch/v1";
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(
            Manifests.CronJob(ns, $"{image}:1.0.0", batch, "nightly") + Manifests.Deployment(ns, $"{image}:1.0.0", replicas: 0, "asleep")
            + Manifests.Delivery(ns, "{kind: CronJob, name: nightly}", AnyRelease, name: "nightly") + Manifests.Delivery(ns, "{name: asleep}", AnyRelease, name: "asleep"));
        await OutcomeAsync(ns, 1, "Succeeded", controller, "nightly");
        await OutcomeAsync(ns, 1, "Succeeded", controller, "asleep");

        var digest = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded", controller, "nightly");
        await OutcomeAsync(ns, 2, "Succeeded", controller, "asleep");

        Assert.Equal($"{image}:1.1.0@{digest}", await cluster.ImageAsync(ns, "cronjob", "nightly"));
        Assert.Equal($"{image}:1.1.0@{digest}", await cluster.ImageAsync(ns, "deployment", "asleep"));
    }

    [Fact]
    public async Task Several_workloads_move_together_the_first_one_first_and_all_go_back()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        var ns = await cluster.NewNamespaceAsync("several");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(
            Manifests.Deployment(ns, $"{image}:1.0.0", name: "front") + Manifests.Deployment(ns, $"{image}:1.0.0", name: "worker")
            + Manifests.Delivery(ns, "{name: front}, {selector: {matchExpressions: [{key: app, operator: DoesNotExist}]}, kind: StatefulSet}, {name: worker}", AnyRelease));

        // A selector that matches nothing is said, not passed over.
        var stalled = await Eventually.GetAsync("Stalled", async () => (await cluster.DeliveryAsync(ns, "shop")).Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Stalled"));
        Assert.Equal("NothingSelected", stalled.Reason);
        await cluster.ApplyAsync(Manifests.Delivery(ns, "{name: front}, {name: worker}", AnyRelease));
        await OutcomeAsync(ns, 1, "Succeeded", controller);

        var good = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded", controller);
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.2.0", crashes: true);
        await OutcomeAsync(ns, 3, "RolledBack", controller);

        Assert.Equal($"{image}:1.1.0@{good}", await cluster.ImageAsync(ns, "deployment", "front"));
        Assert.Equal($"{image}:1.1.0@{good}", await cluster.ImageAsync(ns, "deployment", "worker"));
    }

    [Fact]
    public async Task A_moving_tag_ships_the_version_on_its_digest_and_goes_back_when_it_is_moved_back()
    {
        var ns = await cluster.NewNamespaceAsync("moving");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        var first = await cluster.Shipyard.PushAsync($"{ns}/shop", "0a1b2c3", alsoAs: ["env-prod", "00feedback-env"]);
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{image}:env-prod", replicas: 0)
            + Manifests.Delivery(ns, "{name: shop}", "follow: {tag: {name: env-prod, versionPattern: '[0-9a-f]{7,40}'}}, interval: 2s"));
        await OutcomeAsync(ns, 1, "Succeeded", controller);

        var second = await cluster.Shipyard.PushAsync($"{ns}/shop", "4d5e6f7", alsoAs: ["env-prod"]);
        await OutcomeAsync(ns, 2, "Succeeded", controller);
        Assert.Equal($"{image}:4d5e6f7@{second}", await cluster.ImageAsync(ns, "deployment", "shop"));

        await cluster.Shipyard.PushAsync($"{ns}/shop", cluster.Shipyard.Build("0a1b2c3"), "env-prod");
        await OutcomeAsync(ns, 3, "Succeeded", controller);
        Assert.Equal($"{image}:0a1b2c3@{first}", await cluster.ImageAsync(ns, "deployment", "shop"));
    }

    [Fact]
    public async Task A_registry_with_a_login_is_read_with_the_workloads_and_the_service_accounts_pull_secrets()
    {
        if (TestEnvironment.BasicRegistry is not var (host, user, password))
        {
            Assert.Skip("there is no registry with a login here (SLIPWAY_BASIC_REGISTRY)");
            return;
        }

        var ns = await cluster.NewNamespaceAsync("login");
        using var yard = new Shipyard(host, new(user, password), cluster.Program);
        await yard.PushAsync($"{ns}/shop", "1.0.0");
        await cluster.KubectlAsync("create", "secret", "docker-registry", "regcred", "-n", ns, $"--docker-server={host}", $"--docker-username={user}", $"--docker-password={password}");
        await cluster.KubectlAsync("patch", "serviceaccount", "default", "-n", ns, "-p", "{\"imagePullSecrets\":[{\"name\":\"regcred\"}]}");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{host}/{ns}/shop:1.0.0", replicas: 0) + Manifests.Delivery(ns, "{name: shop}", "follow: {semver: {}}, interval: 2s"));
        await OutcomeAsync(ns, 1, "Succeeded", controller);

        await yard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded", controller);

        Assert.DoesNotContain(password, controller.Output, StringComparison.Ordinal);
    }

    private Task OutcomeAsync(string ns, long number, string outcome, RunningProcess controller, string delivery = "shop") => Eventually.TrueAsync(
        $"release {number} of {ns}/{delivery} ends as {outcome}",
        async () =>
        {
            var release = (await cluster.HistoryAsync(ns, delivery)).FirstOrDefault(release => release.Spec.Number == number);
            Assert.True(release?.Status?.Outcome is null or "Running" || release.Status.Outcome == outcome, $"{release?.Status}\n{controller.Output}");
            return release?.Status?.Outcome == outcome;
        },
        TimeSpan.FromMinutes(3),
        () => controller.Output);
}
