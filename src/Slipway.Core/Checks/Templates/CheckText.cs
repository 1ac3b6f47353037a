using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Slipway.Checks.Templates;

/// <summary>A query, an address, a body with places for values. What is put in cannot change what the rest of it means.</summary>
public sealed class CheckText
{
    private readonly ImmutableArray<(string Literal, Placeholder? Slot)> _parts;
    private readonly TextSyntax _syntax;

    private CheckText(ImmutableArray<(string, Placeholder?)> parts, TextSyntax syntax) => (_parts, _syntax) = (parts, syntax);

    /// <summary>Whether it is another text for the new version than for the stable one.</summary>
    public bool IsSided => Names.Any(name => name.StartsWith("side.", StringComparison.Ordinal));

    public IEnumerable<string> Names => _parts.Where(part => part.Slot is not null).Select(part => part.Slot!.Value.Name);

    /// <param name="arguments">Names of the arguments that there are.</param>
    public static bool TryParse(string text, TextSyntax syntax, IReadOnlyCollection<string> arguments, [NotNullWhen(true)] out CheckText? parsed, out string problem)
    {
        parsed = null;
        problem = "";
        var parts = ImmutableArray.CreateBuilder<(string, Placeholder?)>();
        var place = new PlaceInText(syntax);
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            var literal = open < 0 ? text[at..] : text[at..open];
            place.Pass(literal);
            if (open < 0)
            {
                parts.Add((literal, null));
                break;
            }

            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                problem = $"the placeholder '{text[open..Math.Min(text.Length, open + 20)]}' has no end: write for example {{{{ candidate.pods }}}}";
                return false;
            }

            var slot = place.Here(text[(open + 2)..close].Trim());
            if (WhyNot(slot, syntax, arguments) is { } why)
            {
                problem = why;
                return false;
            }

            parts.Add((literal, slot));
            at = close + 2;
        }

        parsed = new CheckText(parts.ToImmutable(), syntax);
        return true;
    }

    /// <param name="valueOf">The value of a placeholder; null where there is none here.</param>
    public bool TryRender(Func<string, string?> valueOf, [NotNullWhen(true)] out string? text, out string problem)
    {
        (text, problem) = (null, "");
        var built = new StringBuilder();
        foreach (var (literal, slot) in _parts)
        {
            built.Append(literal);
            if (slot is not { } place)
            {
                continue;
            }

            if (valueOf(place.Name) is not { } value)
            {
                problem = $"there is no {place.Name} here";
                return false;
            }

            if (Escaped(place, value) is not { } escaped)
            {
                problem = $"the value of {place.Name} cannot stand where it is put";
                return false;
            }

            built.Append(escaped);
        }

        text = built.ToString();
        return true;
    }

    private static string? WhyNot(Placeholder slot, TextSyntax syntax, IReadOnlyCollection<string> arguments) => slot switch
    {
        { Name: var name } when Placeholders.Argument(name) is { } argument && !arguments.Contains(argument) =>
            $"{{{{ {name} }}}} is no argument of this check{(arguments.Count == 0 ? "" : $": there are {string.Join(", ", arguments)}")}",
        { Name: var name } when Placeholders.Argument(name) is null && !Placeholders.IsKnown(name) => $"{{{{ {name} }}}} is no placeholder: there are {Placeholders.All}",
        { IsPattern: true, InPattern: false } when syntax == TextSyntax.PromQl => $"{{{{ {slot.Name} }}}} is a regular expression of names: write pod=~\"{{{{ {slot.Name} }}}}\"",
        { Quote: '\0' } when syntax == TextSyntax.PromQl && Placeholders.Argument(slot.Name) is null => $"{{{{ {slot.Name} }}}} stands outside of quotes: put quotes around it",
        { InHost: true } when !Placeholders.MayBeInHost(slot.Name) => $"{{{{ {slot.Name} }}}} cannot be part of a host's name",
        _ => null,
    };

    private string? Escaped(Placeholder slot, string value) => _syntax switch
    {
        TextSyntax.Url when slot.InHost => Placeholders.Host.IsMatch(value) ? value : null,
        TextSyntax.Url => Uri.EscapeDataString(value),
        TextSyntax.Json => JavaScriptEncoder.Default.Encode(value),
        TextSyntax.Plain => value.AsSpan().ContainsAny('\r', '\n', '\0') ? null : value,
        _ when slot.Quote == '\0' => Placeholders.Bare.IsMatch(value) ? value : null,
        _ => Quoted(slot.InPattern && !slot.IsPattern ? Regex.Escape(value).Replace("]", "\\]", StringComparison.Ordinal) : value, slot.Quote),
    };

    // Prometheus documentation, "Querying basics", String literals: the escapes of Go; none within backticks.
    private static string? Quoted(string value, char quote) => quote == '`'
        ? value.Contains('`', StringComparison.Ordinal) ? null : value
        : value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace($"{quote}", $"\\{quote}", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal);
}
