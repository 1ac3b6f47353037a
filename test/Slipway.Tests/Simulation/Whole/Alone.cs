namespace Slipway.Tests.Simulation.Whole;

/// <summary>Tests that need the process for themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>Runs on a thread that is not of the pool: that the pool is still is how a world knows that an instant is over.</summary>
    internal static Task RunAsync(Action<Stillness> run)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                run(new Stillness());
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }) { IsBackground = true }.Start();
        return done.Task;
    }
}
