using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Kube;

namespace Slipway.Traffic;

/// <summary>Which Deliveries look at what is followed on demand, by the key under which it is followed (<see cref="TrafficView"/>).</summary>
public sealed class SideInterest
{
    private readonly ConcurrentDictionary<ObjectKey, ImmutableHashSet<string>> _followed = new();

    public void Follow(ObjectKey delivery, ImmutableHashSet<string> what) => _followed[delivery] = what;

    public void Forget(ObjectKey delivery) => _followed.TryRemove(delivery, out _);

    public IEnumerable<ObjectKey> In(string what) => _followed.Where(entry => entry.Value.Contains(what)).Select(entry => entry.Key);
}
