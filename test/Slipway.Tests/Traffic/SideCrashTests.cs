using Slipway.Kube;
using Slipway.Sandbox.Api;
using Slipway.Tests.Controllers;
using static Slipway.Tests.Traffic.SideWorld;

namespace Slipway.Tests.Traffic;

/// <summary>Killed before any of its writes and started again, the controller comes to the same end, and nothing of the side is left.</summary>
public sealed class SideCrashTests
{
    /// <summary>Past the last write of either rollout: the last ones end before anything is killed.</summary>
    public static TheoryData<string, int> Writes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var write in Enumerable.Range(1, 9).Select(number => (number * 2) - 1))
            {
                data.Add($$"""{"canary":{"allowCoarse":true,"steps":[{"weight":25}],{{Fast}} } }""", write);
                data.Add("""{"blueGreen":{"previewService":"shop-next","settle":"0s","drain":"0s"} }""", write + 1);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task It_comes_to_the_same_end(string strategy, int write)
    {
        await using var world = await StartAsync(strategy);
        await world.ConditionAsync("Ready", "UpToDate");
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        world.Sandbox.Api.Faults = new FaultPlan
        {
            ErrorBefore = 1,
            Only = request =>
            {
                if (request.User != ControllerWorld.User || !request.IsWrite || request.Resource == "events" || (!killed.Task.IsCompleted && Interlocked.Increment(ref count) < write))
                {
                    return false;
                }

                killed.TrySetResult();
                return true;
            },
        };

        var digest = await world.PushAsync("1.1.0");
        var ended = world.UntilAsync("it is over", async () => (await world.HistoryAsync()).FirstOrDefault(release => release is { Spec.Number: 2, Status.Outcome: "Succeeded" }));
        await Task.WhenAny(killed.Task, ended);
        await world.StopControllerAsync();
        world.Sandbox.Api.Faults = FaultPlan.None;
        world.StartController();

        await world.EndsAsync(2, "Succeeded");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-canary");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-preview");
        await world.GoneAsync(ResourceTypes.Services, "shop-next");
        await world.UntilAsync("it is let go", async () => (await world.DeliveryAsync()).Metadata.Finalizers is null or { Count: 0 } ? "free" : null);
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", await world.ImageAsync(ResourceTypes.Deployments));
        Assert.Equal("""{"app":"shop"}""", (await world.FindAsync(ResourceTypes.Services, "shop"))!["spec"]!["selector"]!.ToJsonString());
        Assert.Equal(2, (await world.HistoryAsync()).Count);
    }
}
