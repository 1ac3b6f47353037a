namespace Slipway.Signatures;

/// <summary>
/// Questions that were answered with yes: neither an image nor a signature changes, so they are not asked again. Two generations: when the
/// young one is full the old one is dropped, and what was dropped is looked for once more.
/// </summary>
internal sealed class VerifiedImages(int generation = 10_000)
{
    private readonly Lock _lock = new();
    private HashSet<string> _young = new(StringComparer.Ordinal);
    private HashSet<string> _old = new(StringComparer.Ordinal);

    public bool Contains(SignatureQuestion question)
    {
        lock (_lock)
        {
            return _young.Contains(question.Identity) || (_old.Contains(question.Identity) && Add(question.Identity));
        }
    }

    public void Add(SignatureQuestion question)
    {
        lock (_lock)
        {
            Add(question.Identity);
        }
    }

    private bool Add(string identity)
    {
        if (_young.Count >= generation)
        {
            (_old, _young) = (_young, new(StringComparer.Ordinal));
        }

        _young.Add(identity);
        return true;
    }
}
