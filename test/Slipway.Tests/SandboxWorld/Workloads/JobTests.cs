using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class JobTests
{
    private static async Task<World> WithJobAsync(string spec, string policy, params (string, string)[] labels)
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0", labels);
        await world.CreateAsync(Known.Jobs, Workload("job", spec, Container(world.Image("1.0")), $"\"restartPolicy\":\"{policy}\""));
        return world;
    }

    private static JsonObject Job(World world) => world.Get(Known.Jobs, "job");

    [Fact]
    public async Task It_is_complete_when_its_pod_has_ended_well()
    {
        await using var world = await WithJobAsync("", "Never", (ImageBehaviour.ExitAfterLabel, "2s"));
        Assert.Equal((1, 0), (Job(world).Stat("active"), Job(world).Stat("succeeded")));

        await world.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal((0, 1, "True/CompletionsReached"), (Job(world).Stat("active"), Job(world).Stat("succeeded"), Job(world).Condition("Complete")));
        Assert.Equal(("2026-01-01T12:00:00Z", "2026-01-01T12:00:02Z"), (Job(world).Text("status", "startTime"), Job(world).Text("status", "completionTime")));
        Assert.Equal("job", world.Pods.Single().Label("job-name"));
    }

    [Fact]
    public async Task Without_a_selector_it_gets_one_of_its_own()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.CreateAsync(Known.Jobs, $$"""
            {"metadata":{"name":"job","namespace":"default"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{{Container(world.Image("1.0"))}}]} } } }
            """);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("True/CompletionsReached", Job(world).Condition("Complete"));
        Assert.Equal(Job(world).Uid(), world.Pods.Single().Label("batch.kubernetes.io/controller-uid"));
    }

    [Fact]
    public async Task It_runs_so_many_at_a_time_until_so_many_have_succeeded()
    {
        await using var world = await WithJobAsync("\"completions\":3,\"parallelism\":2", "Never", (ImageBehaviour.ExitAfterLabel, "1s"));
        Assert.Equal(2, Job(world).Stat("active"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1.1));
        Assert.Equal((1, 2), (Job(world).Stat("active"), Job(world).Stat("succeeded")));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((3, "True/CompletionsReached"), (Job(world).Stat("succeeded"), Job(world).Condition("Complete")));
    }

    [Fact]
    public async Task It_fails_when_its_pods_failed_too_often()
    {
        await using var world = await WithJobAsync("\"backoffLimit\":1", "Never", (ImageBehaviour.CrashLabel, "exit 1"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((2, "True/BackoffLimitExceeded"), (Job(world).Stat("failed"), Job(world).Condition("Failed")));
        Assert.Equal(2, world.Pods.Length);
    }

    [Fact]
    public async Task It_fails_at_its_deadline_and_its_pods_end()
    {
        await using var world = await WithJobAsync("\"activeDeadlineSeconds\":5", "Never", (ImageBehaviour.ExitAfterLabel, "1h"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal("True/DeadlineExceeded", Job(world).Condition("Failed"));
        Assert.Empty(world.Pods);
    }

    [Fact]
    public async Task Suspended_it_runs_nothing()
    {
        await using var world = await WithJobAsync("\"suspend\":true", "Never");
        Assert.Empty(world.Pods);

        await world.ChangeAsync(Known.Jobs, "job", job => job["spec"]!["suspend"] = false);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("True/CompletionsReached", Job(world).Condition("Complete"));
    }
}
