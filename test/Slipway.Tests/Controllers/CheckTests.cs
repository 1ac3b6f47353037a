using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Kube;
using Slipway.Sandbox.Workloads.Nodes;
using Slipway.Tests.Traffic;

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

    [Fact]
    public async Task A_canary_whose_check_fails_goes_and_the_workload_was_never_touched()
    {
        await using var world = await ControllerWorld.StartAsync();
        await StartAsync(world, Canary(world), ("smoke", [(ImageBehaviour.CrashLabel, "exit 3")]));
        var before = (await world.FindAsync(ResourceTypes.Deployments, "shop"))!["spec"]!.ToJsonString();

        await world.PushAsync("1.1.0");
        var release = await world.UntilAsync("release 2 ends", async () => (await world.HistoryAsync()).FirstOrDefault(release => release.Spec.Number == 2 && release.Status?.FinishedAt is not null));
        await world.GoneAsync(ResourceTypes.Deployments, "shop-canary");

        // The Job fails whatever runs: after the way back too.
        Assert.Equal((Outcomes.RolledBack, Reasons.RollbackIneffective), (release.Status!.Outcome, release.Status.Reason));
        Assert.Equal(["1.0.0", "1.1.0"], await VersionsAsync(world));
        Assert.Equal(("smoke", "Failed", 0), release.Status.Checks!.Select(check => (check.Name, check.Verdict, check.Step)).First());
        Assert.Equal(before, (await world.FindAsync(ResourceTypes.Deployments, "shop"))!["spec"]!.ToJsonString());
        Assert.Contains("no containers run in the sandbox", release.Status.Checks![0].Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canary_whose_check_passes_is_promoted_and_its_job_was_told_who_it_is()
    {
        await using var world = await ControllerWorld.StartAsync();
        await StartAsync(world, Canary(world), ("smoke", [(ImageBehaviour.ExitAfterLabel, "1s")]));

        var digest = await world.PushAsync("1.1.0");
        await world.EndsAsync(2, Outcomes.Succeeded);

        var job = Assert.Single((await world.Any(ResourceTypes.Jobs).ListAsync(ListScope.All, TestContext.Current.CancellationToken)).Items).Value;
        var env = job["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().ToDictionary(one => (string)one!["name"]!, one => (string?)one!["value"]);
        Assert.Equal(("1.1.0", digest, "1.0.0", "http://shop-canary/"), (env["VERSION"], env["DIGEST"], env["PREVIOUS"], env["URL"]));
    }

    // What the Jobs were told, by version.
    private static async Task<IEnumerable<string?>> VersionsAsync(ControllerWorld world) =>
        (await world.Any(ResourceTypes.Jobs).ListAsync(ListScope.All, TestContext.Current.CancellationToken)).Items
            .Select(job => (string?)job.Value["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Single(one => (string?)one!["name"] == "VERSION")!["value"])
            .Order(StringComparer.Ordinal);

    private static string Canary(ControllerWorld world) => $$$"""
        {"strategy":{"canary":{"allowCoarse":true,"steps":[{"weight":25}],{{{SideWorld.Fast}}} } },
         "checks":[{"name":"smoke","job":{"image":"{{{world.Sandbox.Image("acme/smoke", "smoke")}}}","url":"http://{{ candidate.workload }}/"} }]}
        """;

    private static string Smoke(ControllerWorld world) => $$"""{"checks":[{"name":"smoke","when":"After","job":{"image":"{{world.Sandbox.Image("acme/smoke", "smoke")}}"} }]}""";

    private static async Task StartAsync(ControllerWorld world, string more, params (string Tag, (string, string)[] Labels)[] jobs)
    {
        foreach (var (tag, labels) in jobs)
        {
            await world.Sandbox.PushAsync("acme/smoke", tag, default, [.. labels]);
        }

        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 3);
        await world.ServiceAsync("shop", """{"app":"shop"}""");
        await world.DeliverAsync(more: more);
        await world.EndsAsync(1, Outcomes.Succeeded);
    }
}
