namespace Slipway.Sandbox.Storage;

/// <summary>
/// A place in the history of one resource. It holds no queue: a reader that is too slow for the history is told 410.
/// </summary>
internal sealed class Watch(ObjectStore store, GroupResource resource, string? ns, long from)
{
    private long _version = from;

    /// <summary>What the reader has seen: nothing that it should see happened up to here.</summary>
    public long Version => _version;

    /// <summary>The next changes, at least one; waits for it.</summary>
    /// <exception cref="StatusException">Expired, when some of the changes are forgotten.</exception>
    public async ValueTask<List<WatchEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var events = Read(out var changed);
            if (events.Count > 0)
            {
                return events;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The next changes, perhaps none.</summary>
    /// <param name="changed">Done when there may be more.</param>
    public List<WatchEvent> Read(out Task changed)
    {
        var asked = _version;
        return store.Since(resource, ns, ref _version, out changed) ?? throw TooOld(asked).Thrown();
    }

    private ApiStatus TooOld(long asked) => ApiStatus.Expired($"too old resource version: {asked} ({store.Version})");
}
