using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Cli.JsonPaths;

/// <summary>
/// A way through a JSON value by kubectl's rules: <c>.a.b</c>, <c>['a','b']</c>, <c>[0]</c>, <c>[-1]</c>, <c>[1:3]</c>, <c>[*]</c>, <c>..a</c> and
/// <c>[?(@.a=="b")]</c>. A dot in a name is written <c>\.</c>.
/// </summary>
internal sealed class FieldPath
{
    private const int MostSteps = 64;
    private const int MostValues = 100_000;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create(" ()|{}'\"");

    private readonly bool _fromRoot;
    private readonly ImmutableArray<Step> _steps;

    private FieldPath(bool fromRoot, ImmutableArray<Step> steps) => (_fromRoot, _steps) = (fromRoot, steps);

    private abstract record Step
    {
        public sealed record Fields(ImmutableArray<string> Names) : Step;

        public sealed record Places(ImmutableArray<int> Indexes) : Step;

        public sealed record Slice(int? From, int? To, int Stride) : Step;

        public sealed record Every : Step;

        public sealed record Anywhere : Step;

        public sealed record Where(FieldTest Test) : Step;
    }

    /// <exception cref="JsonPathException">It cannot be read.</exception>
    public static FieldPath Parse(string text)
    {
        var (rest, fromRoot) = text switch
        {
            ['$', .. var after] => (after, true),
            ['@', .. var after] => (after, false),
            ['.' or '[', ..] => (text, false),
            _ => throw new JsonPathException($"'{text}' is no path: one starts with a dot, such as .metadata.name"),
        };
        var steps = ImmutableArray.CreateBuilder<Step>();
        for (var at = 0; at < rest.Length;)
        {
            ReadStep(rest, ref at, steps);
            if (steps.Count > MostSteps)
            {
                throw new JsonPathException($"'{text}' has more than {MostSteps} parts");
            }
        }

        return new FieldPath(fromRoot, steps.ToImmutable());
    }

    /// <summary>What is there; nothing where the way ends before.</summary>
    public IEnumerable<JsonNode?> Of(JsonNode? root, JsonNode? here)
    {
        IEnumerable<JsonNode?> found = [_fromRoot ? root : here];
        foreach (var step in _steps)
        {
            found = found.SelectMany(node => Below(node, step)).Take(MostValues);
        }

        return found;
    }

    private static IEnumerable<JsonNode?> Below(JsonNode? node, Step step) => (node, step) switch
    {
        (JsonObject fields, Step.Fields wanted) => wanted.Names.Where(fields.ContainsKey).Select(name => fields[name]),
        (JsonObject fields, Step.Every) => fields.Select(field => field.Value),
        (JsonArray items, Step.Every) => items,
        (JsonArray items, Step.Places wanted) => wanted.Indexes.Select(index => index < 0 ? items.Count + index : index).Where(index => index >= 0 && index < items.Count).Select(index => items[index]),
        (JsonArray items, Step.Slice slice) => Sliced(items, slice),
        (JsonArray items, Step.Where where) => items.Where(where.Test.Holds),
        (_, Step.Anywhere) => Descendants(node),
        _ => [],
    };

    private static IEnumerable<JsonNode?> Sliced(JsonArray items, Step.Slice slice)
    {
        int Place(int index) => Math.Clamp(index < 0 ? items.Count + index : index, 0, items.Count);
        for (var index = Place(slice.From ?? 0); index < Place(slice.To ?? items.Count); index += slice.Stride)
        {
            yield return items[index];
        }
    }

    private static IEnumerable<JsonNode?> Descendants(JsonNode? node)
    {
        yield return node;
        var below = node switch { JsonObject fields => fields.Select(field => field.Value), JsonArray items => items, _ => [] };
        foreach (var deeper in below.SelectMany(Descendants))
        {
            yield return deeper;
        }
    }

    private static void ReadStep(string text, ref int at, ImmutableArray<Step>.Builder steps)
    {
        if (text[at] == '[')
        {
            steps.Add(Bracketed(Inside(text, ref at), text));
            return;
        }

        if (text[at] != '.')
        {
            throw new JsonPathException($"'{text[at..]}' in '{text}': a dot or a bracket must come here");
        }

        at++;
        if (at < text.Length && text[at] == '.')
        {
            steps.Add(new Step.Anywhere());
            at++;
        }

        if (at < text.Length && text[at] != '[')
        {
            var name = Name(text, ref at);
            steps.Add(name == "*" ? new Step.Every() : new Step.Fields([name]));
        }
    }

    private static string Name(string text, ref int at)
    {
        var name = new System.Text.StringBuilder();
        for (; at < text.Length && text[at] is not ('.' or '['); at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            name.Append(text[at]);
        }

        var read = name.ToString();
        return read.Length > 0 && !read.AsSpan().ContainsAny(NotInNames) ? read
            : throw new JsonPathException($"'{read}' in '{text}' is no name of a field; write ['{read}'] where it really is one");
    }

    // A bracket within quotes or within another one ends nothing.
    private static string Inside(string text, ref int at)
    {
        var (start, depth, quote) = (at + 1, 0, '\0');
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
                continue;
            }

            quote = letter is '"' or '\'' ? letter : '\0';
            depth += letter == '[' ? 1 : letter == ']' ? -1 : 0;
            if (depth == 0)
            {
                return text[start..at++].Trim();
            }
        }

        throw new JsonPathException($"a bracket of '{text}' is never closed");
    }

    private static Step Bracketed(string inner, string text)
    {
        if (inner is "*")
        {
            return new Step.Every();
        }

        if (inner is ['?', '(', .. var test, ')'])
        {
            return new Step.Where(FieldTest.Parse(test.Trim()));
        }

        var parts = inner.Split(',', StringSplitOptions.TrimEntries);
        if (parts.All(part => part is ['\'', .., '\''] or ['"', .., '"'] && part.Length >= 2))
        {
            return new Step.Fields([.. parts.Select(part => part[1..^1])]);
        }

        if (parts.All(part => int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            return new Step.Places([.. parts.Select(part => int.Parse(part, CultureInfo.InvariantCulture))]);
        }

        return SliceOf(inner) ?? throw new JsonPathException($"'[{inner}]' in '{text}' is neither a number, 1:3, *, a quoted name nor ?(@.field==\"value\")");
    }

    private static Step.Slice? SliceOf(string inner)
    {
        var parts = inner.Split(':', StringSplitOptions.TrimEntries);
        var numbers = parts.Select(part => int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (int?)null).ToArray();
        var readable = parts.Length is 2 or 3 && parts.Zip(numbers).All(pair => pair.First.Length == 0 || pair.Second is not null);
        return readable && (numbers.ElementAtOrDefault(2) ?? 1) is > 0 and var stride ? new Step.Slice(numbers[0], numbers[1], stride) : null;
    }
}
