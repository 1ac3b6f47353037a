using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Kube;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Tests.Controllers;

/// <summary>Checks of a rolling update, from the spec to the Release, by the whole controller on the sandbox.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task A_new_version_passes_once_its_checks_have()
    {
        await using var world = await ControllerWorld.StartAsync();
        await StartAsync(world, Smoke(world), ("smoke", [(ImageBehaviour.ExitAfterLabel, "1s")]));

        await world.PushAsync("1.1.0");
        var release = await world.EndsAsync(2, Outcomes.Succeeded);

        var smoke = Assert.Single(release.Status!.Checks!);
        Assert.Equal(("smoke", "Passed", 1), (smoke.Name, smoke.Verdict, smoke.Passed));
    }

    [Fact]
    public async Task A_check_that_fails_takes_the_new_version_back()
    {
        await using var world = await ControllerWorld.StartAsync();
        await StartAsync(world, Smoke(world), ("smoke", [(ImageBehaviour.CrashLabel, "exit 3")]));

        await world.PushAsync("1.1.0");
        var release = await world.UntilAsync("release 2 ends", async () => (await world.HistoryAsync()).FirstOrDefault(release => release.Spec.Number == 2 && release.Status?.FinishedAt is not null));

        Assert.NotEqual(Outcomes.Succeeded, release.Status!.Outcome);
        Assert.Contains("smoke", release.Status.Message, StringComparison.Ordinal);
        Assert.Contains(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_used_by_name_and_where_it_is_missing_nothing_starts()
    {
        await using var world = await ControllerWorld.StartAsync();
        await StartAsync(world, """{"checks":[{"name":"smoke","template":{"name":"smoke","args":{"tag":"smoke"}}}]}""", ("smoke", [(ImageBehaviour.ExitAfterLabel, "1s")]));

        await world.PushAsync("1.1.0");
        var held = await world.UntilAsync("it is held", async () => (await world.DeliveryAsync()).Status?.Held);
        Assert.Equal(Reasons.CheckUnusable, held.Reason);
        Assert.Contains("there is no ClusterCheck smoke", held.Message, StringComparison.Ordinal);

        await world.Any(ResourceTypes.ClusterChecks).CreateAsync(null, new JsonObject
        {
            ["apiVersion"] = ApiNames.ApiVersion,
            ["kind"] = ApiNames.ClusterCheckKind,
            ["metadata"] = new JsonObject { ["name"] = "smoke" },
            ["spec"] = new JsonObject
            {
                ["args"] = new JsonArray(new JsonObject { ["name"] = "tag" }),
                ["job"] = new JsonObject { ["image"] = world.Sandbox.Image("acme/smoke", "x").Replace(":x", ":{{ args.tag }}", StringComparison.Ordinal) },
                ["when"] = "After",
            },
        }, TestContext.Current.CancellationToken);
        await world.AnnotateAsync(ApiNames.CheckAnnotation, "2026-01-01T00:00:00Z");

        var release = await world.EndsAsync(2, Outcomes.Succeeded);
        Assert.Equal("Passed", Assert.Single(release.Status!.Checks!).Verdict);
    }

    private static string Smoke(ControllerWorld world) => $$"""{"checks":[{"name":"smoke","when":"After","job":{"image":"{{world.Sandbox.Image("acme/smoke", "smoke")}}"} }]}""";

    private static async Task StartAsync(ControllerWorld world, string more, params (string Tag, (string, string)[] Labels)[] jobs)
    {
        foreach (var (tag, labels) in jobs)
        {
            await world.Sandbox.PushAsync("acme/smoke", tag, default, [.. labels]);
        }

        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0");
        await world.DeliverAsync(more: more);
        await world.EndsAsync(1, Outcomes.Succeeded);
    }
}
