using System.Collections.Concurrent;
using Slipway.Kube;

namespace Slipway.Traffic;

/// <summary>Why the last try to divide requests was refused, by Delivery: the next look tells it, and the status says it.</summary>
public sealed class TrafficTroubles
{
    private readonly ConcurrentDictionary<ObjectKey, string> _known = new();

    public string? Of(ObjectKey delivery) => _known.GetValueOrDefault(delivery);

    /// <returns>Whether that is new.</returns>
    public bool Note(ObjectKey delivery, string why)
    {
        var before = Of(delivery);
        _known[delivery] = why;
        return before != why;
    }

    public void Forget(ObjectKey delivery) => _known.TryRemove(delivery, out _);
}
