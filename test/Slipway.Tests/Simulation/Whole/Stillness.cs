namespace Slipway.Tests.Simulation.Whole;

/// <summary>
/// Nobody has anything to do at this instant of virtual time: no work is queued, and no thread of the pool works. To be asked from a thread that is
/// not of the pool, in a process that does nothing else.
/// </summary>
internal sealed class Stillness
{
    // As often in a row it must look still: between two looks another thread may take work from one queue and put it into another.
    private const int Looks = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LearnsFor = TimeSpan.FromMilliseconds(300);

    // Who runs the tests may keep a thread of the pool for itself, blocked. The fewest that were ever seen are not ours.
    private int _residents = int.MaxValue;

    /// <summary>Learns who is there always. To be made before anything of a world is started.</summary>
    public Stillness()
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var turn = 0; TimeProvider.System.GetElapsedTime(began) < LearnsFor; turn++)
        {
            Busy();
            Pause(turn);
        }
    }

    public void Wait()
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var (looks, turns) = (0, 0); looks < Looks; turns++)
        {
            looks = ThreadPool.PendingWorkItemCount == 0 && Busy() <= _residents ? looks + 1 : 0;
            Pause(turns);
            if (turns % 1000 == 999 && TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"the pool is never still: {ThreadPool.PendingWorkItemCount} wait, {Busy()} work, of which {_residents} always do");
            }
        }
    }

    private int Busy()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var available, out _);
        _residents = Math.Min(_residents, most - available);
        return most - available;
    }

    // To yield on a busy machine costs a whole slice of time, and what is waited for takes less.
    private static void Pause(int turn)
    {
        if (turn % 256 == 255)
        {
            Thread.Yield();
        }
        else
        {
            Thread.SpinWait(50);
        }
    }
}
