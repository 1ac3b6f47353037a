using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Slipway.Policies;

/// <summary>
/// What a filter makes of the groups of a match, after Go's Regexp.Expand: <c>$1</c>, <c>$name</c>, <c>${name}</c>, <c>$$</c>. A name is as
/// long as it can be, so that <c>$1x</c> is the group <c>1x</c>; a group that is not there, or took no part, is empty; a <c>$</c> that begins
/// no name is itself.
/// </summary>
internal sealed class ExtractTemplate
{
    private readonly ImmutableArray<Part> _parts;

    private ExtractTemplate(ImmutableArray<Part> parts) => _parts = parts;

    /// <summary>The number of the group when the template is that group and nothing else.</summary>
    public int? SoleGroup => _parts is [{ Literal: null, Group: >= 0 and var group }] ? group : null;

    /// <summary>The names that the pattern has no group for; always empty in the result.</summary>
    public IEnumerable<string> UnknownGroups => _parts.Where(part => part is { Literal: null, Group: < 0 }).Select(part => part.Name);

    public static ExtractTemplate Parse(string text, ImmutableArray<string> groupNames)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var name = text[at] == '$' ? NameAt(text, at, out var next) : Nothing(at, out next);
            if (name is not null)
            {
                Flush(literal, parts);
                parts.Add(new Part(null, name, GroupOf(name, groupNames)));
                at = next;
                continue;
            }

            literal.Append(text[at]);
            at += text.AsSpan(at).StartsWith("$$") ? 2 : 1;
        }

        Flush(literal, parts);
        return new ExtractTemplate(parts.ToImmutable());
    }

    /// <param name="places">Two to each group, -1 where it took no part.</param>
    public string Expand(ReadOnlySpan<char> text, ReadOnlySpan<int> places)
    {
        var expanded = new StringBuilder();
        foreach (var part in _parts)
        {
            if (part.Literal is not null)
            {
                expanded.Append(part.Literal);
            }
            else if (part.Group >= 0 && places[2 * part.Group] >= 0)
            {
                expanded.Append(text[places[2 * part.Group]..places[(2 * part.Group) + 1]]);
            }
        }

        return expanded.ToString();
    }

    private static void Flush(StringBuilder literal, ImmutableArray<Part>.Builder parts)
    {
        if (literal.Length > 0)
        {
            parts.Add(new Part(literal.ToString(), "", -1));
            literal.Clear();
        }
    }

    private static string? Nothing(int at, out int next)
    {
        next = at;
        return null;
    }

    private static string? NameAt(string text, int dollar, out int next)
    {
        var braced = dollar + 1 < text.Length && text[dollar + 1] == '{';
        var start = dollar + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        var closed = !braced || (end < text.Length && text[end] == '}');
        next = end + (braced ? 1 : 0);
        return end > start && closed ? text[start..end] : null;
    }

    private static int GroupOf(string name, ImmutableArray<string> groupNames)
    {
        if (name.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return groupNames.IndexOf(name);
        }

        var isNumber = (name is "0" || name[0] != '0') && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < groupNames.Length;
        return isNumber ? int.Parse(name, CultureInfo.InvariantCulture) : -1;
    }

    /// <param name="Literal">Null for a group.</param>
    /// <param name="Group">Its number; negative where the pattern has none of that name.</param>
    private readonly record struct Part(string? Literal, string Name, int Group);
}
