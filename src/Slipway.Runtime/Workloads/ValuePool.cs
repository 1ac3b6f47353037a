using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Slipway.Workloads;

/// <summary>
/// Shares values that repeat from object to object (names of containers and managers, label sets, images of the pods of one
/// ReplicaSet), so that ten thousand cached records do not hold ten thousand copies. For use by several watches at once.
/// </summary>
/// <remarks>Bounded: a full pool starts anew, which forgets what nobody shares any more and costs the rest one more copy each.</remarks>
public sealed class ValuePool(int limit = ValuePool.DefaultLimit)
{
    /// <summary>Entries of each sort; at some 100 bytes each a few MB at most.</summary>
    public const int DefaultLimit = 20_000;

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, string>> _maps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FieldOwner, FieldOwner> _owners = new();

    public string Share(string text) => text.Length == 0 ? "" : Room(_texts).GetOrAdd(text, text);

    internal FieldOwner? Share(FieldOwner? owner) => owner is null ? null : Room(_owners).GetOrAdd(owner, owner);

    /// <summary>A JSON object of strings that hardly ever is that of another object too: only its strings are shared.</summary>
    internal ImmutableDictionary<string, string> Map(JsonField field) =>
        field.IsAbsent
            ? ImmutableDictionary<string, string>.Empty
            : field.Entries.ToImmutableDictionary(entry => Share(entry.Name), entry => Share(entry.Value.Text ?? ""));

    /// <summary>A JSON object of strings that many objects have alike, such as the labels of pods: equal text gives the same instance.</summary>
    internal ImmutableDictionary<string, string> SharedMap(JsonField field) =>
        field.IsAbsent
            ? ImmutableDictionary<string, string>.Empty
            : Room(_maps).GetOrAdd(field.Element.GetRawText(), static (_, state) => state.pool.Map(state.field), (field, pool: this));

    /// <summary>A map put together by the caller, under a text that tells all that is in it.</summary>
    internal ImmutableDictionary<string, string> SharedMap(string key, Func<ImmutableDictionary<string, string>> make) =>
        Room(_maps).GetOrAdd(key, _ => make());

    private ConcurrentDictionary<TKey, TValue> Room<TKey, TValue>(ConcurrentDictionary<TKey, TValue> values)
        where TKey : notnull
    {
        if (values.Count >= limit)
        {
            values.Clear();
        }

        return values;
    }
}
