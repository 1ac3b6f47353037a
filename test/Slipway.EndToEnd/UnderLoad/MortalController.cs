using System.Text;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>A controller that is killed every now and then, whatever it does, and another that goes on in its place.</summary>
internal sealed class MortalController(TestCluster cluster) : IAsyncDisposable
{
    // Of those that are dead: enough to see what led to a failure.
    private const int MostKept = 200_000;

    private readonly StringBuilder _past = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _haunting = Task.CompletedTask;
    private RunningProcess? _process;

    public int Kills { get; private set; }

    public string Output
    {
        get
        {
            lock (_past)
            {
                return $"{_past}{_process?.Output}";
            }
        }
    }

    /// <param name="longestLife">After the first one, which comes to its feet first.</param>
    public async Task StartAsync(Dice dice, TimeSpan longestLife)
    {
        _process = await ControllerProcess.StartReadyAsync();
        _haunting = HauntAsync(dice, longestLife);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _haunting;
        _stopping.Dispose();
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }
    }

    private async Task HauntAsync(Dice dice, TimeSpan longestLife)
    {
        try
        {
            while (true)
            {
                await Task.Delay(longestLife * dice.Next(), TimeProvider.System, _stopping.Token);
                await KillAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The last one lives.
        }
    }

    private async Task KillAsync()
    {
        var process = _process!;
        await process.KillAsync();
        Kills++;

        // How long a dead leader's Lease holds the next one off is another test's matter; here it would only take time.
        await cluster.KubectlAsync("delete", "lease", "slipway-controller", "-n", "slipway-system", "--ignore-not-found");
        lock (_past)
        {
            _past.Append(process.Output).AppendLine("--- killed");
            _past.Remove(0, Math.Max(0, _past.Length - MostKept));
            _process = ControllerProcess.Start();
        }

        await process.DisposeAsync();
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
