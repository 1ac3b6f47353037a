using System.Threading.Channels;
using Slipway.Kube;

namespace Slipway.Controller.Events;

/// <summary>
/// What one watcher has not been sent yet: the last change of each Delivery, in the order of their numbers. Who reads slowly misses steps in between, and
/// never the last one; who has more waiting than the bound is cut.
/// </summary>
internal sealed class Watcher(int mostPending)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<RowChange> _pending = new();
    private readonly Dictionary<ObjectKey, LinkedListNode<RowChange>> _nodes = [];
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Too much was waiting: nothing more comes.</summary>
    public bool IsCut { get; private set; }

    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    public void Offer(RowChange change)
    {
        lock (_gate)
        {
            if (IsCut)
            {
                return;
            }

            // What it was before is of no interest any more; the new one goes to the end, so that numbers only rise.
            if (_nodes.Remove(change.Key, out var before))
            {
                _pending.Remove(before);
            }

            _nodes[change.Key] = _pending.AddLast(change);
            if (_pending.Count > mostPending)
            {
                IsCut = true;
                _pending.Clear();
                _nodes.Clear();
            }
        }

        _bell.Writer.TryWrite(true);
    }

    /// <summary>The next ones; empty: there are none at present.</summary>
    public IReadOnlyList<RowChange> Take(int most)
    {
        lock (_gate)
        {
            var taken = new List<RowChange>(Math.Min(most, _pending.Count));
            while (taken.Count < most && _pending.First is { } first)
            {
                _pending.RemoveFirst();
                _nodes.Remove(first.Value.Key);
                taken.Add(first.Value);
            }

            return taken;
        }
    }

    /// <summary>Until something was offered since the last call.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _bell.Reader.ReadAsync(cancellationToken);
}
