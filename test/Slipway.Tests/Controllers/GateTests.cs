using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Tests.Controllers;

/// <summary>Each gate with the whole controller on the sandbox: it holds, <c>why</c> says so, and it lets go.</summary>
public sealed class GateTests
{
    private const string Source = """{"follow":{"semver":{}},"interval":"1s"}""";

    // Long enough that all members have seen the new version before the first one may start.
    private const string Rested = """{"follow":{"semver":{}},"interval":"1s","minimumAge":"3s"}""";

    private static async Task<ControllerWorld> RunningAsync(string more = "{}", string source = Source, TimeProvider? time = null, ConcurrencyLimits? limits = null, params string[] names)
    {
        var world = await ControllerWorld.StartAsync(controller: false);
        world.StartController(time ?? TimeProvider.System, limits ?? new());
        await world.PushAsync("1.0.0");
        foreach (var name in names is [] ? ["shop"] : names)
        {
            await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1, name);
            await world.DeliverAsync($$"""[{"name":"{{name}}"}]""", source, more, name);
        }

        foreach (var name in names is [] ? ["shop"] : names)
        {
            await world.EndsAsync(1, "Succeeded", name);
        }

        return world;
    }

    [Fact]
    public async Task A_version_waits_for_a_yes_and_starts_with_it()
    {
        await using var world = await RunningAsync("""{"approval":"Manual"}""");
        var digest = await world.PushAsync("1.1.0");
        var held = await world.HeldAsync("AwaitingApproval");

        Assert.Equal($"1.1.0 waits for a person's yes: 'slipway approve shop -n default --digest {digest}'", held.Message);
        var why = await world.WhyAsync();
        Assert.Contains("AwaitingApproval: 1.1.0 waits for a person's yes", why, StringComparison.Ordinal);
        Assert.Contains("'slipway approve shop' says yes, 'slipway reject shop' says no", why, StringComparison.Ordinal);

        await world.CliAsync(held.Message.Split('\'')[2].Split(' ')[1..]);

        await world.EndsAsync(2, "Succeeded");
        Assert.Equal((digest, "command-line"), (await world.DeliveryAsync()).Status!.Approvals!.Single() is var yes ? (yes.Digest, yes.From) : default);
    }

    [Fact]
    public async Task A_no_rejects_it_and_the_next_version_is_asked_about()
    {
        await using var world = await RunningAsync("""{"approval":"Manual"}""");
        await world.PushAsync("1.1.0");
        await world.HeldAsync("AwaitingApproval");

        await world.CliAsync("reject", "shop", "-n", "default", "--wait");

        Assert.Contains("Rejected: 1.1.0 was rejected (RejectedByPerson: ", await world.WhyAsync(), StringComparison.Ordinal);
        await world.PushAsync("1.2.0");
        Assert.StartsWith("1.2.0", (await world.HeldAsync("AwaitingApproval")).Message, StringComparison.Ordinal);
        Assert.Single(await world.HistoryAsync());
    }

    [Fact]
    public async Task One_word_approves_a_whole_group()
    {
        await using var world = await RunningAsync("""{"approval":"Manual","group":{"name":"train"}}""", names: ["shop", "cart"]);
        await world.PushAsync("1.1.0");
        await world.HeldAsync("AwaitingApproval");
        await world.HeldAsync("AwaitingApproval", "cart");

        var run = await world.CliAsync("approve", "--group", "train", "-n", "default");

        Assert.Equal(2, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await world.EndsAsync(2, "Succeeded");
        await world.EndsAsync(2, "Succeeded", "cart");
    }

    // 2026: in Paris and New York an hour is missing on 29 March and 8 March, on Lord Howe half of one on 4 October; in autumn Paris has 02:00 to 03:00 twice.
    [Theory]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-03-29T01:40:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("America/New_York", "30 2 * * *", "2026-03-08T01:40:00-05:00", "2026-03-08T03:00:00-04:00")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-04T01:40:00+10:30", "2026-10-04T02:30:00+11:00")]
    [InlineData("Europe/Paris", "0 2 * * *", "2026-10-25T02:40:00+02:00", "2026-10-25T02:00:00+01:00")]
    public async Task A_version_waits_for_its_window_over_a_change_of_the_clocks(string zone, string schedule, string waits, string opens)
    {
        var (before, opening) = (DateTimeOffset.Parse(waits, CultureInfo.InvariantCulture), DateTimeOffset.Parse(opens, CultureInfo.InvariantCulture));
        var time = new ShiftedTime(before);
        await using var world = await RunningAsync($$"""{"windows":[{"schedule":"{{schedule}}","duration":"30m","timeZone":"{{zone}}"}]}""", time: time);
        await world.PushAsync("1.1.0");
        var held = await world.HeldAsync("OutsideWindow");

        Assert.Equal(opening, held.Until);
        Assert.Contains(FormattableString.Invariant($"OutsideWindow: 1.1.0 waits: its window has not begun (spec.windows[0]: '{schedule}' for 30m, {zone}); it may go on at {opening:u}"), await world.WhyAsync(), StringComparison.Ordinal);

        time.Set(opening.AddSeconds(1));
        await world.AnnotateAsync("slipway.dev/check", "now");

        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task A_freeze_holds_everything_and_a_rollback_goes_through_it()
    {
        await using var world = await RunningAsync();
        await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");
        await world.CliAsync("freeze", "sale", "--reason", "summer sale", "--for", "48h", "--in", "def*");
        await world.PushAsync("1.2.0");
        var held = await world.HeldAsync("Frozen");

        Assert.Contains("summer sale", held.Message, StringComparison.Ordinal);
        Assert.NotNull(held.Until);
        Assert.Contains("'slipway unfreeze sale' ends it now", await world.WhyAsync(), StringComparison.Ordinal);
        Assert.Contains("summer sale", (await world.CliAsync("freeze", "list")).Out, StringComparison.Ordinal);

        await world.CliAsync("rollback", "shop", "-n", "default", "--to", "1");
        await world.EndsAsync(3, "Succeeded");
        Assert.EndsWith(":1.0.0", (await world.ImageAsync(ResourceTypes.Deployments)).Split('@')[0], StringComparison.Ordinal);

        await world.CliAsync("resume", "shop", "-n", "default");
        await world.HeldAsync("Frozen");
        await world.CliAsync("unfreeze", "sale");
        await world.EndsAsync(4, "Succeeded");
    }

    // An older install has no such kind, and a controller of one namespace no right to it.
    [Fact]
    public async Task Where_freezes_cannot_be_followed_it_is_said_once_and_all_else_goes_on()
    {
        await using var world = await ControllerWorld.StartAsync(controller: false);
        var definitions = world.Any(new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false));
        await definitions.DeleteAsync(new ObjectKey("", "freezes.slipway.dev"), new DeleteTerms(), TestContext.Current.CancellationToken);
        await world.UntilAsync("the kind is gone", async () => await definitions.GetAsync(new ObjectKey("", "freezes.slipway.dev"), TestContext.Current.CancellationToken) is null ? "gone" : null);
        world.StartController(TimeProvider.System, new ConcurrencyLimits());
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");

        Assert.Equal(2, world.Log.Split("Freezes are not followed").Length);
        Assert.Null(world.Controller!.NotFollowing());
    }

    [Fact]
    public async Task A_version_starts_after_another_delivery_has_run_it()
    {
        await using var world = await RunningAsync("""{"approval":"Manual"}""", names: ["staging"]);
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(more: """{"after":[{"delivery":"default/staging","healthyFor":"1s"}]}""");
        await world.EndsAsync(1, "Succeeded");
        await world.PushAsync("1.1.0");
        await world.HeldAsync("AwaitingDelivery");

        Assert.Contains("AwaitingDelivery: 1.1.0 waits for default/staging (spec.after): another image runs there", await world.WhyAsync(), StringComparison.Ordinal);

        await world.CliAsync("approve", "staging", "-n", "default");
        var staged = await world.EndsAsync(2, "Succeeded", "staging");
        var shipped = await world.EndsAsync(2, "Succeeded");

        Assert.True(shipped.Spec.StartedAt >= staged.Status!.FinishedAt!.Value.AddSeconds(1), $"{shipped.Spec.StartedAt:O} {staged.Status.FinishedAt:O}");
    }

    [Fact]
    public async Task Deliveries_that_wait_for_each_other_say_so()
    {
        await using var world = await RunningAsync(names: ["shop", "cart"]);
        await world.DeliverAsync(more: """{"after":[{"delivery":"cart"}]}""");
        await world.DeliverAsync("""[{"name":"cart"}]""", more: """{"after":[{"delivery":"shop"}]}""", name: "cart");
        await world.PushAsync("1.1.0");
        await world.HeldAsync("CircularAfter");

        Assert.Contains("default/shop waits for default/cart, which waits for default/shop", await world.WhyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_rollouts_are_under_way_than_are_allowed()
    {
        string[] names = ["a", "b", "c", "d", "e"];
        await using var world = await RunningAsync("""{"strategy":{"rolling":{"hold":"300ms"}}}""", limits: new ConcurrencyLimits(Cluster: 2, PerNamespace: 2), names: names);
        using var over = new CancellationTokenSource();
        var from = (await world.Deliveries.ListAsync(ListScope.All, over.Token)).ResourceVersion;
        var counting = MostAtOnceAsync(world, from, over.Token);
        await world.PushAsync("1.1.0");
        await Task.WhenAll(names.Select(name => world.EndsAsync(2, "Succeeded", name)));
        await over.CancelAsync();

        Assert.InRange(await counting, 1, 2);
    }

    // By the order in which the API server took the writes.
    private static async Task<int> MostAtOnceAsync(ControllerWorld world, string from, CancellationToken stopping)
    {
        var (running, most) = (new HashSet<ObjectKey>(), 0);
        try
        {
            await foreach (var change in world.Deliveries.WatchAsync(ListScope.All, from, stopping))
            {
                if (change is WatchEvent<Delivery>.Applied { Item: var item })
                {
                    _ = item.Value.Status?.Rollout is RolloutState.Advancing ? running.Add(item.Key) : running.Remove(item.Key);
                    most = Math.Max(most, running.Count);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // All have ended.
        }

        return most;
    }

    [Fact]
    public async Task A_group_switches_when_all_are_ready_and_in_order()
    {
        await using var world = await RunningAsync("""{"group":{"name":"train"}}""", Rested, names: ["api", "shop"]);
        await world.DeliverAsync(source: Rested, more: """{"group":{"name":"train","dependsOn":["api"]}}""");
        await world.PushAsync("1.1.0");

        var (api, shop) = (await world.EndsAsync(2, "Succeeded", "api"), await world.EndsAsync(2, "Succeeded"));

        Assert.True(api.Spec.StartedAt <= shop.Spec.StartedAt, "api switches first");
        Assert.True(api.Status!.FinishedAt >= shop.Spec.StartedAt, "api waits for shop before it has passed");
    }

    [Fact]
    public async Task When_a_member_fails_the_others_go_back_with_it_and_come_again_with_something_newer()
    {
        await using var world = await RunningAsync("""{"group":{"name":"train"},"progressDeadline":"6s"}""", Rested, names: ["api", "shop"]);
        await PauseAsync(world, true);
        await world.PushAsync("1.1.0");

        await world.EndsAsync(2, "RolledBack");
        var back = await world.EndsAsync(2, "RolledBack", "api");

        Assert.Equal("GroupFailed", back.Status!.Reason);
        Assert.Contains("shop of group train failed", (await world.HeldAsync("GroupFailed", "api")).Message, StringComparison.Ordinal);
        Assert.Contains("GroupFailed: 1.1.0 waits: shop of group train failed", await world.WhyAsync("api"), StringComparison.Ordinal);

        await PauseAsync(world, false);
        await world.PushAsync("1.2.0");
        await world.EndsAsync(3, "Succeeded");
        await world.EndsAsync(3, "Succeeded", "api");
    }

    // A paused Deployment never makes progress.
    private static async Task PauseAsync(ControllerWorld world, bool paused) => await world.Any(ResourceTypes.Deployments).MergePatchAsync(
        new ObjectKey("default", "shop"), new JsonObject { ["spec"] = new JsonObject { ["paused"] = paused } }, TestContext.Current.CancellationToken);
}
