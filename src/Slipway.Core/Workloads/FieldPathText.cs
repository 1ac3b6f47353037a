using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Slipway.Workloads;

/// <summary>
/// The grammar of a <see cref="FieldPath"/>:
/// <code>
/// path  = first *( "." name / "[" index / item / quoted "]" )     first = name / "[" quoted "]"
/// name  = 1*( letter / digit / "_" / "-" / "$" )                  index = 1*4 digit
/// item  = name "=" ( value / quoted )                             value = 1*( any but "]", quotes and blanks )
/// quoted = "..." or '...', in which \ takes the next character as it is
/// </code>
/// </summary>
internal sealed class FieldPathText(string text)
{
    private const int Longest = 512;
    private const int MostSteps = 32;

    // Who may be told apart by an image that lies there? Nobody: these parts are the server's, or the controller's own word.
    private static readonly ImmutableArray<string> Refused = ["apiVersion", "kind", "metadata", "status"];

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$");

    private int _at;

    public static bool IsPlain(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Plain);

    public static bool IsPlainValue(string value) => value.Length > 0 && !value.Any(letter => letter is ']' or '"' or '\'' or '\\' || char.IsWhiteSpace(letter));

    private bool IsDone => _at >= text.Length;

    /// <summary>Default where there is an <paramref name="error"/>.</summary>
    public ImmutableArray<PathStep> Read(out string error)
    {
        error = text.Length switch
        {
            0 => "is missing; write for example spec.values.image.tag",
            > Longest => $"is longer than {Longest} characters",
            _ => "",
        };
        var steps = ImmutableArray.CreateBuilder<PathStep>();
        while (error.Length == 0 && !IsDone)
        {
            if (Step(steps.Count == 0, out error) is not { } step)
            {
                break;
            }

            steps.Add(step);
            error = steps.Count > MostSteps ? $"has more than {MostSteps} steps" : "";
        }

        error = error.Length > 0 ? error : steps[0] switch
        {
            PathStep.Field { Name: var root } when !Refused.Contains(root) => steps.Count > 1 ? "" : "names a whole part of the object; name the field in it that holds the image",
            PathStep.Field { Name: var root } => $"begins with {root}, which is not for an image; name a field of the spec",
            _ => "begins with a list; an object has fields",
        };
        return error.Length == 0 ? steps.ToImmutable() : default;
    }

    private PathStep? Step(bool first, out string error)
    {
        error = "";
        if (text[_at] == '[')
        {
            _at++;
            return Bracket(out error);
        }

        if (!first && text[_at] != '.')
        {
            error = $"has '{text[_at]}' at {Place}; steps are separated by dots, and a key with other characters is written as [\"key\"]";
            return null;
        }

        _at += first ? 0 : 1;
        if (Name() is not { Length: > 0 } name)
        {
            error = $"has no name at {Place}; a key with other characters than letters, digits, '_', '-' and '$' is written as [\"key\"]";
            return null;
        }

        return new PathStep.Field(name);
    }

    private PathStep? Bracket(out string error)
    {
        var quoted = Quoted(out error);
        var name = quoted is null && error.Length == 0 ? Name() : "";
        PathStep? step = null;
        if (quoted is not null)
        {
            step = new PathStep.Field(quoted);
        }
        else if (name.Length is > 0 and <= 4 && name.All(char.IsAsciiDigit))
        {
            step = new PathStep.Index(int.Parse(name, CultureInfo.InvariantCulture));
        }
        else if (name.Length > 0 && Take('='))
        {
            var value = Quoted(out error) ?? (error.Length == 0 ? Value() : "");
            step = value.Length > 0 ? new PathStep.Item(name, value) : null;
        }

        if (error.Length > 0 || (step is not null && Take(']')))
        {
            return error.Length > 0 ? null : step;
        }

        error = $"has a bracket that cannot be read, at {Place}; write [0], [name=web] or [\"key\"]";
        return null;
    }

    private string Name() => Run(letter => Plain.Contains(letter));

    private string Value() => Run(letter => letter is not (']' or '"' or '\'' or '\\') && !char.IsWhiteSpace(letter));

    private string Run(Func<char, bool> belongs)
    {
        var from = _at;
        while (!IsDone && belongs(text[_at]))
        {
            _at++;
        }

        return text[from.._at];
    }

    /// <summary>Null where there are no quotes.</summary>
    private string? Quoted(out string error)
    {
        error = "";
        if (IsDone || text[_at] is not ('"' or '\''))
        {
            return null;
        }

        var (quote, read) = (text[_at++], new StringBuilder());
        while (!IsDone && text[_at] != quote)
        {
            _at += text[_at] == '\\' ? 1 : 0;
            read.Append(IsDone ? "" : text[_at++]);
        }

        error = !Take(quote) ? $"has a quote that is not closed: {quote}" : read.Length == 0 ? "has an empty key" : "";
        return error.Length == 0 ? read.ToString() : null;
    }

    private bool Take(char expected)
    {
        if (IsDone || text[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private string Place => string.Create(CultureInfo.InvariantCulture, $"character {_at + 1}");
}
