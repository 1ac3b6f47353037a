using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// The part of Kubernetes' JSONPath that printer columns use: fields, quoted fields, positions, <c>[*]</c> and
/// <c>[?(@.type=="Ready")]</c>.
/// </summary>
public sealed class JsonPath
{
    private readonly ImmutableArray<Step> _steps;

    private JsonPath(string text, ImmutableArray<Step> steps) => (Text, _steps) = (text, steps);

    private enum StepKind { Field, Position, All, Where }

    public string Text { get; }

    /// <returns>Null when the text is not such a path.</returns>
    public static JsonPath? TryParse(string text)
    {
        var path = text.Trim();
        path = path.StartsWith('{') && path.EndsWith('}') ? path[1..^1] : path;
        path = path.StartsWith('$') ? path[1..] : path;
        var steps = ImmutableArray.CreateBuilder<Step>();
        for (var at = 0; at < path.Length;)
        {
            var step = path[at] == '[' ? ReadBracket(path, ref at) : ReadField(path, ref at);
            if (step is null)
            {
                return null;
            }
            steps.Add(step);
        }
        return new(text, steps.ToImmutable());
    }

    public IEnumerable<JsonNode> Select(JsonObject root)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step.From);
        }
        return found.OfType<JsonNode>();
    }

    private static Step? ReadField(string path, ref int at)
    {
        if (path[at] == '.')
        {
            at++;
        }
        var name = new System.Text.StringBuilder();
        for (; at < path.Length && path[at] is not ('.' or '['); at++)
        {
            // A backslash makes a dot part of a name: .metadata.labels.app\.kubernetes\.io/name
            at += path[at] == '\\' && at + 1 < path.Length ? 1 : 0;
            name.Append(path[at]);
        }
        return name.Length == 0 ? null : new(StepKind.Field, name.ToString());
    }

    private static Step? ReadBracket(string path, ref int at)
    {
        var end = path.IndexOf(']', at);
        if (end < 0)
        {
            return null;
        }
        var inside = path[(at + 1)..end].Trim();
        at = end + 1;
        if (inside == "*")
        {
            return new(StepKind.All, "");
        }
        if (inside.StartsWith("?(", StringComparison.Ordinal) && inside.EndsWith(')'))
        {
            return ReadFilter(inside[2..^1]);
        }
        return int.TryParse(inside, out _) ? new(StepKind.Position, inside)
            : inside.Length > 2 && inside[0] is '\'' or '"' ? new(StepKind.Field, inside[1..^1])
            : null;
    }

    private static Step? ReadFilter(string filter)
    {
        var sides = filter.Split("==", 2, StringSplitOptions.TrimEntries);
        return sides.Length == 2 && sides[0].StartsWith("@.", StringComparison.Ordinal)
            ? new(StepKind.Where, sides[0][2..], sides[1].Trim('"', '\''))
            : null;
    }

    private sealed record Step(StepKind Kind, string Name, string Value = "")
    {
        public IEnumerable<JsonNode?> From(JsonNode? node) => (Kind, node) switch
        {
            (StepKind.Field, JsonObject fields) => [fields.Field(Name)],
            (StepKind.All, JsonArray items) => items,
            (StepKind.All, JsonObject fields) => fields.Select(field => field.Value),
            (StepKind.Position, JsonArray items) when At(items) is >= 0 and var index && index < items.Count => [items[index]],
            (StepKind.Where, JsonArray items) => items.OfType<JsonObject>().Where(item => item.Field(Name)?.ToString() == Value),
            _ => [],
        };

        private int At(JsonArray items)
        {
            var index = int.Parse(Name, System.Globalization.CultureInfo.InvariantCulture);
            return index < 0 ? items.Count + index : index;
        }
    }
}
