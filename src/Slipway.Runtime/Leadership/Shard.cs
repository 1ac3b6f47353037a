using Slipway.Sharding;

namespace Slipway.Leadership;

/// <summary>One shard in this process: whether it may act on it, and a way to give it up that leaves no pass half done.</summary>
public sealed class Shard(ShardScope scope, Tenure tenure) : IDisposable
{
    private volatile Stay _stay = new();

    /// <summary>From one standing for the shard to the moment at which its Lease was given back.</summary>
    private sealed class Stay : IDisposable
    {
        public CancellationTokenSource Leaving { get; } = new();

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Leaving.Dispose();
    }

    public ShardScope Scope => scope;

    public Tenure Tenure => tenure;

    /// <summary>All namespaces, for as long as the tenure lasts.</summary>
    public static Shard Whole(Tenure tenure) => new(ShardScope.Whole, tenure);

    /// <summary>Runs the work once in each term, until stopped. Its token ends with the term, and when the shard is to be given up.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var stay = _stay;
                using (var either = CancellationTokenSource.CreateLinkedTokenSource(stay.Leaving.Token, stopping))
                {
                    await tenure.WhileLeadingAsync(work, either.Token);
                }

                stay.Drained.SetResult();
                await stay.Over.Task.WaitAsync(stopping);
                _stay = new Stay();
                stay.Dispose();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while it had just given the shard up.
        }
    }

    /// <summary>Takes no key any more, finishes the passes under way, and only then gives the Lease back: whoever is next begins at once.</summary>
    public async Task GiveUpAsync(Func<Task> giveBack)
    {
        var stay = _stay;
        await stay.Leaving.CancelAsync();
        await stay.Drained.Task;
        await giveBack();
        stay.Over.TrySetResult();
    }

    public void Dispose()
    {
        tenure.Dispose();
        _stay.Dispose();
    }
}
