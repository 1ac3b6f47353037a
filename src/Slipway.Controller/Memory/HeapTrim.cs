namespace Slipway.Controller.Memory;

/// <summary>What the collector holds of the machine, in bytes.</summary>
/// <param name="Committed">All that it has taken.</param>
/// <param name="Lived">What was alive at the end of the last full collection; 0: there was none.</param>
internal readonly record struct HeapSize(long Committed, long Lived)
{
    // Below it there is nothing that anybody would miss.
    private const long Small = 96L << 20;

    /// <summary>Whether half as much again as lives is held: what a burst has left, and no collection has seen since.</summary>
    public bool IsLoose => Committed > Small && Committed > Lived * 3 / 2;

    public static HeapSize Now() => new(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes);
}

/// <summary>
/// Gives memory back after a burst. A controller that has just listed ten thousand Deliveries allocates so little afterwards that the collector
/// would not look for hours, and its pod would be as large as it was in its worst minute.
/// </summary>
/// <param name="collect">Collects all and gives back what is free (GCCollectionMode.Aggressive); blocks for as long as that takes.</param>
internal sealed class HeapTrim(TimeProvider time, Func<HeapSize> size, Action collect)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(45);

    // A heap that is loose again at once works, and is left alone.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    public static HeapTrim OfThisProcess(TimeProvider time) => new(time, HeapSize.Now, () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    /// <summary>Until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var (wait, before) = (Look, 0L);
            while (true)
            {
                await Task.Delay(wait, time, stopping);
                var now = size();

                // What still grows is a burst that is not over.
                var isDue = now.IsLoose && now.Committed <= before;
                if (isDue)
                {
                    collect();
                }

                (wait, before) = (isDue ? Rest : Look, now.Committed);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }
}
