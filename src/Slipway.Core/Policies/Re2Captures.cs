namespace Slipway.Policies;

/// <summary>
/// Finds the groups of a match by trying the steps of a program in their order, and no step twice at one place of the text: a step that led
/// nowhere once leads nowhere again. So the time is at most the product of the two lengths (the bit-state search of RE2).
/// </summary>
/// <remarks>.NET's non-backtracking engine finds the same matches but in a group with alternatives not always the first that fits.</remarks>
internal ref struct Re2Captures(Re2Program program, ReadOnlySpan<char> text, Span<int> slots)
{
    private readonly ReadOnlySpan<Re2Instruction> _steps = program.Steps.AsSpan();

    private readonly ReadOnlySpan<UInt128> _sets = program.Sets.AsSpan();

    private readonly ReadOnlySpan<char> _text = text;

    private readonly Span<int> _slots = slots;

    private Span<ulong> _tried;

    private Span<Todo> _todo;

    private int _waiting;

    /// <param name="slots">Of the program's number. -1 for a group that took no part.</param>
    public static bool TryFind(Re2Program program, ReadOnlySpan<char> text, Span<int> slots)
    {
        const int OnStack = 256;
        var bits = program.Steps.Length * (text.Length + 1);
        Span<ulong> tried = bits <= OnStack * 64 ? stackalloc ulong[OnStack] : new ulong[(bits / 64) + 1];
        tried.Clear();
        Span<Todo> todo = stackalloc Todo[OnStack];
        var search = new Re2Captures(program, text, slots) { _tried = tried, _todo = todo };
        for (var start = 0; start <= text.Length; start++)
        {
            if (search.From(start))
            {
                return true;
            }
        }

        return false;
    }

    private bool From(int start)
    {
        _slots.Fill(-1);
        _slots[0] = start;
        Later(0, start);
        while (_waiting > 0)
        {
            var (step, place) = _todo[--_waiting];
            if (step < 0)
            {
                // Back before the group was entered: what it had noted then counts again.
                _slots[~step] = place;
            }
            else if (Follow(step, place))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One way to its end; what else could be tried on it is left for later.</summary>
    private bool Follow(int step, int place)
    {
        while (IsNew(step, place))
        {
            var (kind, x, y) = _steps[step];
            switch (kind)
            {
                case Re2Step.Letter when place < _text.Length && Has(_sets[x], _text[place]):
                    (step, place) = (step + 1, place + 1);
                    break;
                case Re2Step.Either:
                    Later(y, place);
                    step = x;
                    break;
                case Re2Step.Jump:
                    step = x;
                    break;
                case Re2Step.Save:
                    Later(~x, _slots[x]);
                    _slots[x] = place;
                    step++;
                    break;
                case Re2Step.Assert when Holds((Re2Assertion)x, place):
                    step++;
                    break;
                case Re2Step.Match:
                    _slots[1] = place;
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    private readonly bool IsNew(int step, int place)
    {
        var bit = (step * (_text.Length + 1)) + place;
        var before = _tried[bit >> 6];
        _tried[bit >> 6] |= 1UL << bit;
        return _tried[bit >> 6] != before;
    }

    private void Later(int step, int place)
    {
        if (_waiting == _todo.Length)
        {
            var more = new Todo[_todo.Length * 2];
            _todo.CopyTo(more);
            _todo = more;
        }

        _todo[_waiting++] = new Todo(step, place);
    }

    private static bool Has(UInt128 members, char letter) => letter < 128 && (members >> letter & UInt128.One) != UInt128.Zero;

    private readonly bool Holds(Re2Assertion assertion, int place) => assertion switch
    {
        Re2Assertion.TextStart => place == 0,
        Re2Assertion.TextEnd => place == _text.Length,
        Re2Assertion.LineStart => place == 0 || _text[place - 1] == '\n',
        Re2Assertion.LineEnd => place == _text.Length || _text[place] == '\n',
        Re2Assertion.WordBoundary => IsWord(place - 1) != IsWord(place),
        _ => IsWord(place - 1) == IsWord(place),
    };

    private readonly bool IsWord(int place) => place >= 0 && place < _text.Length && (char.IsAsciiLetterOrDigit(_text[place]) || _text[place] == '_');

    /// <param name="Step">Where to go on; its complement is a slot to put <paramref name="Place"/> back into.</param>
    private readonly record struct Todo(int Step, int Place);
}
