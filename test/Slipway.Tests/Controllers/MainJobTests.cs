using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Tests.Controllers;

/// <summary>The main job, and what the first system of this kind got wrong at it: each of its failures is a test here.</summary>
public sealed class MainJobTests
{
    private static readonly (string, string) Crashes = (ImageBehaviour.CrashLabel, "exit 1");

    [Theory]
    [InlineData("Deployment", "deployments", "apps")]
    [InlineData("StatefulSet", "statefulsets", "apps")]
    [InlineData("DaemonSet", "daemonsets", "apps")]
    public async Task Of_each_kind_a_good_version_ships_and_a_bad_one_is_rolled_back_with_its_reason(string kind, string plural, string group)
    {
        var type = new ResourceType(group, "v1", plural, kind);
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(type, "1.0.0");
        await world.DeliverAsync($"[{{\"kind\":\"{kind}\",\"name\":\"shop\"}}]");
        await world.EndsAsync(1, "Succeeded");

        var good = await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{good}", await world.ImageAsync(type));

        await world.PushAsync("1.2.0", Crashes);
        var bad = await world.EndsAsync(3, "RolledBack");
        Assert.Equal("CrashLoopBackOff", bad.Status!.Reason);
        Assert.Equal(good, bad.Spec.Previous!.Digest);
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{good}", await world.ImageAsync(type));
        var ready = await world.ConditionAsync("Ready", "RolledBack");
        Assert.Equal("False", ready.Status);
    }

    [Theory]
    [InlineData("CronJob", "cronjobs", "batch")]
    [InlineData("Deployment", "deployments", "apps")]
    [InlineData("StatefulSet", "statefulsets", "apps")]
    public async Task With_no_pods_to_wait_for_a_version_succeeds(string kind, string plural, string group)
    {
        var type = new ResourceType(group, "v1", plural, kind);
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(type, "1.0.0", replicas: 0);
        await world.DeliverAsync($"[{{\"kind\":\"{kind}\",\"name\":\"shop\"}}]");
        await world.EndsAsync(1, "Succeeded");

        var digest = await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");

        Assert.EndsWith($":1.1.0@{digest}", await world.ImageAsync(type), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_never_becomes_ready_fails_at_its_deadline_and_is_rolled_back()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0");
        await world.DeliverAsync(more: "{\"progressDeadline\":\"2s\"}");
        await world.EndsAsync(1, "Succeeded");

        await world.PushAsync("1.1.0", (ImageBehaviour.NeverReadyLabel, "true"));

        Assert.Equal("ProgressDeadlineExceeded", (await world.EndsAsync(2, "RolledBack")).Status!.Reason);
        Assert.Contains(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_very_first_version_is_bad_there_is_nothing_to_go_back_to_and_the_workload_is_left_with_the_reason()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0", Crashes);
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0");
        await world.DeliverAsync(more: "{\"progressDeadline\":\"2s\"}");

        await world.EndsAsync(1, "Failed");
        var held = await world.ConditionAsync("Ready", "NothingToRollBackTo");

        Assert.Contains("slipway retry shop", held.Message, StringComparison.Ordinal);
        Assert.Contains("acme/shop:1.0.0@sha256:", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);

        // The way out that it names: a fixed version.
        await world.PushAsync("1.0.1");
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task An_image_without_a_tag_and_a_registry_with_a_port_are_taken_as_they_are()
    {
        await using var world = await ControllerWorld.StartAsync();
        var latest = await world.PushAsync("latest");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "latest");
        var image = world.Sandbox.Image("acme/shop", "latest").Replace(":latest", "", StringComparison.Ordinal);
        var container = new JsonObject { ["name"] = "web", ["image"] = image };
        await world.ApplyAsync(ResourceTypes.Deployments, "bare", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "bare" } },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "bare" } },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) },
                },
            },
        });
        await world.DeliverAsync("[{\"name\":\"bare\"}]", "{\"follow\":{\"tag\":{\"name\":\"latest\"}},\"interval\":\"1s\"}");

        Assert.Equal(latest, (await world.EndsAsync(1, "Succeeded")).Spec.Digest);
        var second = await world.PushAsync("latest", ("build", "2"));
        await world.EndsAsync(2, "Succeeded");
        Assert.Equal($"{image}:latest@{second}", await world.ImageAsync(ResourceTypes.Deployments, "bare"));
    }

    [Fact]
    public async Task A_moving_tag_gets_the_version_that_its_pattern_matches_as_a_whole_and_going_back_is_deliberate()
    {
        await using var world = await ControllerWorld.StartAsync();
        var first = new ImageBuilder().WithLabel("build", "1").Build();
        var second = new ImageBuilder().WithLabel("build", "2").Build();
        await world.Sandbox.PushAsync("acme/shop", first, TestContext.Current.CancellationToken, "env-prod", "00feedback-env", "0a1b2c3");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "env-prod", replicas: 1);
        await world.DeliverAsync(source: "{\"follow\":{\"tag\":{\"name\":\"env-prod\",\"versionPattern\":\"[0-9a-f]{7,40}\"}},\"interval\":\"1s\"}");
        await world.EndsAsync(1, "Succeeded");

        await world.Sandbox.PushAsync("acme/shop", second, TestContext.Current.CancellationToken, "4d5e6f7", "env-prod");
        await world.EndsAsync(2, "Succeeded");
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "4d5e6f7")}@{second.Digest}", await world.ImageAsync(ResourceTypes.Deployments));

        await world.Sandbox.PushAsync("acme/shop", first, TestContext.Current.CancellationToken, "env-prod");
        Assert.Equal("0a1b2c3", (await world.EndsAsync(3, "Succeeded")).Spec.Tag);
    }

    [Fact]
    public async Task The_same_digest_under_another_tag_is_not_a_new_release_and_a_vanished_tag_is_no_downgrade()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        var image = new ImageBuilder().WithLabel("build", "2").Build();
        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.0");
        await world.EndsAsync(2, "Succeeded");

        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.1");
        await world.UntilAsync("1.1.1 is seen", async () => (await world.DeliveryAsync()).Status!.Candidate is { Tag: "1.1.1" } seen ? seen : null);
        Assert.Equal(2, (await world.HistoryAsync()).Count);

        world.Sandbox.Registry.Content.Untag("acme/shop", "1.1.1");
        world.Sandbox.Registry.Content.Untag("acme/shop", "1.1.0");
        await world.UntilAsync("the pick is older", async () => (await world.DeliveryAsync()).Status!.Held is { Reason: "Downgrade" } held ? held : null);
        Assert.Equal(2, (await world.HistoryAsync()).Count);
        Assert.EndsWith(image.Digest, await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tools_stale_tag_is_put_right_and_a_persons_choice_is_kept_until_the_next_version()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        var digest = await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");

        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.UntilAsync("put right", async () => (await world.ImageAsync(ResourceTypes.Deployments)).EndsWith(digest, StringComparison.Ordinal) ? world : null);

        await SetImageAsync(world, "kubectl-set", "1.0.0");
        var drifted = await world.ConditionAsync("Ready", "Drifted");
        Assert.Contains("kubectl set", drifted.Message, StringComparison.Ordinal);
        Assert.EndsWith(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);

        await world.PushAsync("1.2.0");
        await world.EndsAsync(3, "Succeeded");
    }

    [Fact]
    public async Task Suspended_it_writes_nothing_and_says_what_waits()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(more: "{\"suspend\":true}");
        await world.PushAsync("1.1.0");

        var held = await world.UntilAsync("held", async () => (await world.DeliveryAsync()).Status?.Held is { Reason: "Suspended" } held && held.Message.Contains("1.1.0", StringComparison.Ordinal) ? held : null);
        Assert.Contains("slipway resume shop", held.Message, StringComparison.Ordinal);
        Assert.EndsWith(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);

        await world.DeliverAsync(more: "{\"suspend\":false}");
        await world.UntilAsync("shipped", async () => (await world.HistoryAsync()).FirstOrDefault(release => release is { Spec.Tag: "1.1.0", Status.Outcome: "Succeeded" }));
    }

    [Fact]
    public async Task A_person_goes_back_stays_there_and_resumes()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");

        await world.AnnotateAsync(ApiNames.RollbackAnnotation, "2026-01-01T00:00:00Z by ann");
        var back = await world.EndsAsync(3, "Succeeded");
        Assert.Equal(("Rollback", "ann", "1.0.0"), (back.Spec.Cause, back.Spec.By, back.Spec.Tag));

        await world.PushAsync("1.2.0");
        await world.UntilAsync("held", async () => (await world.DeliveryAsync()).Status is { Held.Reason: "ManualRollback", Candidate.Tag: "1.2.0" } status ? status : null);
        await world.AnnotateAsync(ApiNames.ResumeAnnotation, "2026-01-01T00:00:01Z by ann");
        Assert.Equal("1.2.0", (await world.EndsAsync(4, "Succeeded")).Spec.Tag);
    }

    [Fact]
    public async Task A_rejected_version_is_tried_again_only_when_asked_for()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        var digest = await world.PushAsync("1.1.0", Crashes);
        await world.EndsAsync(2, "RolledBack");
        await world.ConditionAsync("Ready", "RolledBack");

        await world.AnnotateAsync(ApiNames.RetryAnnotation, $"2026-01-01T00:00:00Z digest {digest} by ann");

        Assert.Equal(digest, (await world.EndsAsync(3, "RolledBack")).Spec.Digest);
    }

    private static Task SetImageAsync(ControllerWorld world, string manager, string tag)
    {
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = world.Sandbox.Image("acme/shop", tag) }) },
                },
            },
        };
        return StrategicPatch.SendAsync(world, ResourceTypes.Deployments, "shop", patch, manager);
    }
}
