using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>What the clients of a Service see of Slipway's rollouts: nothing. <see cref="BaselineTests"/> has the same of a plain update.</summary>
[Collection(RealCluster.Name)]
public sealed class RolloutUnderLoadTests(TestCluster cluster, ITestOutputHelper output)
{
    /// <summary>Side by side, each with a workload and a load of its own: one after the other they would take three times as long.</summary>
    [Fact]
    public async Task Twenty_rollouts_of_each_strategy_and_a_controller_that_is_killed_at_random_drop_no_request()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        RolloutScenario[] scenarios =
        [
            new(cluster, "rolling", "{rolling: {hold: 2s}}"),
            new(cluster, "canary", "{canary: {steps: [{weight: 25, hold: 3s}, {weight: 50, hold: 3s}], traffic: {settle: 1s, drain: 2s}}}") { Weights = [25, 50] },
            new(cluster, "bluegreen", "{blueGreen: {hold: 2s, settle: 1s, drain: 2s}}"),
        ];
        await using var controller = new MortalController(cluster);
        await controller.StartAsync(new Dice(20261123), TimeSpan.FromSeconds(30));

        // Each is judged, also when another has failed.
        await Task.WhenAll(scenarios.Select(scenario => RunAsync(scenario, controller)));
        output.WriteLine($"{controller.Kills} kills");
    }

    private async Task RunAsync(RolloutScenario scenario, MortalController controller)
    {
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync(scenario.Name));
        scenario.Judge(shop, await scenario.RunAsync(shop, controller), output);
    }
}
