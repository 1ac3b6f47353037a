using System.Text;
using Slipway.Images;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class PodLifeTests
{
    private static async Task<World> WithPodAsync(string spec = "", params (string, string)[] labels)
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0", labels);
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0")), spec));
        return world;
    }

    private static System.Text.Json.Nodes.JsonObject P(World world) => world.Get(Known.Pods, "p");

    [Fact]
    public async Task A_pod_is_placed_pulled_started_and_ready_in_that_order()
    {
        await using var world = await WithPodAsync();
        Assert.Equal(("Pending", "ContainerCreating"), (P(world).Text("status", "phase"), P(world).Waiting()));
        Assert.Equal("sandbox-1", P(world).Text("spec", "nodeName"));

        await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal("Running", P(world).Text("status", "phase"));
        Assert.Equal("False/ContainersNotReady", P(world).Condition("Ready"));
        Assert.Equal("containers with unready status: [web]", P(world).ConditionMessage("Ready"));

        await world.AdvanceAsync(TimeSpan.FromMilliseconds(200));
        Assert.All((string[])["PodScheduled", "Initialized", "ContainersReady", "Ready"], type => Assert.Equal("True/", P(world).Condition(type)));
        Assert.Equal(("10.0.0.1", "10.244.0.3"), (P(world).Text("status", "hostIP"), P(world).Text("status", "podIP")));
        Assert.True(P(world).Status().Flag("ready"));
    }

    [Fact]
    public async Task The_image_id_is_the_repository_with_the_digest_that_the_tag_has()
    {
        await using var world = await World.StartAsync();
        var digest = await world.PushAsync("1.0");
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal($"{world.Registry.Address}/shop@{digest}", P(world).Status().Text("imageID"));
        Assert.Equal(world.Image("1.0"), P(world).Status().Text("image"));
    }

    [Fact]
    public async Task Of_an_index_the_node_runs_its_own_platform_and_reports_the_index()
    {
        await using var world = await World.StartAsync(new WorkloadOptions { Nodes = [new SandboxNode("arm") { Architecture = "arm64" }] });
        var index = BuiltImage.Index(
            new ImageBuilder().WithLabel(ImageBehaviour.NeverReadyLabel, "true").Build(),
            new ImageBuilder { Platform = new Platform("linux", "arm64") }.Build());
        await world.PushAsync("shop", "1.0", index);
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.True(P(world).IsTrue("Ready"));
        Assert.EndsWith($"@{index.Digest}", P(world).Status().Text("imageID"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_without_the_nodes_platform_cannot_be_pulled()
    {
        await using var world = await World.StartAsync(new WorkloadOptions { Nodes = [new SandboxNode("arm") { Architecture = "arm64" }] });
        await world.PushAsync("shop", "1.0", BuiltImage.Index(new ImageBuilder().Build()));
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0"))));

        Assert.Equal("ErrImagePull", P(world).Waiting());
        Assert.Contains("no match for platform in manifest", P(world).Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_for_another_machine_crashes()
    {
        await using var world = await World.StartAsync(new WorkloadOptions { Nodes = [new SandboxNode("arm") { Architecture = "arm64" }] });
        await world.PushAsync("1.0");
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("CrashLoopBackOff", P(world).Waiting());
        Assert.Equal((255, "exec format error"), (P(world).Status().Number("lastState", "terminated", "exitCode"), P(world).Status().Text("lastState", "terminated", "message")));
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_pulled_again_with_growing_pauses_until_it_is()
    {
        await using var world = await World.StartAsync();
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0"))));
        Assert.Equal("ErrImagePull", P(world).Waiting());
        Assert.Equal(
            $"rpc error: code = NotFound desc = failed to pull and unpack image \"{world.Image("1.0")}\": failed to resolve reference \"{world.Image("1.0")}\": {world.Image("1.0")}: not found",
            P(world).Status().Text("state", "waiting", "message"));

        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("ImagePullBackOff", P(world).Waiting());
        Assert.Equal($"Back-off pulling image \"{world.Image("1.0")}\"", P(world).Status().Text("state", "waiting", "message"));
        Assert.Equal("Pending", P(world).Text("status", "phase"));

        // 10, 30 and 70 seconds after the first attempt.
        await world.AdvanceAsync(TimeSpan.FromSeconds(74));
        Assert.Equal(4, world.Registry.Log.Count(RequestKind.Manifest, "shop"));
        await world.PushAsync("1.0");
        await world.UntilAsync(() => P(world).IsTrue("Ready"), limitSeconds: 100);
    }

    [Fact]
    public async Task A_tag_that_is_on_the_node_is_not_pulled_again_unless_it_must_be()
    {
        await using var world = await WithPodAsync();
        await world.CreateAsync(Known.Pods, Pod("q", Container(world.Image("1.0"))));
        Assert.Equal(1, world.Registry.Log.Count(RequestKind.Manifest, "shop", "GET"));

        await world.CreateAsync(Known.Pods, Pod("r", Container(world.Image("1.0")).Replace("}", ""","imagePullPolicy":"Always"}""", StringComparison.Ordinal)));
        Assert.Equal(2, world.Registry.Log.Count(RequestKind.Manifest, "shop", "GET"));
    }

    [Fact]
    public async Task Pods_that_start_together_pull_once_for_their_node()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        world.Registry.Log.Clear();

        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":5", Container(world.Image("1.0"))));

        Assert.Equal(1, world.Registry.Log.Count(RequestKind.Manifest));
    }

    [Theory]
    [InlineData("shop:", "InvalidImageName")]
    [InlineData("Shop/Web:1", "InvalidImageName")]
    public async Task What_is_no_reference_is_an_invalid_name(string image, string reason)
    {
        await using var world = await World.StartAsync();
        await world.CreateAsync(Known.Pods, Pod("p", Container(image)));

        Assert.Equal(reason, P(world).Waiting());
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(reason, P(world).Waiting());
    }

    [Fact]
    public async Task A_pull_policy_of_never_pulls_never()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        world.Registry.Log.Clear();
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0")).Replace("}", ""","imagePullPolicy":"Never"}""", StringComparison.Ordinal)));

        Assert.Equal("ErrImageNeverPull", P(world).Waiting());
        Assert.Equal(0, world.Registry.Log.Count());
    }

    [Fact]
    public async Task A_private_image_needs_a_pull_secret()
    {
        await using var world = await World.StartAsync(registry: new SandboxRegistryOptions { Auth = new RegistryAuth.Bearer(new RegistryAccount("node", "pw")) });
        var image = new ImageBuilder().Build();
        using var login = new RegistryConnection(world.Registry.Url, new RegistryLogin("node", "pw"));
        await new ImagePusher(login).PushAsync("shop", image, TestContext.Current.CancellationToken, "1.0");
        var auth = Convert.ToBase64String("node:pw"u8);
        var config = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"auths":{"{{world.Registry.Address}}":{"auth":"{{auth}}"} } }"""));
        await world.CreateAsync(Known.Secrets, $$"""{"metadata":{"name":"regcred","namespace":"default"},"data":{".dockerconfigjson":"{{config}}"} }""");

        await world.CreateAsync(Known.Pods, Pod("without", Container(world.Image("1.0"))));
        await world.CreateAsync(Known.Pods, Pod("with", Container(world.Image("1.0")), "\"imagePullSecrets\":[{\"name\":\"regcred\"}]"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Contains("authorization failed", world.Events("without").Single(told => told.StartsWith("Failed", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.True(world.Get(Known.Pods, "with").IsTrue("Ready"));
    }

    [Fact]
    public async Task A_registry_that_stalls_is_given_up_after_the_deadline()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        world.Registry.Faults.Add(new RegistryFault.Stalling(), new FaultMatch(RequestKind.Manifest, Method: "GET"));
        world.Store.Create(Known.Pods, JsonTree.ParseObject(Pod("p", Container(world.Image("1.0")))));
        await world.Time.WhenAwaitedAsync(TestContext.Current.CancellationToken);

        world.Time.Advance(TimeSpan.FromSeconds(30));
        await world.SettleAsync();

        Assert.Contains("DeadlineExceeded", P(world).Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_pins_the_bytes()
    {
        await using var world = await World.StartAsync();
        var digest = await world.PushAsync("1.0");
        world.Registry.Faults.Add(new RegistryFault.WrongBytes(), new FaultMatch(RequestKind.Manifest, Method: "GET"));
        await world.CreateAsync(Known.Pods, Pod("p", Container($"{world.Registry.Address}/shop@{digest}")));

        Assert.Equal("ErrImagePull", P(world).Waiting());
        Assert.Contains("unexpected commit digest", P(world).Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_can_be_found_behind_a_mirror()
    {
        await using var registry = await SandboxRegistry.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var mirrors = new WorkloadOptions().Mirrors.Add("ghcr.io", registry.Url);
        await using var world = await World.StartAsync(new WorkloadOptions { Mirrors = mirrors });
        using var connection = new RegistryConnection(registry.Url);
        var digest = await new ImagePusher(connection).PushAsync("acme/shop", new ImageBuilder().Build(), TestContext.Current.CancellationToken, "1.0");

        await world.CreateAsync(Known.Pods, Pod("p", Container("ghcr.io/acme/shop:1.0")));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal($"ghcr.io/acme/shop@{digest}", P(world).Status().Text("imageID"));
    }

    [Fact]
    public async Task A_crashing_container_is_restarted_at_once_and_then_with_growing_pauses()
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.CrashLabel, "exit 3"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(("Running", "CrashLoopBackOff", 1), (P(world).Text("status", "phase"), P(world).Waiting(), P(world).Status().Number("restartCount")));
        Assert.StartsWith("back-off 10s restarting failed container=web", P(world).Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
        Assert.Equal((3, "Error"), (P(world).Status().Number("lastState", "terminated", "exitCode"), P(world).Status().Text("lastState", "terminated", "reason")));

        await world.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, P(world).Status().Number("restartCount"));
        Assert.StartsWith("back-off 20s", P(world).Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
        await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        Assert.StartsWith("back-off 5m0s", P(world).Status().Text("state", "waiting", "message"), StringComparison.Ordinal);
        Assert.Contains(world.Events("p"), told => told.StartsWith("BackOff: Back-off restarting failed container web in pod p_default", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_can_crash_after_it_was_ready()
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.CrashAfterLabel, "5s"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.True(P(world).IsTrue("Ready"));

        await world.AdvanceAsync(TimeSpan.FromSeconds(1.1));

        Assert.False(P(world).IsTrue("Ready"));
        Assert.Equal(1, P(world).Status().Number("lastState", "terminated", "exitCode"));
    }

    [Theory]
    [InlineData("2s", 2_000, false)]
    [InlineData("2s", 2_100, true)]
    [InlineData("50ms", 150, true)]
    public async Task An_image_says_when_it_is_ready(string after, int milliseconds, bool ready)
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.ReadyAfterLabel, after));

        await world.AdvanceAsync(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(ready, P(world).IsTrue("Ready"));
    }

    [Fact]
    public async Task An_image_can_run_and_never_be_ready()
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.NeverReadyLabel, "true"));
        await world.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(("Running", false), (P(world).Text("status", "phase"), P(world).IsTrue("Ready")));
    }

    [Fact]
    public async Task An_image_can_stop_being_ready()
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.UnreadyAfterLabel, "10s"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.True(P(world).IsTrue("Ready"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.False(P(world).IsTrue("Ready"));
    }

    [Fact]
    public async Task A_container_without_its_configuration_waits_with_that_message()
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.ConfigErrorLabel, "secret \"db\" not found"));

        Assert.Equal(("CreateContainerConfigError", "secret \"db\" not found"), (P(world).Waiting(), P(world).Status().Text("state", "waiting", "message")));
    }

    [Fact]
    public async Task The_rate_of_errors_is_shown_on_the_pod()
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.ErrorRateLabel, "0.05"));

        Assert.Equal("0.05", P(world).Annotation(ImageBehaviour.ErrorRateLabel));
    }

    [Fact]
    public async Task Init_containers_run_one_after_the_other_before_the_others()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.PushAsync("init", "1.0", (ImageBehaviour.ExitAfterLabel, "1s"));
        var init = $"\"initContainers\":[{Container(world.Image("1.0", "init"), "a")},{Container(world.Image("1.0", "init"), "b")}]";
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0")), init));
        Assert.Equal(("False/ContainersNotInitialized", "PodInitializing"), (P(world).Condition("Initialized"), P(world).Waiting()));
        Assert.Equal("containers with incomplete status: [a b]", P(world).ConditionMessage("Initialized"));

        await world.AdvanceAsync(TimeSpan.FromSeconds(1.2));
        var statuses = P(world).Objects("status", "initContainerStatuses").ToArray();
        Assert.Equal("Completed", statuses[0].Text("state", "terminated", "reason"));
        Assert.NotEqual("", statuses[1].Text("state", "running", "startedAt"));
        await world.UntilAsync(() => P(world).IsTrue("Ready"));

        Assert.Equal("True/", P(world).Condition("Initialized"));
    }

    [Fact]
    public async Task An_init_container_that_fails_is_tried_again_and_holds_the_others()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.PushAsync("init", "1.0", (ImageBehaviour.CrashLabel, "exit 1"));
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0")), $"\"initContainers\":[{Container(world.Image("1.0", "init"), "a")}]"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("CrashLoopBackOff", P(world).Objects("status", "initContainerStatuses").Single().Text("state", "waiting", "reason"));
        Assert.Equal(("Pending", "PodInitializing"), (P(world).Text("status", "phase"), P(world).Waiting()));
    }

    [Theory]
    [InlineData("Never", "exit 2", "Failed")]
    [InlineData("Never", null, "Succeeded")]
    [InlineData("OnFailure", null, "Succeeded")]
    [InlineData("OnFailure", "exit 2", "Running")]
    public async Task A_pod_that_is_not_restarted_ends(string policy, string? crash, string phase)
    {
        await using var world = await WithPodAsync($"\"restartPolicy\":\"{policy}\"", crash is null ? [] : [(ImageBehaviour.CrashLabel, crash)]);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(phase, P(world).Text("status", "phase"));
    }

    [Theory]
    [InlineData("1s", 900, false)]
    [InlineData("1s", 1_000, true)]
    [InlineData("1h", 29_000, false)]
    [InlineData("1h", 30_000, true)]
    public async Task A_deleted_pod_goes_when_its_containers_have_ended_or_the_grace_period_has(string stopAfter, int milliseconds, bool gone)
    {
        await using var world = await WithPodAsync("", (ImageBehaviour.StopAfterLabel, stopAfter));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        await world.DeleteAsync(Known.Pods, "p");
        Assert.True(P(world).IsBeingDeleted());
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(gone, world.Pods is []);
    }

    [Fact]
    public async Task Everything_on_a_node_is_faster_by_the_speed_and_what_an_image_says_is_not()
    {
        await using var world = await World.StartAsync(new WorkloadOptions { Speed = 10 });
        await world.PushAsync("1.0");
        await world.PushAsync("slow", (ImageBehaviour.ReadyAfterLabel, "300ms"));
        await world.CreateAsync(Known.Pods, Pod("p", Container(world.Image("1.0"))));
        await world.CreateAsync(Known.Pods, Pod("q", Container(world.Image("slow"))));

        await world.AdvanceAsync(TimeSpan.FromMilliseconds(30));
        Assert.True(P(world).IsTrue("Ready"));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(270));
        Assert.False(world.Get(Known.Pods, "q").IsTrue("Ready"));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.True(world.Get(Known.Pods, "q").IsTrue("Ready"));
    }

    [Fact]
    public async Task A_sandbox_that_has_settled_waits_for_no_instant_and_writes_nothing()
    {
        await using var world = await WithPodAsync();
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":3", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        var version = world.Store.Version;
        world.Registry.Log.Clear();

        await world.AdvanceAsync(TimeSpan.FromHours(24));

        Assert.Equal((version, 0L), (world.Store.Version, world.Registry.Log.Count()));
        Assert.Null(world.Time.NextDue);
    }
}
