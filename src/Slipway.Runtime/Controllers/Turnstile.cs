using Slipway.Api;
using Slipway.Gates;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Sharding;

namespace Slipway.Controllers;

/// <summary>How many rollouts may be under way at once; null: any number.</summary>
public sealed record ConcurrencyLimits(int? Cluster = null, int? PerNamespace = null)
{
    public bool AreSet => Cluster is not null || PerNamespace is not null;

    /// <summary>A namespace is whole in its shard; of the cluster's places each shard has its part, so that all together never have more.</summary>
    public ConcurrencyLimits PartOf(ShardScope shard) => this with { Cluster = shard.PartOf(Cluster) };
}

/// <summary>
/// Counts the rollouts that are under way, exactly, though several workers start some at once: who is about to start takes a place before
/// that is stored. Places that come free go to the oldest candidates. A group is one rollout.
/// </summary>
public sealed class Turnstile(ConcurrencyLimits limits, TimeProvider time)
{
    /// <summary>Who is called and does not come within this time no longer holds up the others; and how often one that waits looks by itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int MostNamed = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, string> _running = [];
    private readonly Dictionary<ObjectKey, string> _entering = [];
    private readonly Dictionary<ObjectKey, Waiter> _waiting = [];

    private sealed record Waiter(ObjectKey Key, string Slot, DateTimeOffset Since)
    {
        public DateTimeOffset? Called { get; init; }
    }

    /// <summary>Called, outside of any lock, when the Delivery's turn has come.</summary>
    public Action<ObjectKey>? Called { get; set; }

    /// <summary>What is left to this one; null where nothing is limited.</summary>
    public RolloutRoom? Room(ObjectKey key, Delivery delivery)
    {
        if (!limits.AreSet)
        {
            return null;
        }

        lock (_gate)
        {
            return new RolloutRoom(WhyNot(key, SlotOf(key, delivery), delivery.Status?.Candidate?.FirstSeen));
        }
    }

    /// <summary>Takes a place for a rollout that is about to be stored; false: there is none any more.</summary>
    public bool TryEnter(ObjectKey key, Delivery delivery)
    {
        if (!limits.AreSet)
        {
            return true;
        }

        lock (_gate)
        {
            if (WhyNot(key, SlotOf(key, delivery), delivery.Status?.Candidate?.FirstSeen) is not null)
            {
                return false;
            }

            _entering[key] = SlotOf(key, delivery);
            _waiting.Remove(key);
            return true;
        }
    }

    /// <summary>What was stored, or not, is what counts from here on.</summary>
    public void Entered(ObjectKey key)
    {
        lock (_gate)
        {
            _entering.Remove(key);
        }

        CallNext();
    }

    /// <summary>A pass is over in which the Delivery had nothing against its start but the others, or not.</summary>
    public void Waits(ObjectKey key, Delivery delivery, bool waits)
    {
        lock (_gate)
        {
            if (waits && limits.AreSet)
            {
                _waiting[key] = new Waiter(key, SlotOf(key, delivery), delivery.Status?.Candidate?.FirstSeen ?? time.GetUtcNow());
            }
            else if (!_waiting.Remove(key))
            {
                return;
            }
        }

        // A place may have come free since it looked; and if it goes, its turn is the next one's.
        CallNext();
    }

    /// <summary>The Delivery as it is now; null when it is gone.</summary>
    public void Seen(ObjectKey key, Delivery? delivery)
    {
        if (!limits.AreSet)
        {
            return;
        }

        var runs = delivery?.Status?.Rollout is RolloutState.Stepping or RolloutState.Advancing or RolloutState.Reverting or RolloutState.Draining;
        lock (_gate)
        {
            if (delivery is null)
            {
                _waiting.Remove(key);
            }

            if (runs)
            {
                _running[key] = SlotOf(key, delivery!);
                return;
            }

            if (!_running.Remove(key))
            {
                return;
            }
        }

        CallNext();
    }

    private void CallNext()
    {
        List<ObjectKey> called = [];
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var waiter in _waiting.Values.Where(waiter => waiter.Called is null).ToArray())
            {
                if (WhyNot(waiter.Key, waiter.Slot, waiter.Since) is null)
                {
                    _waiting[waiter.Key] = waiter with { Called = now };
                    called.Add(waiter.Key);
                }
            }
        }

        called.ForEach(key => Called?.Invoke(key));
    }

    private string? WhyNot(ObjectKey key, string slot, DateTimeOffset? since)
    {
        var slots = _running.Concat(_entering).GroupBy(place => place.Value).Select(places => places.First()).ToDictionary(place => place.Value, place => place.Key);
        if (slots.ContainsKey(slot))
        {
            return null;
        }

        // Who came before goes first, where there is room for it; who was called and does not come is passed over.
        var now = time.GetUtcNow();
        var before = _waiting.Values.Where(waiter => waiter.Key != key && !(waiter.Called + Patience <= now) && (waiter.Since, $"{waiter.Key}").CompareTo((since ?? now, $"{key}")) < 0);
        var running = slots.Count;
        foreach (var waiter in before.OrderBy(waiter => waiter.Since).ThenBy(waiter => $"{waiter.Key}", StringComparer.Ordinal))
        {
            if (!slots.ContainsKey(waiter.Slot) && Full(slots, waiter.Key.Namespace) is null)
            {
                slots[waiter.Slot] = waiter.Key;
            }
        }

        return Full(slots, key.Namespace) is { } full ? slots.Count == running ? full : $"{full}; older candidates come first" : null;
    }

    private string? Full(Dictionary<string, ObjectKey> slots, string ns)
    {
        var here = slots.Values.Where(key => key.Namespace == ns).ToArray();
        return limits.Cluster is { } most && slots.Count >= most ? Describe(slots.Values, most, "in the cluster")
            : limits.PerNamespace is { } few && here.Length >= few ? Describe(here, few, $"in {ns}")
            : null;
    }

    private static string Describe(IReadOnlyCollection<ObjectKey> who, int most, string where)
    {
        var named = who.Select(key => $"{key}").Order(StringComparer.Ordinal).Take(MostNamed);
        return $"{who.Count} rollouts are under way or next {where}, and {most} may be ({string.Join(", ", named)}{(who.Count > MostNamed ? ", …" : "")})";
    }

    private static string SlotOf(ObjectKey key, Delivery delivery) => delivery.Spec?.Group?.Name is { Length: > 0 } group ? $"{key.Namespace}/group {group}" : $"{key}";
}
