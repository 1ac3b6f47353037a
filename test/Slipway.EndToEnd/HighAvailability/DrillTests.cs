using System.Globalization;
using System.Net;
using Slipway.EndToEnd.Harness;
using Slipway.Faults;

namespace Slipway.EndToEnd.HighAvailability;

/// <summary>What a network that misbehaves between the controller and the API server, or a registry, does to rollouts. docs/drills.md has the table.</summary>
[Collection(RealCluster.Name)]
public sealed class DrillTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int Seed = 30;
    private const int Deliveries = 4;

    /// <summary>SLIPWAY_OUTAGE=60 is the long form, in seconds. The short one is longer than a Lease lasts.</summary>
    private static TimeSpan Outage => TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("SLIPWAY_OUTAGE") is { Length: > 0 } seconds ? seconds : "20", CultureInfo.InvariantCulture));

    public enum Wire
    {
        ApiServer,
        Registry,
    }

    [Theory]
    [InlineData(Wire.ApiServer)]
    [InlineData(Wire.Registry)]
    public Task Nobody_can_be_reached_for_a_while(Wire wire) => DrillAsync("unreachable", wire, proxy =>
    {
        proxy.Faults = new ProxyFaults { RefuseShare = 1 };
        proxy.ResetAll();
    });

    [Theory]
    [InlineData(Wire.ApiServer)]
    [InlineData(Wire.Registry)]
    public Task Connections_stay_open_and_nobody_is_at_the_other_end(Wire wire) => DrillAsync("half-open", wire, proxy => proxy.Abandon());

    [Theory]
    [InlineData(Wire.ApiServer)]
    [InlineData(Wire.Registry)]
    public Task Answers_stall_for_a_while_and_then_all_come(Wire wire) =>
        DrillAsync("stalled", wire, proxy => proxy.Faults = new ProxyFaults { ToClient = new DirectionFaults { Stalled = true } });

    [Theory]
    [InlineData(Wire.ApiServer)]
    [InlineData(Wire.Registry)]
    public Task Answers_are_slow_and_connections_are_reset(Wire wire) => DrillAsync("flaky", wire, proxy =>
    {
        proxy.Faults = new ProxyFaults
        {
            ResetShare = 0.5,
            ToClient = new DirectionFaults { Delay = TimeSpan.FromMilliseconds(100), Jitter = TimeSpan.FromMilliseconds(200) },
        };
        proxy.ResetAll();
    });

    /// <summary>A version is pushed while the fault lasts, and one after it: both arrive, each once.</summary>
    private async Task DrillAsync(string name, Wire wire, Action<FaultProxy> inject)
    {
        Assert.SkipWhen(TestEnvironment.AuditLog is null, "this cluster does not show its audit log");
        var api = cluster.Admin.Server.Authority;
        await using var proxy = FaultProxy.Start(IPEndPoint.Parse(wire == Wire.ApiServer ? api : TestEnvironment.Registry), Seed);
        var through = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{proxy.Port}");
        var kubeconfig = Path.Combine(Path.GetTempPath(), $"slipway-drill-{Environment.ProcessId}.yaml");
        var direct = await File.ReadAllTextAsync(TestEnvironment.ControllerKubeconfig, Ct);
        await File.WriteAllTextAsync(kubeconfig, wire == Wire.ApiServer ? direct.Replace(api, through, StringComparison.Ordinal) : direct, Ct);
        await using var controller = new Replica("--kubeconfig", kubeconfig);
        await controller.StartAsync();
        await Eventually.TrueAsync("it leads", controller.LeadsAsync, evidence: () => controller.Output);
        var fleet = await Fleet.CreateAsync(cluster, name, Deliveries, wire == Wire.Registry ? through : null);
        await fleet.AdoptedAsync(() => controller.Output);

        inject(proxy);
        await fleet.PushAsync();
        await Task.Delay(Outage, TimeProvider.System, Ct);
        var seen = await fleet.StandingAsync();
        proxy.Faults = ProxyFaults.None;
        var from = TimeProvider.System.GetTimestamp();
        await fleet.ShippedAsync(() => controller.Output);
        var recovered = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        await fleet.PushAsync();
        await fleet.ShippedAsync(() => controller.Output);
        await fleet.JudgeAsync();
        File.Delete(kubeconfig);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{wire} {name}: after {Outage.TotalSeconds} s a user sees {seen}; what was pushed meanwhile had shipped {recovered:0.0} s after the end; {fleet.Rollouts} rollouts, 0 lost, 0 twice"));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
