using System.Globalization;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>What is left of a controller that is killed, stopped or not alone.</summary>
[Collection(RealCluster.Name)]
public sealed class CrashTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int Kills = 50;

    // Two versions in three run: rollouts and rollbacks are both under way when the kill comes.
    private const int OneInIsBad = 3;

    [Fact]
    public async Task Killed_at_any_moment_it_comes_to_the_same_end()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        var ns = await cluster.NewNamespaceAsync("kill");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{image}:1.0.0", replicas: 2) + Manifests.Delivery(ns, "{name: shop}", "follow: {semver: {}}, interval: 2s"));
        await Eventually.TrueAsync("adopted", async () => (await cluster.HistoryAsync(ns, "shop")).Count == 1);

        var draw = Draws(seed: 20261123);
        var (pushed, good) = (new List<string>(), "1.0.0");
        for (var kill = 1; kill <= Kills; kill++)
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"1.0.{kill}");
            var bad = kill % OneInIsBad == 0;
            pushed.Add(await cluster.Shipyard.PushAsync($"{ns}/shop", version, crashes: bad));
            good = bad ? good : version;

            // From the first moment after the push to well after a rollout has ended.
            await Task.Delay(TimeSpan.FromMilliseconds(draw() * (bad ? 5000 : 3000)), TimeProvider.System, TestContext.Current.CancellationToken);
            await controller.KillAsync();
            await controller.DisposeAsync();

            // How long a dead leader's Lease holds the next one off is another test's matter; here it would only take an hour.
            await cluster.KubectlAsync("delete", "lease", "slipway-controller", "-n", "slipway-system", "--ignore-not-found");
            controller = ControllerProcess.Start();
            await Eventually.TrueAsync($"{version} has ended", async () => (await EndedAsync(ns)).Contains(version), TimeSpan.FromMinutes(3), () => controller.Output);
        }

        await controller.DisposeAsync();
        var history = await cluster.HistoryAsync(ns, "shop");
        Assert.Equal(Enumerable.Range(1, Kills + 1).Select(number => (long)number), history.Select(release => release.Spec.Number));
        Assert.Equal(pushed, history.Skip(1).Select(release => release.Spec.Digest));
        Assert.All(history.Skip(1), release => Assert.Equal(int.Parse(release.Spec.Tag!.Split('.')[2], CultureInfo.InvariantCulture) % OneInIsBad == 0 ? "RolledBack" : "Succeeded", release.Status!.Outcome));
        Assert.StartsWith($"{image}:{good}@", await cluster.ImageAsync(ns, "deployment", "shop"), StringComparison.Ordinal);
        output.WriteLine($"{Kills} kills, {history.Count} Releases, none twice, none lost; {good} runs");
    }

    [Fact]
    public async Task A_second_controller_writes_nothing_and_takes_over_when_the_first_is_killed()
    {
        Assert.SkipWhen(TestEnvironment.AuditLog is null, "this cluster does not show its audit log");
        var ns = await cluster.NewNamespaceAsync("two");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        var first = await ControllerProcess.StartReadyAsync();
        const int SecondPort = 18189;
        await using var second = await ControllerProcess.StartReadyAsync(SecondPort, leads: false);
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{image}:1.0.0", replicas: 0) + Manifests.Delivery(ns, "{name: shop}", "follow: {semver: {}}, interval: 2s"));
        await Eventually.TrueAsync("adopted", async () => (await cluster.HistoryAsync(ns, "shop")).Count == 1);
        for (var push = 1; push <= 5; push++)
        {
            await cluster.Shipyard.PushAsync($"{ns}/shop", string.Create(CultureInfo.InvariantCulture, $"1.0.{push}"));
            await Eventually.TrueAsync("shipped", async () => (await EndedAsync(ns)).Contains(string.Create(CultureInfo.InvariantCulture, $"1.0.{push}")));
        }

        Assert.DoesNotContain("→", second.Output, StringComparison.Ordinal);
        await first.KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        await first.DisposeAsync();
        await ControllerProcess.ReadyAsync(second, SecondPort);
        output.WriteLine($"took over {TimeProvider.System.GetElapsedTime(killed).TotalSeconds:0.0} s after the leader was killed");
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await Eventually.TrueAsync("the second ships", async () => (await EndedAsync(ns)).Contains("1.1.0"), evidence: () => second.Output);
        Assert.Equal(7, (await cluster.HistoryAsync(ns, "shop")).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Asked_to_stop_it_ends_in_good_order_and_gives_the_lease_back(bool terminate)
    {
        var controller = await ControllerProcess.StartReadyAsync();
        if (terminate)
        {
            controller.Terminate();
        }
        else
        {
            controller.Interrupt();
        }

        await controller.ExitedAsync(TimeSpan.FromSeconds(25));
        Assert.True(controller.ExitCode == 0, controller.Output);

        // Not after the lease's fifteen seconds: at once.
        var holder = await cluster.KubectlAsync("get", "lease", "slipway-controller", "-n", "slipway-system", "-o", "jsonpath={.spec.holderIdentity}");
        Assert.Equal("", holder.Trim());
        await controller.DisposeAsync();
    }

    [Fact]
    public async Task Stopped_in_the_middle_of_a_rollout_the_next_one_finishes_it()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        var ns = await cluster.NewNamespaceAsync("stop");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{image}:1.0.0", replicas: 3) + Manifests.Delivery(ns, "{name: shop}", "follow: {semver: {}}, interval: 2s", "strategy: {rolling: {hold: 5s}}"));
        await Eventually.TrueAsync("adopted", async () => (await cluster.HistoryAsync(ns, "shop")).Count == 1);
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await Eventually.TrueAsync("under way", async () => (await cluster.DeliveryAsync(ns, "shop")).Status?.Rollout is Rollouts.RolloutState.Advancing);
        controller.Terminate();
        await controller.ExitedAsync(TimeSpan.FromSeconds(25));
        await controller.DisposeAsync();

        await using var next = await ControllerProcess.StartReadyAsync();
        await Eventually.TrueAsync("finished", async () => (await EndedAsync(ns)).Contains("1.1.0"), evidence: () => next.Output);
        Assert.Equal(2, (await cluster.HistoryAsync(ns, "shop")).Count);
    }

    private async Task<IReadOnlyList<string>> EndedAsync(string ns) =>
        [.. (await cluster.HistoryAsync(ns, "shop")).Where(release => release.Status?.FinishedAt is not null).Select(release => release.Spec.Tag!)];

    // Seeded, so that a failure can be had again.
    private static Func<double> Draws(uint seed)
    {
        var state = seed;
        return () =>
        {
            state = (state * 1664525) + 1013904223;
            return state / (double)uint.MaxValue;
        };
    }
}
