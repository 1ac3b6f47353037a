using Slipway.Rollouts;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>Found by schedule 467: what is followed only while somebody asks for it must not be let go of by those who wait for it.</summary>
[Collection(nameof(Alone))]
public sealed class SilentWatchTests
{
    [Fact]
    public async Task A_drain_comes_to_its_end_though_the_watch_that_would_tell_was_silent_for_minutes()
    {
        await using var images = await SharedImages.StartAsync();
        await Alone.RunAsync(stillness =>
        {
            using var world = new WholeWorld(new WholeSchedule(1, Way.BlueGreen, Pods: 2, Replicas: 1, Checks: false, []), images, stillness);
            world.Begin();
            world.Push(SharedImages.Tag(2, Fate.Good));
            for (var second = 0; second < 120 && world.Delivery.Status?.Rollout is not RolloutState.Advancing; second++)
            {
                world.Advance(1);
            }

            Assert.IsType<RolloutState.Advancing>(world.Delivery.Status!.Rollout);
            // Those watches are struck that begin now.
            world.Cause(new FaultPlan { WatchSilent = 1, Only = request => request.User.StartsWith("slipway-", StringComparison.Ordinal) && request.Resource == "endpointslices" }, world.Time.GetUtcNow().AddSeconds(30));
            world.Kill(0, downFor: 0);
            world.Advance(30);
            Assert.IsType<RolloutState.Draining>(world.Delivery.Status!.Rollout);
            AtRest.Reach(world, new People(world));
        });
    }
}
