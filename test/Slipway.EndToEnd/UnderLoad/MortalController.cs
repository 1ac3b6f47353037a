using System.Text;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>A controller that is killed now and then, and another that goes on in its place.</summary>
internal sealed class MortalController(TestCluster cluster) : IAsyncDisposable
{
    // Of those that are dead: enough to see what led to a failure.
    private const int MostKept = 200_000;

    private readonly StringBuilder _past = new();
    private readonly SemaphoreSlim _one = new(1);
    private RunningProcess? _process;

    public int Kills { get; private set; }

    public string Output => $"{_past}{_process?.Output}";

    public async Task StartAsync() => _process = await ControllerProcess.StartReadyAsync();

    public async Task KillAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        await Task.Delay(after, TimeProvider.System, cancellationToken);
        await _one.WaitAsync(cancellationToken);
        try
        {
            var process = _process!;
            await process.KillAsync();
            _past.Append(process.Output).AppendLine("--- killed");
            _past.Remove(0, Math.Max(0, _past.Length - MostKept));
            await process.DisposeAsync();
            Kills++;

            // How long a dead leader's Lease holds the next one off is another test's matter; here it would only take time.
            await cluster.KubectlAsync("delete", "lease", "slipway-controller", "-n", "slipway-system", "--ignore-not-found");
            _process = ControllerProcess.Start();
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _one.Dispose();
    }
}

/// <summary>Numbers from 0 to 1 that follow from a seed alone (a linear congruential generator).</summary>
internal sealed class Dice(int seed)
{
    private uint _state = (uint)seed;

    public double Next()
    {
        _state = (_state * 1_664_525) + 1_013_904_223;
        return _state / (uint.MaxValue + 1.0);
    }
}
