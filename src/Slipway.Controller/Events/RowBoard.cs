using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Views;

namespace Slipway.Controller.Events;

/// <summary>The last change of one Delivery. What is sent of it is made once, for the first watcher who needs it.</summary>
/// <param name="Delivery">Null: it is gone.</param>
internal sealed record RowChange(long Id, ObjectKey Key, Delivery? Delivery)
{
    private byte[]? _payload;

    /// <summary>Two watchers may make it at once; they make the same.</summary>
    public byte[] Payload => _payload ??= JsonSerializer.SerializeToUtf8Bytes(
        new RowEvent(Key.Namespace, Key.Name, Delivery is null ? null : DeliveryViews.Row(Delivery)), ViewJson.Default.RowEvent);
}

/// <summary>
/// The last change of each Delivery, with a number that only rises. Who was away gets what changed since, once for each Delivery however often it changed;
/// only of what was deleted the memory is bounded, and who was away for longer than it reaches begins anew.
/// </summary>
internal sealed class RowBoard(int mostTombstones = RowBoard.MostTombstones)
{
    private const int MostTombstones = 1024;

    // Numbers of one process mean nothing in another.
    private readonly string _epoch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, RowChange> _latest = [];
    private readonly Queue<RowChange> _tombstones = new();
    private readonly List<Watcher> _watchers = [];
    private long _last, _horizon;

    public static RowBoard Following(DeliveryController deliveries)
    {
        var board = new RowBoard();
        deliveries.Watching = cluster => cluster.Deliveries.OnChange(change => board.Publish(change.Key, change.New));
        return board;
    }

    /// <summary>Of the last event.</summary>
    public string Position
    {
        get
        {
            lock (_gate)
            {
                return IdOf(_last);
            }
        }
    }

    public string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{number}");

    /// <param name="delivery">Null: it is gone.</param>
    public void Publish(ObjectKey key, Delivery? delivery)
    {
        lock (_gate)
        {
            var change = _latest[key] = new RowChange(++_last, key, delivery);
            if (delivery is null)
            {
                _tombstones.Enqueue(change);
                Forget();
            }

            foreach (var watcher in _watchers)
            {
                watcher.Offer(change);
            }
        }
    }

    /// <summary>Adds a watcher, which has at once what changed after <paramref name="after"/>.</summary>
    /// <param name="after">An event's id; null: from now on.</param>
    /// <returns>False where the id is not known any more: then the watcher gets what comes, and must list what is.</returns>
    public bool Add(Watcher watcher, string? after)
    {
        lock (_gate)
        {
            var known = after is null || Number(after) is not null;
            var since = Number(after) ?? _last;
            foreach (var change in _latest.Values.Where(change => change.Id > since).OrderBy(change => change.Id))
            {
                watcher.Offer(change);
            }

            _watchers.Add(watcher);
            return known;
        }
    }

    public void Remove(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    private long? Number(string? id) =>
        id?.Split('-') is [var epoch, var digits] && epoch == _epoch && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= _horizon && number <= _last
            ? number
            : null;

    private void Forget()
    {
        while (_tombstones.Count > mostTombstones)
        {
            var oldest = _tombstones.Dequeue();
            _horizon = oldest.Id;

            // It may be there again.
            if (ReferenceEquals(_latest.GetValueOrDefault(oldest.Key), oldest))
            {
                _latest.Remove(oldest.Key);
            }
        }
    }
}
