using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Controller.Endpoints;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Registry;
using Slipway.Tests.Controllers;
using Slipway.Tests.Telemetry;

namespace Slipway.Tests.Controller.Endpoints;

public sealed class ReadinessTests
{
    [Fact]
    public void A_process_that_has_only_begun_lists_what_is_missing()
    {
        using var world = new ScrapedWorld();
        using var connection = ClusterConnection.To(new Uri("http://127.0.0.1:1"));
        using var election = new Election(new ObjectKey("slipway", "lease"), 1, TimeProvider.System);
        var logs = NullLoggerFactory.Instance;
        var context = new ControllerContext(connection, null, TimeProvider.System, () => 0.5, world.Metrics, logs);
        var readiness = new Readiness(new DeliveryController(context, election.Shards, new RegistryOptions(), 1, "test", logs.CreateLogger<DeliveryController>()), election.Describe);

        Assert.Equal(
            (false, "[-]api-server starting\n[-]informers not synced: nothing is known yet\n[-]start starting\nnot ready: api-server: starting\n"),
            readiness.Report(verbose: false));

        readiness.Show(world.Metrics);
        Assert.Contains("slipway_ready{check=\"informers\"} 0", world.Lines());
    }

    [Fact]
    public async Task A_process_that_leads_says_so_and_lists_its_checks_when_asked()
    {
        await using var world = await ControllerWorld.StartAsync();
        var leadership = "leads";
        var readiness = new Readiness(world.Controller!, () => leadership);
        await world.UntilAsync("it is ready", () => Task.FromResult(readiness.Report(verbose: false).Ready ? readiness : null));

        Assert.Equal((true, "ok: leads\n"), readiness.Report(verbose: false));
        Assert.Equal((true, "[+]api-server ok\n[+]informers ok\n[+]start ok\nok: leads\n"), readiness.Report(verbose: true));
        leadership = "waits to lead";
        Assert.Equal((true, "ok: waits to lead\n"), readiness.Report(verbose: false));
    }
}
