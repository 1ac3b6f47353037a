using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Registry;

/// <param name="At">Null where the image does not tell.</param>
/// <param name="IsMissing">The list has the tag and the registry has nothing under it: it was deleted, or is not readable yet.</param>
internal readonly record struct BuiltAt(DateTimeOffset? At, bool IsMissing = false)
{
    public static readonly BuiltAt Untold = new(null);

    public static readonly BuiltAt Missing = new(null, IsMissing: true);
}

/// <summary>
/// When the images under the tags of one repository were built. Names are kept as 128 bits of their SHA-256, so that a tag costs some fifty
/// bytes however long it is, and a hundred thousand of them a few MiB.
/// </summary>
/// <param name="file">Where they outlive the process; null: nowhere.</param>
internal sealed class TagBuilds(BuildFile? file = null)
{
    private readonly Dictionary<UInt128, long> _unsaved = [];
    private Dictionary<UInt128, long>? _known;

    public int Count => Times.Count;

    // Read when first asked for: only a policy that goes by build times does.
    private Dictionary<UInt128, long> Times => _known ??= file?.Load() ?? [];

    /// <summary>Null where it was not read yet.</summary>
    public BuiltAt? Find(string tag) => Times.TryGetValue(Key(tag), out var time) ? Packed.Out(time) : null;

    public void Keep(string tag, BuiltAt built)
    {
        Times[Key(tag)] = Packed.In(built);
        if (file is not null && !built.IsMissing)
        {
            _unsaved[Key(tag)] = Packed.In(built);
        }
    }

    /// <summary>Writes down what is new since the last time.</summary>
    public void Save()
    {
        if (_unsaved.Count > 0)
        {
            file?.Append(_unsaved);
            _unsaved.Clear();
        }
    }

    /// <summary>Forgets the tags that are no longer there, once they are worth the walk.</summary>
    public void Prune(IReadOnlyList<string> present)
    {
        if (Times.Count <= present.Count + 64)
        {
            return;
        }

        var kept = new Dictionary<UInt128, long>(present.Count);
        foreach (var key in present.Select(Key))
        {
            if (Times.TryGetValue(key, out var time))
            {
                kept[key] = time;
            }
        }

        _known = kept;
    }

    private static UInt128 Key(string tag) => Packed.Key(tag);
}

/// <summary>When images were built, by digest: content does not change, so this is true for ever. Bounded as <see cref="FactsCache"/> is.</summary>
internal sealed class DigestBuilds
{
    // Some fifty bytes each.
    private const int Generation = 50_000;

    private readonly Lock _lock = new();
    private Dictionary<UInt128, long> _young = [];
    private Dictionary<UInt128, long> _old = [];

    public BuiltAt? Find(string digest)
    {
        var key = Packed.Key(digest);
        lock (_lock)
        {
            return _young.TryGetValue(key, out var time) || _old.TryGetValue(key, out time) ? Packed.Out(time) : null;
        }
    }

    public void Keep(string digest, BuiltAt built)
    {
        lock (_lock)
        {
            if (_young.Count >= Generation)
            {
                (_old, _young) = (_young, []);
            }

            _young[Packed.Key(digest)] = Packed.In(built);
        }
    }
}

/// <summary>Names and instants in as few bytes as they need.</summary>
file static class Packed
{
    private const long Untold = long.MinValue;

    private const long Missing = long.MinValue + 1;

    public static UInt128 Key(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public static long In(BuiltAt built) => built.At?.ToUnixTimeMilliseconds() ?? (built.IsMissing ? Missing : Untold);

    public static BuiltAt Out(long time) => time switch
    {
        Untold => BuiltAt.Untold,
        Missing => BuiltAt.Missing,
        _ => new(DateTimeOffset.FromUnixTimeMilliseconds(time)),
    };
}
