using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Tests.Controllers;

/// <summary>A Job cannot take another image: it is deleted and created anew, and whoever dies in between loses nothing.</summary>
public sealed class JobRecreationTests
{
    private const string Migrate = """[{"kind":"Job","name":"migrate","recreate":"WhenFinished"}]""";

    private static readonly (string, string) Ends = (ImageBehaviour.ExitAfterLabel, "300ms");
    private static readonly (string, string) Crashes = (ImageBehaviour.CrashLabel, "exit 1");

    /// <summary>As many writes as a rollout takes, from the first status to the last.</summary>
    public static TheoryData<int> Writes => [.. Enumerable.Range(1, 11)];

    [Fact]
    public async Task A_migration_runs_before_what_needs_it_and_its_failure_brings_the_version_before_back()
    {
        await using var world = await WithJobAsync("""[{"kind":"Job","name":"migrate","recreate":"WhenFinished"},{"name":"shop"}]""");
        await world.EndsAsync(1, "Succeeded");
        var first = (await JobAsync(world))!;

        var digest = await PushAsync(world, "1.1.0");
        await world.EndsAsync(2, "Succeeded");
        var second = (await JobAsync(world))!;
        Assert.NotEqual((string?)first["metadata"]!["uid"], (string?)second["metadata"]!["uid"]);
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", Image(second));
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", await world.ImageAsync(ResourceTypes.Deployments));
        Assert.Equal(("data", "kept", "2"), ((string?)second["metadata"]!["labels"]!["team"], (string?)second["metadata"]!["annotations"]!["note"], (string?)second["metadata"]!["annotations"]!["slipway.dev/release"]));
        Assert.Equal("1", $"{second["spec"]!["backoffLimit"]}");

        await PushAsync(world, "1.2.0", Crashes);
        var failed = await world.EndsAsync(3, "RolledBack");
        Assert.Equal("BackoffLimitExceeded", failed.Status!.Reason);
        Assert.Contains(":1.1.0@", Image((await JobAsync(world))!), StringComparison.Ordinal);
        Assert.Contains(":1.1.0@", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Killed_before_any_of_its_writes_and_started_again_it_comes_to_the_same_end(int write)
    {
        await using var world = await WithJobAsync(Migrate);
        await world.EndsAsync(1, "Succeeded");
        await world.ConditionAsync("Ready", "UpToDate");
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        world.Sandbox.Api.Faults = new FaultPlan
        {
            ErrorBefore = 1,
            Only = request =>
            {
                if (request.User != ControllerWorld.User || !request.IsWrite || request.Resource == "events" || (!killed.Task.IsCompleted && Interlocked.Increment(ref count) < write))
                {
                    return false;
                }

                // Dead: from here on nothing it asks for is done.
                killed.TrySetResult();
                return true;
            },
        };

        var digest = await PushAsync(world, "1.1.0");
        var ended = world.UntilAsync("it is over", async () => (await world.HistoryAsync()).FirstOrDefault(release => release is { Spec.Number: 2, Status.Outcome: "Succeeded" }));
        await Task.WhenAny(killed.Task, ended);
        await world.StopControllerAsync();
        world.Sandbox.Api.Faults = FaultPlan.None;
        world.StartController();

        await world.EndsAsync(2, "Succeeded");
        await world.ConditionAsync("Ready", "UpToDate");
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", Image((await JobAsync(world))!));
        Assert.Equal(2, (await world.HistoryAsync()).Count);
        Assert.Equal(1, world.Sandbox.Api.Requests.Records.Count(request => request is { User: ControllerWorld.User, Verb: "delete", Resource: "jobs", Code: 200 or 202 }));
    }

    [Fact]
    public async Task While_a_job_runs_the_next_version_waits_unless_it_is_asked_not_to()
    {
        await using var world = await WithJobAsync(Migrate);
        await world.EndsAsync(1, "Succeeded");
        await PushAsync(world, "1.1.0", (ImageBehaviour.ExitAfterLabel, "10m"));
        await world.UntilAsync("1.1.0 runs", async () => await JobAsync(world) is { } job && Image(job).Contains(":1.1.0@", StringComparison.Ordinal) ? job : null);

        await PushAsync(world, "1.2.0");
        var held = await world.UntilAsync("1.2.0 waits", async () => (await world.DeliveryAsync()).Status?.Held is { Reason: "TargetBusy" } busy ? busy : null);
        Assert.Contains("Job default/migrate is still running; 'recreate: Always' would end it", held.Message, StringComparison.Ordinal);
        Assert.Contains(":1.1.0@", Image((await JobAsync(world))!), StringComparison.Ordinal);

        await world.DeliverAsync("""[{"kind":"Job","name":"migrate","recreate":"Always"}]""");
        await world.EndsAsync(2, "Superseded");
        await world.EndsAsync(3, "Succeeded");
        Assert.Contains(":1.2.0@", Image((await JobAsync(world))!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"kind":"Job","name":"migrate"}]""", "UnsupportedKind", "'recreate: WhenFinished' has it deleted and created anew")]
    [InlineData("""[{"kind":"ReplicaSet","name":"migrate"}]""", "UnsupportedKind", "name the Deployment that owns it")]
    [InlineData("""[{"kind":"Pod","name":"migrate"}]""", "UnsupportedKind", "name the workload that owns it")]
    public async Task Without_being_asked_a_job_is_refused_and_what_is_not_updated_at_all_with_the_way_out(string targets, string reason, string says)
    {
        await using var world = await WithJobAsync(targets);

        var stalled = await world.ConditionAsync("Stalled", reason);

        Assert.Contains(says, stalled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_the_clock_deletes_is_refused_since_nothing_would_be_left_to_create_it_from()
    {
        await using var world = await WithJobAsync(Migrate, more: ""","ttlSecondsAfterFinished":3600""");

        var stalled = await world.ConditionAsync("Stalled", "JobVanishes");

        Assert.Contains("ttlSecondsAfterFinished", stalled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_would_not_create_is_not_deleted()
    {
        await using var world = await WithJobAsync(Migrate);
        await world.EndsAsync(1, "Succeeded");
        var before = (string?)(await JobAsync(world))!["metadata"]!["uid"];
        world.Sandbox.Api.Faults = new FaultPlan { ErrorBefore = 1, Only = request => request is { User: ControllerWorld.User, Verb: "create", Resource: "jobs" } };

        await PushAsync(world, "1.1.0");
        await world.UntilAsync("it was tried", async () => world.Log.Contains("cannot create Job (on trial)", StringComparison.Ordinal) ? await world.DeliveryAsync() : null);

        Assert.Equal(before, (string?)(await JobAsync(world))!["metadata"]!["uid"]);
        world.Sandbox.Api.Faults = FaultPlan.None;
        await world.EndsAsync(2, "Succeeded");
    }

    private static async Task<ControllerWorld> WithJobAsync(string targets, string more = "")
    {
        var world = await ControllerWorld.StartAsync();
        await PushAsync(world, "1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 0);
        await world.ApplyAsync(ResourceTypes.Jobs, "migrate", JsonNode.Parse($$"""
            {"metadata":{"labels":{"team":"data"},"annotations":{"note":"kept"} },"spec":{"backoffLimit":1{{more}},"template":{"spec":{"restartPolicy":"Never",
              "containers":[{"name":"migrate","image":"{{world.Sandbox.Image("acme/shop", "1.0.0")}}","args":["migrate"]}]} } } }
            """)!.AsObject());
        await world.DeliverAsync(targets);
        return world;
    }

    // The Job ends by itself; pods of the Deployment, which has the same image, would too, so it has none.
    private static Task<string> PushAsync(ControllerWorld world, string tag, params (string, string)[] labels) => world.PushAsync(tag, labels.Length == 0 ? [Ends] : labels);

    private static async Task<JsonObject?> JobAsync(ControllerWorld world) =>
        (await world.Any(ResourceTypes.Jobs).GetAsync(new ObjectKey("default", "migrate"), TestContext.Current.CancellationToken))?.Value;

    private static string Image(JsonObject job) => (string)job["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;
}
