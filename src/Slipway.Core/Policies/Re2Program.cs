using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Slipway.Policies;

internal enum Re2Step
{
    /// <summary>One letter of the set <c>X</c>, then the next step.</summary>
    Letter,

    /// <summary>Go on at <c>X</c>, and at <c>Y</c> when that leads nowhere.</summary>
    Either,

    /// <summary>Go on at <c>X</c>.</summary>
    Jump,

    /// <summary>Note the place in the slot <c>X</c>.</summary>
    Save,

    /// <summary>Go on only where the assertion <c>X</c> holds.</summary>
    Assert,

    Match,
}

internal readonly record struct Re2Instruction(Re2Step Step, int X = 0, int Y = 0);

/// <summary>A pattern as steps, in the order in which its alternatives are to be tried: the first that succeeds is the match, as in Go and Perl.</summary>
internal sealed class Re2Program
{
    private readonly List<Re2Instruction> _steps = [];

    private readonly List<UInt128> _sets = [];

    private readonly Dictionary<Re2Node.Letter, int> _known = [];

    private Re2Program() { }

    /// <summary>Two to a group: where it begins and where it ends.</summary>
    public int Slots { get; private init; }

    public ImmutableArray<Re2Instruction> Steps { get; private set; } = [];

    /// <summary>By ASCII letter, one bit each. Tags have no others.</summary>
    public ImmutableArray<UInt128> Sets { get; private set; } = [];

    public static Re2Program Compile(Re2Node node, int groups)
    {
        var program = new Re2Program { Slots = 2 * groups };
        program.Emit(node);
        program._steps.Add(new Re2Instruction(Re2Step.Match));
        program.Steps = [.. program._steps];
        program.Sets = [.. program._sets];
        return program;
    }

    private void Emit(Re2Node node)
    {
        switch (node)
        {
            case Re2Node.Letter letter:
                _steps.Add(new Re2Instruction(Re2Step.Letter, SetOf(letter)));
                break;
            case Re2Node.Assertion assertion:
                _steps.Add(new Re2Instruction(Re2Step.Assert, (int)assertion.Kind));
                break;
            case Re2Node.Group { Number: { } number } group:
                _steps.Add(new Re2Instruction(Re2Step.Save, 2 * number));
                Emit(group.Inside);
                _steps.Add(new Re2Instruction(Re2Step.Save, (2 * number) + 1));
                break;
            case Re2Node.Group group:
                Emit(group.Inside);
                break;
            case Re2Node.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Emit(part);
                }

                break;
            case Re2Node.Choice choice:
                EmitChoice(choice);
                break;
            case Re2Node.Repeat repeat:
                EmitRepeat(repeat);
                break;
            default:
                throw new UnreachableException($"unknown node {node}");
        }
    }

    private void EmitChoice(Re2Node.Choice choice)
    {
        var jumps = new List<int>();
        foreach (var branch in choice.Branches[..^1])
        {
            var either = Reserve();
            Emit(branch);
            jumps.Add(Reserve());
            _steps[either] = new Re2Instruction(Re2Step.Either, either + 1, _steps.Count);
        }

        Emit(choice.Branches[^1]);
        foreach (var jump in jumps)
        {
            _steps[jump] = new Re2Instruction(Re2Step.Jump, _steps.Count);
        }
    }

    private void EmitRepeat(Re2Node.Repeat repeat)
    {
        // The last of the required ones loops where there is no end; x* of an x that can match nothing is (x+)?, as in Go since 1.17.
        var loops = repeat.Most is null && (repeat.Least > 0 || repeat.Inside.MatchesNothing);
        for (var copy = loops ? 1 : 0; copy < repeat.Least; copy++)
        {
            Emit(repeat.Inside);
        }

        var optional = new List<int>();
        if (repeat.Most is null)
        {
            EmitEndless(repeat, loops, optional);
        }

        for (var copy = repeat.Least; copy < repeat.Most; copy++)
        {
            optional.Add(Reserve());
            Emit(repeat.Inside);
        }

        foreach (var either in optional)
        {
            _steps[either] = Either(repeat, either + 1, _steps.Count);
        }
    }

    private void EmitEndless(Re2Node.Repeat repeat, bool loops, List<int> optional)
    {
        if (repeat.Least == 0)
        {
            optional.Add(Reserve());
        }

        var start = _steps.Count;
        Emit(repeat.Inside);
        var end = Reserve();
        _steps[end] = loops ? Either(repeat, start, end + 1) : new Re2Instruction(Re2Step.Jump, start - 1);
    }

    private static Re2Instruction Either(Re2Node.Repeat repeat, int again, int on) =>
        repeat.IsLazy ? new Re2Instruction(Re2Step.Either, on, again) : new Re2Instruction(Re2Step.Either, again, on);

    private int Reserve()
    {
        _steps.Add(default);
        return _steps.Count - 1;
    }

    // .NET is asked once for each ASCII letter, so that what a class holds is told in one place and not in two that may differ.
    private int SetOf(Re2Node.Letter letter)
    {
        if (_known.TryGetValue(letter, out var index))
        {
            return index;
        }

        var regex = new Regex($@"\A{letter.Expression}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        var members = UInt128.Zero;
        for (var ascii = 0; ascii < 128; ascii++)
        {
            members |= regex.IsMatch([(char)ascii]) ? UInt128.One << ascii : UInt128.Zero;
        }

        _sets.Add(members);
        _known.Add(letter, _sets.Count - 1);
        return _sets.Count - 1;
    }
}
