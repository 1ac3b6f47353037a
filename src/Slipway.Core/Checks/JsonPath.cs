using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Slipway.Checks.Expressions;

namespace Slipway.Checks;

/// <summary>
/// A way to a part of a JSON value: <c>$.data.items[0]['a.b']</c>, <c>$.items[*].ok</c>, with kubectl's braces or without. Of RFC 9535 it has
/// names, indexes and wildcards; what searches or filters is left to the expression.
/// </summary>
public sealed class JsonPath
{
    private readonly ImmutableArray<object> _steps;

    private JsonPath(ImmutableArray<object> steps) => _steps = steps;

    // A step is a string (a field), an int (a place) or this: all of them.
    private static readonly object Every = new();

    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path)
    {
        path = null;
        var rest = text.Trim();
        rest = rest.StartsWith('{') && rest.EndsWith('}') ? rest[1..^1] : rest;
        rest = rest.StartsWith('$') ? rest[1..] : rest;
        var steps = ImmutableArray.CreateBuilder<object>();
        while (rest.Length > 0)
        {
            if (Step(ref rest) is not { } step || steps.Count == 32)
            {
                return false;
            }

            steps.Add(step);
        }

        path = new JsonPath(steps.ToImmutable());
        return true;
    }

    /// <summary>What is there; a list where the way has a wildcard; nothing where it ends before.</summary>
    public CheckValue Of(JsonElement json)
    {
        IEnumerable<JsonElement> found = [json];
        foreach (var step in _steps)
        {
            found = found.SelectMany(element => Below(element, step));
        }

        JsonElement[] all = [.. found.Take(10_000)];
        return _steps.Contains(Every) ? new CheckValue.Many([.. all.Select(CheckValue.Of)])
            : all is [var only] ? CheckValue.Of(only)
            : CheckValue.Absent.Here;
    }

    private static IEnumerable<JsonElement> Below(JsonElement element, object step) => (element.ValueKind, step) switch
    {
        (JsonValueKind.Object, string name) => element.TryGetProperty(name, out var field) ? [field] : [],
        (JsonValueKind.Array, int at) => Place(element, at),
        (JsonValueKind.Array, not string) => element.EnumerateArray(),
        (JsonValueKind.Object, not (string or int)) => element.EnumerateObject().Select(field => field.Value),
        _ => [],
    };

    // From the end where it is negative (RFC 9535, section 2.3.3).
    private static IEnumerable<JsonElement> Place(JsonElement list, int at)
    {
        var index = at < 0 ? list.GetArrayLength() + at : at;
        return index >= 0 && index < list.GetArrayLength() ? [list[index]] : [];
    }

    private static object? Step(ref string rest)
    {
        if (rest.StartsWith('.') && rest.Length > 1)
        {
            var end = rest.IndexOfAny(['.', '['], 1);
            var name = end < 0 ? rest[1..] : rest[1..end];
            rest = end < 0 ? "" : rest[end..];
            return name switch
            {
                "*" => Every,
                _ when name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-') => name,
                _ => null,
            };
        }

        var close = rest.StartsWith('[') ? End(rest) : -1;
        if (close < 0)
        {
            return null;
        }

        var inner = rest[1..close].Trim();
        rest = rest[(close + 1)..];
        return inner is "*" ? Every
            : inner.Length >= 2 && inner[0] is '\'' or '"' && inner[^1] == inner[0] ? inner[1..^1]
            : int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) ? index
            : null;
    }

    // A bracket within quotes ends nothing.
    private static int End(string rest)
    {
        var quote = rest.Length > 1 && rest[1] is '\'' or '"' ? rest[1] : '\0';
        return quote == '\0' ? rest.IndexOf(']') : rest.IndexOf(quote, 2) is > 0 and var closing ? rest.IndexOf(']', closing) : -1;
    }
}
