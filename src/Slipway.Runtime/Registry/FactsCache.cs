namespace Slipway.Registry;

/// <summary>
/// What is known of digests. Two generations: when the young one is full the old one is dropped, so that what is still asked for stays and
/// the memory is bounded without a list of uses.
/// </summary>
internal sealed class FactsCache
{
    // Some hundred bytes each: 5,000 repositories with two digests in use, and room.
    private const int Generation = 10_000;

    /// <summary>When the images were built; kept by themselves, since a policy that goes by it asks for every tag of a repository.</summary>
    public DigestBuilds Builds { get; } = new();

    private readonly Lock _lock = new();
    private Dictionary<(string Digest, bool WithLabels), Known> _young = [];
    private Dictionary<(string Digest, bool WithLabels), Known> _old = [];

    public ImageFacts? Find(string digest, bool withLabels) => Look(digest, withLabels).Facts;

    /// <summary>Why these bytes are nothing that can run; null where they may be.</summary>
    public string? WhyUnusable(string digest) => Look(digest, withLabels: false).WhyNot;

    public void Keep(string digest, bool withLabels, ImageFacts facts) => Add((digest, withLabels), new Known(facts, null));

    public void Refuse(string digest, string why) => Add((digest, false), new Known(null, why));

    private Known Look(string digest, bool withLabels)
    {
        lock (_lock)
        {
            if (!_young.TryGetValue((digest, withLabels), out var known) && _old.TryGetValue((digest, withLabels), out known))
            {
                Add((digest, withLabels), known);
            }

            return known;
        }
    }

    private void Add((string Digest, bool WithLabels) key, Known known)
    {
        lock (_lock)
        {
            if (_young.Count >= Generation)
            {
                (_old, _young) = (_young, []);
            }

            _young[key] = known;
        }
    }

    private readonly record struct Known(ImageFacts? Facts, string? WhyNot);
}
