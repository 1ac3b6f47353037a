using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Which Deliveries are waiting for pods, and for which.</summary>
public sealed class PodInterest
{
    private readonly ConcurrentDictionary<ObjectKey, ImmutableArray<LabelSelector>> _followed = new();

    public void Follow(ObjectKey delivery, ImmutableArray<LabelSelector> pods) => _followed[delivery] = pods;

    public void Forget(ObjectKey delivery) => _followed.TryRemove(delivery, out _);

    /// <summary>The Deliveries that wait for a pod with these labels.</summary>
    public IEnumerable<ObjectKey> In(string ns, IReadOnlyDictionary<string, string> labels) =>
        _followed.Where(entry => entry.Key.Namespace == ns && entry.Value.Any(selector => LabelSelectors.Matches(selector, labels))).Select(entry => entry.Key);
}
