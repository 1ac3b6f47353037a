namespace Slipway.Policies;

/// <summary>
/// Keeps two accounts of a pattern while it is read: how large its automaton may become (repeats multiply what they repeat, so that twenty
/// letters can ask for a million states), and whether its one group has ends of a fixed width.
/// </summary>
internal sealed class Re2Size
{
    private readonly Stack<(long Size, bool Captures)> _outer = [];

    private long _size;

    private long _last;

    private bool _lastCaptures;

    private int _before = -1;

    private int _width;

    private bool _anchoredStart;

    private bool _anchoredEnd;

    private bool _movable;

    /// <summary>States, roughly: one for each letter or class that the pattern would have with its repeats written out.</summary>
    public long States => _size;

    public FixedEnds? FixedEnds => _anchoredStart && _anchoredEnd && _before >= 0 && !_movable ? new FixedEnds(_before, _width) : null;

    private bool AtTop => _outer.Count == 0;

    public void Letter()
    {
        _last = 1;
        _size++;
        _lastCaptures = false;
        Widen(1);
    }

    public void Start() => _anchoredStart |= AtTop && _size == 0 && _width == 0;

    public void End() => _anchoredEnd |= AtTop;

    /// <summary>Another assertion, an alternative, or flags that change what an anchor means.</summary>
    public void Other() => _movable |= AtTop;

    public void Open(bool captures)
    {
        if (AtTop)
        {
            // A second group, or one that does not capture, is of unknown width.
            _movable |= !captures || _before >= 0 || _anchoredEnd;
            _before = _width;
            _width = 0;
        }

        _outer.Push((_size, captures));
        _size = 0;
    }

    public void Close()
    {
        var (outer, captures) = _outer.Pop();
        _last = _size;
        _lastCaptures = captures;
        _size += outer;
    }

    public void Repeat(int most, bool exactly)
    {
        var extra = _last * (Math.Max(most, 1) - 1);
        _size += extra;
        if (AtTop)
        {
            _movable |= !exactly || _last > 1 || _lastCaptures;
            Widen(most - 1);
        }

        _last += extra;
    }

    private void Widen(int letters)
    {
        if (AtTop)
        {
            _movable |= _anchoredEnd;
            _width += letters;
        }
    }
}
