using System.Globalization;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.UnderLoad;

namespace Slipway.EndToEnd.HighAvailability;

/// <summary>What becomes of rollouts when the leader ends, well or badly, and how long nobody leads.</summary>
[Collection(RealCluster.Name)]
public sealed class HandoverTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int Seed = 20261124;
    private const int Deliveries = 4;

    // At most as long after a push: within this time a rollout begins, goes on and ends.
    private static readonly TimeSpan Suspense = TimeSpan.FromSeconds(4);

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("SLIPWAY_KILLS") is { Length: > 0 } kills ? kills : "10", CultureInfo.InvariantCulture);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>SLIPWAY_KILLS=100 is the long form. What is lost or written twice fails the test; how long nobody led is told.</summary>
    [Fact]
    public async Task Leaders_that_are_killed_or_told_to_go_lose_no_Release_and_write_nothing_twice()
    {
        Assert.SkipWhen(TestEnvironment.AuditLog is null, "this cluster does not show its audit log");
        await using Replica one = new(), other = new();
        await one.StartAsync();
        await other.StartAsync();
        var fleet = await Fleet.CreateAsync(cluster, "handover", Deliveries);
        string Evidence() => $"{one.Output}\n=== the other\n{other.Output}";
        await fleet.AdoptedAsync(Evidence);

        var dice = new Dice(Seed);
        List<(bool Terminated, TimeSpan Took)> takeovers = [];
        for (var kill = 0; kill < Kills; kill++)
        {
            await fleet.PushAsync();
            await Task.Delay(Suspense * dice.Next(), TimeProvider.System, Ct);
            var (leader, standby) = await LeaderAsync(one, other, Evidence);
            var terminate = dice.Next() < 0.5;
            var ending = leader.EndAsync(terminate);
            var from = TimeProvider.System.GetTimestamp();
            await Eventually.TrueAsync("the standby leads", standby.LeadsAsync, evidence: Evidence);
            takeovers.Add((terminate, TimeProvider.System.GetElapsedTime(from)));
            await ending;
            await leader.StartAsync();
            await fleet.ShippedAsync(Evidence);
        }

        foreach (var kind in takeovers.GroupBy(takeover => takeover.Terminated, takeover => takeover.Took.TotalSeconds))
        {
            var sorted = kind.Order().ToArray();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(kind.Key ? "SIGTERM" : "SIGKILL")}: {sorted.Length} takeovers after {sorted[0]:0.00} / {sorted[sorted.Length / 2]:0.00} / {sorted[sorted.Length * 95 / 100]:0.00} / {sorted[^1]:0.00} s (least, median, p95, most)"));
        }

        await fleet.JudgeAsync();
        output.WriteLine($"{Kills} leaders ended during {fleet.Rollouts} rollouts: 0 Releases lost, 0 workloads patched twice");
    }

    [Fact]
    public async Task A_leader_that_was_paused_and_wakes_up_writes_nothing()
    {
        Assert.SkipWhen(TestEnvironment.AuditLog is null, "this cluster does not show its audit log");
        await using Replica one = new(), other = new();
        await one.StartAsync();
        await other.StartAsync();
        var fleet = await Fleet.CreateAsync(cluster, "paused", Deliveries);
        string Evidence() => $"{one.Output}\n=== the other\n{other.Output}";
        await fleet.AdoptedAsync(Evidence);

        // In the middle of its rollouts, with writes that it was about to send.
        var (sleeper, standby) = await LeaderAsync(one, other, Evidence);
        await fleet.PushAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Ct);
        sleeper.Process.Pause();
        var from = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync("the standby leads", standby.LeadsAsync, evidence: Evidence);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the standby leads {TimeProvider.System.GetElapsedTime(from).TotalSeconds:0.0} s after the leader was paused"));
        await fleet.ShippedAsync(Evidence);
        await fleet.PushAsync();
        await fleet.ShippedAsync(Evidence);
        sleeper.Process.Continue();
        await Eventually.TrueAsync("the sleeper knows", () => Task.FromResult(sleeper.Output.Contains("no longer leads", StringComparison.Ordinal)), evidence: Evidence);
        await fleet.PushAsync();
        await fleet.ShippedAsync(Evidence);

        Assert.False(await sleeper.LeadsAsync());
        await fleet.JudgeAsync();
    }

    private static async Task<(Replica Leader, Replica Standby)> LeaderAsync(Replica one, Replica other, Func<string> evidence)
    {
        Replica? leader = null;
        await Eventually.TrueAsync("somebody leads", async () => (leader = await one.LeadsAsync() ? one : await other.LeadsAsync() ? other : null) is not null, evidence: evidence);
        return (leader!, leader == one ? other : one);
    }
}
