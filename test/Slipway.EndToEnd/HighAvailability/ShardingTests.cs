using System.Globalization;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.HighAvailability;

/// <summary>Three replicas that share the namespaces among themselves.</summary>
[Collection(RealCluster.Name)]
public sealed class ShardingTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int Shards = 6;
    private const int Deliveries = 12;

    [Fact]
    public async Task With_one_of_three_replicas_killed_all_Deliveries_are_served_and_nothing_is_written_twice()
    {
        Assert.SkipWhen(TestEnvironment.AuditLog is null, "this cluster does not show its audit log");
        await using Replica one = NewReplica(), two = NewReplica(), three = NewReplica();
        Replica[] all = [one, two, three];
        string Evidence() => string.Join("\n=== next\n", all.Select(replica => replica.Output));
        await one.StartAsync();
        var fleet = await Fleet.CreateAsync(cluster, "shards", Deliveries);
        await fleet.AdoptedAsync(Evidence);

        // The shards are handed over in the middle of rollouts.
        await fleet.PushAsync();
        await two.StartAsync();
        await three.StartAsync();
        await SharedAsync(all, Shards / all.Length, Evidence);
        await fleet.ShippedAsync(Evidence);

        await fleet.PushAsync();
        await two.EndAsync(terminate: false);
        var from = TimeProvider.System.GetTimestamp();
        await SharedAsync([one, three], Shards / 2, Evidence);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the shards of a killed replica are led again {TimeProvider.System.GetElapsedTime(from).TotalSeconds:0.0} s later"));
        await fleet.ShippedAsync(Evidence);

        await fleet.PushAsync();
        await two.StartAsync();
        await three.EndAsync(terminate: true);
        await SharedAsync([one, two], Shards / 2, Evidence);
        await fleet.ShippedAsync(Evidence);
        await fleet.JudgeAsync();
        output.WriteLine($"{fleet.Rollouts} rollouts in {Shards} shards, one replica killed, one told to go, two that joined: 0 Releases lost, 0 workloads patched twice");
    }

    [Fact]
    public async Task A_replica_that_counts_other_shards_waits()
    {
        await using Replica one = NewReplica(), other = new("--shards", "2"), whole = new();
        await one.StartAsync();
        await SharedAsync([one], Shards, () => one.Output);
        await other.StartAsync();
        await whole.StartAsync();

        // For longer than a Lease lasts.
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(await other.LeadsAsync());
        Assert.False(await whole.LeadsAsync());
        Assert.Equal(Shards, (await one.ShardsAsync()).Count);
    }

    private static Replica NewReplica() => new("--shards", Shards.ToString(CultureInfo.InvariantCulture));

    private static Task SharedAsync(IReadOnlyList<Replica> replicas, int each, Func<string> evidence) => Eventually.TrueAsync(
        $"each leads {each} shards",
        async () =>
        {
            var led = await Task.WhenAll(replicas.Select(replica => replica.ShardsAsync()));
            return led.All(shards => shards.Count == each) && led.SelectMany(shards => shards).Distinct().Count() == Shards;
        },
        TimeSpan.FromMinutes(2),
        evidence);
}
