using Slipway.Views;

namespace Slipway.Dashboard.Live;

/// <summary>
/// The rows that are known: those of the list, as the events have changed them. A list that is made anew replaces what is there only at its end, so
/// that nothing flickers meanwhile.
/// </summary>
public sealed class RowStore
{
    private readonly Dictionary<RowKey, DeliveryRow> _rows = [];
    private HashSet<RowKey> _unseen = [];

    /// <summary>Rises with each change: who has rendered this number has rendered all.</summary>
    public long Version { get; private set; }

    public IReadOnlyCollection<DeliveryRow> Rows => _rows.Values;

    public DeliveryRow? Find(RowKey key) => _rows.GetValueOrDefault(key);

    /// <summary>A list begins: what it does not have in the end is gone.</summary>
    public void Begin() => _unseen = [.. _rows.Keys];

    public void Add(IEnumerable<DeliveryRow> page)
    {
        foreach (var row in page)
        {
            Set(row);
        }
    }

    /// <summary>The last page of the list was added.</summary>
    public void End()
    {
        foreach (var key in _unseen)
        {
            Version += _rows.Remove(key) ? 1 : 0;
        }

        _unseen = [];
    }

    public void Apply(RowEvent change)
    {
        if (change.Row is { } row)
        {
            Set(row);
            return;
        }

        var key = new RowKey(change.Namespace, change.Name);
        _unseen.Remove(key);
        Version += _rows.Remove(key) ? 1 : 0;
    }

    private void Set(DeliveryRow row)
    {
        var key = RowKey.Of(row);
        _unseen.Remove(key);
        _rows[key] = row;
        Version++;
    }
}
