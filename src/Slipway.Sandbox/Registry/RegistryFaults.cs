using System.Collections.Immutable;

namespace Slipway.Sandbox.Registry;

/// <summary>Decides which requests go wrong: by a script (first entry that fits), else by chance from a seed.</summary>
public sealed class RegistryFaults
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _script = [];
    private Func<RegistryRequest, RegistryFault?> _chance = _ => null;

    public void Add(RegistryFault fault, FaultMatch? match = null)
    {
        lock (_gate)
        {
            _script.Add(new Entry(fault, match ?? new FaultMatch()));
        }
    }

    /// <summary>Each request goes wrong with this probability, in one of these ways. The same seed and the same requests give the same faults.</summary>
    public void AddRandom(int seed, double probability, params ImmutableArray<RegistryFault> kinds)
    {
        var random = new Random(seed);
        lock (_gate)
        {
            // The dice are thrown for every request, so that one more fault does not shift all later ones.
            _chance = _ => random.NextDouble() is var dice && random.Next(kinds.Length) is var kind && dice < probability ? kinds[kind] : null;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _script.Clear();
            _chance = _ => null;
        }
    }

    internal RegistryFault? Next(RegistryRequest request)
    {
        lock (_gate)
        {
            return _script.Find(entry => entry.Match.Fits(request) && entry.Hits())?.Fault ?? _chance(request);
        }
    }

    private sealed class Entry(RegistryFault fault, FaultMatch match)
    {
        private int _seen;

        public RegistryFault Fault => fault;

        public FaultMatch Match => match;

        public bool Hits() => _seen++ is var before && before >= match.After && before - match.After < match.Times;
    }
}
