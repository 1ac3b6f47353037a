using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Telemetry;
using Slipway.Workloads;

namespace Slipway.Tests.Controllers;

public sealed class FollowedKindsTests
{
    private static readonly Target Web = new() { ApiVersion = "example.com/v1", Kind = "Plain", Name = "shop", ImagePaths = [new("spec.web", "Tag")] };
    private static readonly Target Worker = Web with { ImagePaths = [new("spec.worker", "Tag")] };

    [Theory]
    [InlineData("Plain", "{apiGroups: [\"example.com\"], resources: [plains], verbs: [get, list, watch, patch]}")]
    [InlineData("Job", "{apiGroups: [\"batch\"], resources: [jobs], verbs: [get, list, watch, create, delete]}")]
    public async Task A_right_that_is_missing_is_told_as_the_rule_to_add(string kind, string rule)
    {
        await using var world = await ControllerWorld.StartAsync(controller: false);
        await world.DefineAsync(CustomDefinitions.Plain);
        using var metrics = new SlipwayMetrics();
        using var connection = ClusterConnection.To(world.Sandbox.Api.Url, new ConnectionOptions { Metrics = metrics }, world.Sandbox.Api.AddUser("nobody"));
        await using var kinds = Kinds(connection, metrics);
        var target = kind == "Job" ? new Target { Kind = "Job", Name = "migrate", Recreate = "Always" } : Web;

        var problem = await world.UntilAsync("it is told", () => Task.FromResult(Follow(kinds, target).Problem));

        Assert.Contains(rule, problem, StringComparison.Ordinal);
        Assert.Contains("slipway.dev/aggregate-to-controller: \"true\"", problem, StringComparison.Ordinal);
        Assert.Null(Follow(kinds, target).Objects);
    }

    [Fact]
    public async Task A_kind_is_listed_anew_for_other_paths_with_those_of_all_and_forgotten_when_nobody_names_it()
    {
        await using var world = await ControllerWorld.StartAsync(controller: false);
        await world.DefineAsync(CustomDefinitions.Plain);
        await world.ApplyAsync(CustomDefinitions.Plain, "shop", System.Text.Json.Nodes.JsonNode.Parse("""{"spec":{"web":"1","worker":"2","other":"3"}}""")!.AsObject());
        using var metrics = new SlipwayMetrics();
        using var connection = ClusterConnection.To(world.Sandbox.Api.Url, new ConnectionOptions { Metrics = metrics }, world.Sandbox.Api.AdminToken);
        await using var kinds = Kinds(connection, metrics);
        var listed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        kinds.Listed = index => listed.TrySetResult(index);

        var first = Follow(kinds, Web);
        Assert.Equal("example.com/v1/Plain", await listed.Task);
        Assert.Same(first, Follow(kinds, Web));

        var second = Follow(kinds, Worker, Web, Worker);
        Assert.NotSame(first, second);
        Assert.Same(second, Follow(kinds, Web));
        var objects = await world.UntilAsync("both are known", () => Task.FromResult(second.Objects));
        Assert.Equal(["spec.web", "spec.worker"], objects.Get(new ObjectKey("default", "shop"))!.Custom!.Fields.Keys.Order());

        kinds.Forget("example.com/v1/Plain");
        Assert.NotSame(second, Follow(kinds, Web));
    }

    private static FollowedKinds Kinds(ClusterConnection connection, SlipwayMetrics metrics) => new(
        new ControllerContext(connection, null, TimeProvider.System, () => 0.5, metrics, NullLoggerFactory.Instance), new ValuePool(), NullLogger<FollowedKinds>.Instance);

    private static FollowedKind Follow(FollowedKinds kinds, Target target, params Target[] others) =>
        TargetKind.TryRead("", target, out var kind, out var problem) ? kinds.For(target, kind, () => others) : throw new ArgumentException($"{problem}");
}
