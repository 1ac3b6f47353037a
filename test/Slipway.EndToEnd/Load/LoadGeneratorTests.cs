using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.Load;

/// <summary>The load and the program under it, without a cluster: what says that nothing was dropped must be able to say that something was.</summary>
public sealed class LoadGeneratorTests : IAsyncLifetime
{
    private readonly string _program = Path.Combine(Path.GetTempPath(), $"slipway-load-{Environment.ProcessId}");
    private readonly IPEndPoint _address = new(IPAddress.Loopback, FreePort());

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllBytesAsync(_program, (await Shipyard.CompileAsync()).ToArray());
        Assert.Equal((0, ""), await RunningProcess.RunAsync("chmod", ["u+x", _program]));
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_program);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_program_that_is_killed_drops_requests_on_new_and_on_kept_connections()
    {
        await using var shop = await StartAsync();
        await using var load = LoadGenerator.Start(_address);
        await Eventually.TrueAsync("it serves", () => Task.FromResult(load.Report.Samples.Length > 50));

        await shop.KillAsync();
        await Eventually.TrueAsync("it is missed", () => Task.FromResult(load.Report.Dropped.Count() > 20));

        var report = await load.StopAsync();
        Assert.Contains(report.Dropped, sample => sample is { Outcome: Outcome.Refused, Fresh: true });
        Assert.Contains(report.Dropped, sample => sample is { Outcome: Outcome.Refused, Fresh: false });
    }

    [Fact]
    public async Task A_program_that_is_asked_to_end_serves_on_and_leaves_no_request_unanswered()
    {
        await using var shop = await StartAsync(("DRAIN_MS", "60000"));
        await using var load = LoadGenerator.Start(_address);
        await Eventually.TrueAsync("it serves", () => Task.FromResult(load.Report.Samples.Length > 50));

        shop.Terminate();
        var before = load.Report.Samples.Length;
        await Eventually.TrueAsync("it serves on", () => Task.FromResult(load.Report.Samples.Length > before + 100));
        var report = await load.StopAsync();

        Assert.Empty(report.Dropped);
        Assert.False(shop.HasExited);
        await shop.KillAsync();
    }

    [Fact]
    public async Task Errors_are_evenly_spread_and_are_no_drops()
    {
        await using var shop = await StartAsync(("ERROR_PERCENT", "5"));
        await using var load = LoadGenerator.Start(_address);
        await Eventually.TrueAsync("it serves", () => Task.FromResult(load.Report.Samples.Length >= 200));

        var report = await load.StopAsync();

        Assert.Empty(report.Dropped);
        Assert.Equal(report.Samples.Length / 20, report.Errors);
        Assert.Equal(1, report.Share("1.0"));
    }

    private async Task<RunningProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        var process = RunningProcess.Start(_program, [], new Dictionary<string, string?>(environment.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)))
        {
            ["VERSION"] = "1.0",
            ["PORT"] = _address.Port.ToString(CultureInfo.InvariantCulture),
        });
        await Eventually.TrueAsync("it listens", async () =>
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(_address);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
