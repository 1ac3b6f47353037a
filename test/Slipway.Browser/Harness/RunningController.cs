using System.Net;
using System.Net.Sockets;
using Slipway.EndToEnd.Harness;

namespace Slipway.Browser.Harness;

/// <summary>The controller as a process of its own, with the dashboard, at an address that it keeps when it is started again.</summary>
internal sealed class RunningController(string kubeconfig, string? configuration) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RunningProcess? _process;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    public string Output => _process?.Output ?? "";

    public async Task StartAsync()
    {
        List<string> arguments = ["run", "--kubeconfig", kubeconfig, "--listen", Address.AbsoluteUri.TrimEnd('/'), "--dashboard", Settings.Dashboard];
        arguments.AddRange(configuration is null ? [] : ["--config", configuration]);
        _process = RunningProcess.Start(Settings.Program, arguments);
        using var http = new HttpClient();
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            Assert.False(_process.HasExited, _process.Output);
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "/livez"), late.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, late.Token);
            }
        }
    }

    /// <summary>Without a word to anybody.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    // The address must be known before the process is there, and be the same after it: what is free now is free in a moment too.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
