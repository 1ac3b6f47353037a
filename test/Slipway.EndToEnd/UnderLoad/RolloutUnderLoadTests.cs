using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>What the clients of a Service see of Slipway's rollouts: nothing. <see cref="BaselineTests"/> has the same of a plain update.</summary>
[Collection(RealCluster.Name)]
public sealed class RolloutUnderLoadTests(TestCluster cluster, ITestOutputHelper output)
{
    [Theory]
    [InlineData("rolling", "{rolling: {hold: 2s}}", new int[0])]
    public async Task Twenty_rollouts_and_a_controller_that_is_killed_at_random_drop_no_request(string name, string strategy, int[] weights)
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        var shop = new Shop(cluster, await cluster.NewNamespaceAsync(name));
        var scenario = new RolloutScenario(cluster, strategy) { Weights = [.. weights], Fates = [Fate.Good, Fate.Bad, Fate.Superseded, Fate.Good] };

        scenario.Judge(shop, await scenario.RunAsync(shop, TestContext.Current.CancellationToken), output);
    }
}
