using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;
using Slipway.Sandbox.Workloads.Traffic;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class TrafficTests
{
    private const string Service = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"shop","namespace":"default"},"spec":{"selector":{"app":"shop"},"ports":[{"port":80,"targetPort":8080}]}}
        """;

    private static async Task<World> WithShopAsync(int replicas = 2, params (string, string)[] labels)
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0", labels);
        await world.CreateAsync(Known.Services, Service);
        await world.CreateAsync(Known.Deployments, Workload("shop", $"\"replicas\":{replicas}", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        return world;
    }

    private static string[] PodsSeen(World world) => [.. world.Workloads.Traffic.Backends("default", "shop").Select(backend => backend.Pod)];

    [Fact]
    public async Task A_client_is_led_to_the_pods_that_are_ready_and_its_requests_are_spread()
    {
        await using var world = await WithShopAsync();
        var dice = new Queue<double>([0.1, 0, 0.9, 0]);

        Reply[] replies = [world.Workloads.Traffic.Send("default", "shop", dice.Dequeue), world.Workloads.Traffic.Send("default", "shop", dice.Dequeue)];

        Assert.Equal(PodsSeen(world), replies.Select(reply => reply.Backend!.Pod));
        Assert.All(replies, reply => Assert.Equal((null, world.Image("1.0")), (reply.Failure, reply.Backend!.Image)));
    }

    [Fact]
    public async Task Without_pods_a_request_is_dropped()
    {
        await using var world = await WithShopAsync(replicas: 0);

        var reply = world.Workloads.Traffic.Send("default", "shop", () => 0);

        Assert.Equal((true, "service default/shop has no endpoints"), (reply.IsDropped, reply.Failure));
    }

    [Fact]
    public async Task Within_the_lag_of_the_proxies_a_pod_that_is_gone_is_still_asked()
    {
        await using var world = await WithShopAsync();
        world.Workloads.Traffic.ProxyLag = TimeSpan.FromSeconds(3);
        await world.AdvanceAsync(TimeSpan.FromSeconds(5));
        var gone = PodsSeen(world)[0];

        // Its containers end at once, and nobody told the proxies before.
        await world.DeleteAsync(Known.Pods, gone, new() { GracePeriodSeconds = 0 });

        Assert.Contains(gone, PodsSeen(world));
        Assert.Equal($"pod {gone} runs no more", world.Workloads.Traffic.Send("default", "shop", () => 0).Failure);
        await world.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.DoesNotContain(gone, PodsSeen(world));
    }

    [Fact]
    public async Task A_pod_that_takes_its_time_to_end_answers_within_the_lag()
    {
        await using var world = await WithShopAsync(labels: (ImageBehaviour.StopAfterLabel, "10s"));
        world.Workloads.Traffic.ProxyLag = TimeSpan.FromSeconds(3);
        await world.AdvanceAsync(TimeSpan.FromSeconds(5));
        var ending = PodsSeen(world)[0];

        await world.DeleteAsync(Known.Pods, ending);

        Assert.True(world.Workloads.Traffic.Backends("default", "shop").Single(backend => backend.Pod == ending).Answers);
        Assert.Null(world.Workloads.Traffic.Send("default", "shop", () => 0).Failure);
    }

    [Fact]
    public async Task Where_no_pod_is_ready_those_that_are_ending_serve_on()
    {
        await using var world = await WithShopAsync(replicas: 1, (ImageBehaviour.StopAfterLabel, "10s"));
        var last = world.Pods.Single().Name();

        await world.ScaleAsync(Known.Deployments, "shop", 0);

        Assert.Equal([last], PodsSeen(world));
        await world.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.Empty(PodsSeen(world));
    }

    [Fact]
    public async Task An_image_with_errors_answers_so_many_requests_badly_and_drops_none()
    {
        await using var world = await WithShopAsync(labels: (ImageBehaviour.ErrorRateLabel, "0.05"));
        var random = new Random(5);

        var replies = Enumerable.Range(0, 2_000).Select(_ => world.Workloads.Traffic.Send("default", "shop", random.NextDouble)).ToArray();

        Assert.DoesNotContain(replies, reply => reply.IsDropped);
        Assert.InRange(replies.Count(reply => reply.IsError), 60, 140);
    }

    [Fact]
    public void What_is_older_than_the_lag_is_forgotten_and_what_is_not_is_kept()
    {
        var start = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        var lagged = new Lagged<int>(0);
        foreach (var second in Enumerable.Range(1, 10))
        {
            lagged.Set(start.AddSeconds(second), TimeSpan.FromSeconds(3), second);
        }

        Assert.Equal((10, 8, 7), (lagged.At(start.AddSeconds(99)), lagged.At(start.AddSeconds(8.5)), lagged.At(start.AddSeconds(1))));
    }
}
