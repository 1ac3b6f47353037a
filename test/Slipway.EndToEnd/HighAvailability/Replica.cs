using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.HighAvailability;

/// <summary>One of several controllers, at a port that it keeps when it is started again.</summary>
internal sealed partial class Replica(params string[] arguments) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    // Enough of those that are dead to see what led to a failure.
    private const int MostKept = 100_000;

    private readonly int _port = FreePort();
    private RunningProcess? _process;
    private string _past = "";

    public RunningProcess Process => _process ?? throw new InvalidOperationException("the replica was not started");

    public string Output => $"{_past}{_process?.Output}";

    public async Task StartAsync()
    {
        _process = ControllerProcess.Start(_port, arguments);
        await ControllerProcess.ReadyAsync(_process, _port, leads: false);
    }

    public async Task<bool> LeadsAsync() => (await ReadyAsync()).Contains("leads", StringComparison.Ordinal);

    /// <summary>Those that it leads.</summary>
    public async Task<IReadOnlyList<int>> ShardsAsync() =>
        Led().Match(await ReadyAsync()) is { Success: true } match ? [.. match.Groups[1].Value.Split(", ").Select(shard => int.Parse(shard, CultureInfo.InvariantCulture))] : [];

    private async Task<string> ReadyAsync()
    {
        try
        {
            return _process is { HasExited: false } ? await Http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/readyz")) : "";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Dead, paused or on its way.
            return "";
        }
    }

    [GeneratedRegex("leads ([0-9, ]+) of")]
    private static partial Regex Led();

    /// <summary>Ends it: by SIGTERM, which it may heed, or by SIGKILL.</summary>
    public async Task EndAsync(bool terminate)
    {
        if (terminate)
        {
            Process.Terminate();
            await Process.ExitedAsync(TimeSpan.FromSeconds(30));
        }
        else
        {
            await Process.KillAsync();
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
            _past = $"{_past}{process.Output}\n--- ended\n";
            _past = _past[Math.Max(0, _past.Length - MostKept)..];
            _process = null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
