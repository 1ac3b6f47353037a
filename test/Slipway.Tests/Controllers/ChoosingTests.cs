using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;

namespace Slipway.Tests.Controllers;

/// <summary>What is chosen, and what holds it, from the registry to the workload.</summary>
public sealed class ChoosingTests
{
    [Fact]
    public async Task A_version_that_has_rested_ships_though_a_newer_one_overtook_it()
    {
        await using var world = await StartedAsync("""{"follow":{"semver":{}},"interval":"1s","minimumAge":"3s"}""");

        var first = await world.PushAsync("1.1.0");
        await CandidateAsync(world, "1.1.0");
        await world.PushAsync("1.2.0");

        var second = await ReleaseAsync(world, 2);
        var third = await ReleaseAsync(world, 3);
        Assert.Equal(("1.1.0", first), (second.Spec.Tag, second.Spec.Digest));
        Assert.Equal("1.2.0", third.Spec.Tag);
        await world.EndsAsync(3, "Succeeded");
        Assert.Null((await world.DeliveryAsync()).Status!.Resting);
    }

    [Fact]
    public async Task A_node_on_which_the_image_does_not_run_holds_it_and_lets_it_go_when_it_leaves()
    {
        await using var world = await StartedAsync("""{"follow":{"semver":{}},"interval":"1s"}""");
        await NodeAsync(world, "pi-1", "arm64");
        await world.PushAsync("1.1.0");

        var held = await HeldAsync(world, "PlatformMismatch");
        Assert.Contains("pi-1 (linux/arm64)", held.Message, StringComparison.Ordinal);
        Assert.Contains("has only linux/amd64", held.Message, StringComparison.Ordinal);

        await world.Any(ResourceTypes.Nodes).DeleteAsync(new ObjectKey("", "pi-1"), new(), TestContext.Current.CancellationToken);
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task A_node_that_joins_while_a_version_waits_is_heeded()
    {
        await using var world = await StartedAsync("""{"follow":{"semver":{}},"interval":"1h","minimumAge":"1h"}""", check: true);
        await HeldAsync(world, "TooYoung");

        await NodeAsync(world, "pi-1", "arm64");
        await HeldAsync(world, "PlatformMismatch");

        await world.Any(ResourceTypes.Nodes).DeleteAsync(new ObjectKey("", "pi-1"), new(), TestContext.Current.CancellationToken);
        await HeldAsync(world, "TooYoung");
    }

    [Fact]
    public async Task A_platform_that_the_spec_names_is_waited_for_whatever_nodes_there_are()
    {
        await using var world = await StartedAsync("""{"follow":{"semver":{}},"interval":"1s","platforms":["linux/amd64","linux/arm64"]}""");

        await world.PushAsync("1.1.0");

        var held = await HeldAsync(world, "PlatformMismatch");
        Assert.Contains("asks for linux/arm64", held.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calendar_versions_are_followed()
    {
        await using var world = await StartedAsync("""{"follow":{"calver":{"layout":"YYYY.0M.MICRO"}},"interval":"1s"}""", "2026.01.9");

        await world.PushAsync("2026.01.10");

        Assert.Equal("2026.01.10", (await world.EndsAsync(2, "Succeeded")).Spec.Tag);
    }

    [Fact]
    public async Task Times_are_written_as_Kubernetes_writes_them()
    {
        await using var world = await StartedAsync("""{"follow":{"semver":{}},"interval":"1s"}""");

        var raw = (await world.Any(ResourceTypes.Deliveries).GetAsync(new ObjectKey("default", "shop"), TestContext.Current.CancellationToken))!.Value;

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$", (string)raw["status"]!["candidate"]!["firstSeen"]!);
        Assert.All(raw["status"]!["conditions"]!.AsArray(), condition => Assert.Matches(@":\d\d(\.\d{3})?Z$", (string)condition!["lastTransitionTime"]!));
    }

    /// <param name="check">Whether a newer version is pushed too, and looked for.</param>
    private static async Task<ControllerWorld> StartedAsync(string source, string tag = "1.0.0", bool check = false)
    {
        var world = await ControllerWorld.StartAsync();
        await world.PushAsync(tag);
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, tag);
        await world.DeliverAsync(source: source);
        await world.EndsAsync(1, "Succeeded");
        if (check)
        {
            await world.PushAsync("1.1.0");
            await world.AnnotateAsync(ApiNames.CheckAnnotation, "now");
        }

        return world;
    }

    private static Task<HeldStatus> HeldAsync(ControllerWorld world, string reason) =>
        world.UntilAsync($"held for {reason}", async () => (await world.DeliveryAsync()).Status?.Held is { } held && held.Reason == reason ? held : null);

    private static Task<CandidateStatus> CandidateAsync(ControllerWorld world, string tag) =>
        world.UntilAsync($"{tag} is the candidate", async () => (await world.DeliveryAsync()).Status?.Candidate is { } candidate && candidate.Tag == tag ? candidate : null);

    private static Task<Release> ReleaseAsync(ControllerWorld world, long number) =>
        world.UntilAsync($"release {number}", async () => (await world.HistoryAsync()).FirstOrDefault(release => release.Spec.Number == number));

    private static async Task NodeAsync(ControllerWorld world, string name, string architecture) => await world.Any(ResourceTypes.Nodes).CreateAsync(null, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/os"] = "linux", ["kubernetes.io/arch"] = architecture } },
    }, default);
}
