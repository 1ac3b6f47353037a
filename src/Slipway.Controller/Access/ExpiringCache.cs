namespace Slipway.Controller.Access;

/// <summary>
/// Answers that hold for a short time, by a key. Whoever asks for what is being asked already waits for the same answer. Bounded: the oldest goes first,
/// which is also the first to expire.
/// </summary>
internal sealed class ExpiringCache<TValue>(int most, TimeSpan life, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, Entry Entry)> _order = new();

    private sealed record Entry(Lazy<Task<TValue>> Answer, DateTimeOffset Asked);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <param name="ask">Runs for all who wait for it, and so ends by its own deadline and not by anybody's leaving.</param>
    /// <param name="keeps">Whether an answer holds for later; one that tells of no answer does not.</param>
    public async Task<TValue> GetAsync(string key, Func<Task<TValue>> ask, Func<TValue, bool> keeps, CancellationToken cancellationToken)
    {
        var entry = EntryOf(key, ask);
        var kept = false;
        try
        {
            var value = await entry.Answer.Value.WaitAsync(cancellationToken);
            kept = keeps(value);
            return value;
        }
        finally
        {
            if (!kept && entry.Answer.Value.IsCompleted)
            {
                Forget(key, entry);
            }
        }
    }

    private Entry EntryOf(string key, Func<Task<TValue>> ask)
    {
        // Its age counts from the question: the answer may have been true only then.
        var now = time.GetUtcNow();
        lock (_gate)
        {
            Shrink(oldest => oldest.Asked + life <= now);
            if (!_entries.TryGetValue(key, out var entry))
            {
                Shrink(_ => _order.Count >= most);
                _entries[key] = entry = new Entry(new Lazy<Task<TValue>>(ask), now);
                _order.Enqueue((key, entry));
            }

            return entry;
        }
    }

    private void Shrink(Func<Entry, bool> goes)
    {
        while (_order.TryPeek(out var oldest) && goes(oldest.Entry))
        {
            _order.Dequeue();
            Remove(oldest.Key, oldest.Entry);
        }
    }

    private void Forget(string key, Entry entry)
    {
        lock (_gate)
        {
            Remove(key, entry);
        }
    }

    private void Remove(string key, Entry entry)
    {
        if (_entries.TryGetValue(key, out var present) && ReferenceEquals(present, entry))
        {
            _entries.Remove(key);
        }
    }
}
