using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Bench.Scale;

/// <summary>The published controller as a process of its own: what it takes of the machine is its own, and not that of the servers it talks to.</summary>
internal sealed class MeasuredController : IAsyncDisposable
{
    public const string WebhookToken = "of-the-bench";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly long _started;

    private MeasuredController(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _process.Start();
        _started = TimeProvider.System.GetTimestamp();

        // Nobody reads it, and a full pipe would stop the process.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Last = line.Data ?? Last;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>The last line that it complained with.</summary>
    public string Last { get; private set; } = "";

    public double SecondsSinceStart => TimeProvider.System.GetElapsedTime(_started).TotalSeconds;

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most that was ever resident, in bytes.</summary>
    public long Peak
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public static MeasuredController Start(string program, string kubeconfig)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(program, ["run", "--kubeconfig", kubeconfig, "--listen", address.AbsoluteUri.TrimEnd('/'), "--lease-namespace", "default"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["SLIPWAY_WEBHOOK_TOKEN"] = WebhookToken },
        };
        return new MeasuredController(new Process { StartInfo = start }, address);
    }

    /// <summary>Until it follows the cluster and leads.</summary>
    /// <returns>Seconds since it was started.</returns>
    public async Task<double> ReadyAsync()
    {
        while (SecondsSinceStart < Patience.TotalSeconds && !_process.HasExited)
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri(Address, "/readyz"));
                if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains("leads", StringComparison.Ordinal))
                {
                    return SecondsSinceStart;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new InvalidOperationException($"the controller was not ready within {Patience}: {Last}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // As the kubelet ends it, so that the next one leads at once.
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
