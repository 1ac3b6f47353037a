using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

public enum LabelOperator { In, NotIn, Exists, DoesNotExist }

public sealed record LabelRequirement(string Key, LabelOperator Operator, ImmutableArray<string> Values);

/// <summary>
/// A selector of objects by their labels, in both forms: the query's (<c>a=b,c in (d,e),!f</c>) and the object's
/// (matchLabels, matchExpressions); "Labels and Selectors" of the Kubernetes documentation.
/// </summary>
public sealed record LabelSelector(ImmutableArray<LabelRequirement> Requirements)
{
    public static readonly LabelSelector Everything = new([]);

    public static LabelSelector Of(JsonObject selector)
    {
        var labels = (selector.Section("matchLabels") ?? [])
            .Select(label => new LabelRequirement(label.Key, LabelOperator.In, [JsonFields.AsText(label.Value) ?? ""]));
        var expressions = selector.Objects("matchExpressions").Select(expression => new LabelRequirement(
            expression.Text("key"),
            Enum.TryParse<LabelOperator>(expression.Text("operator"), out var parsed) ? parsed
                : throw ApiStatus.BadRequest($"\"{expression.Text("operator")}\" is not a valid label selector operator").Thrown(),
            [.. (expression["values"] as JsonArray ?? []).Select(value => JsonFields.AsText(value) ?? "")]));
        return new([.. labels, .. expressions]);
    }

    /// <exception cref="StatusException">BadRequest, with the place where the text stops making sense.</exception>
    public static LabelSelector Parse(string text) => text.Length == 0 ? Everything : new SelectorText(text).Read();

    public bool Matches(JsonObject? labels) => Requirements.All(requirement => Matches(requirement, labels));

    /// <summary>The query's form, as <c>status.selector</c> of a scale has it.</summary>
    public override string ToString() => string.Join(',', Requirements.Select(requirement => requirement.Operator switch
    {
        LabelOperator.Exists => requirement.Key,
        LabelOperator.DoesNotExist => $"!{requirement.Key}",
        LabelOperator.In when requirement.Values.Length == 1 => $"{requirement.Key}={requirement.Values[0]}",
        LabelOperator.In => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        _ => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
    }));

    private static bool Matches(LabelRequirement requirement, JsonObject? labels)
    {
        var value = labels is null ? null : JsonFields.AsText(labels.Field(requirement.Key));
        return requirement.Operator switch
        {
            LabelOperator.In => value is not null && requirement.Values.Contains(value),
            LabelOperator.NotIn => value is null || !requirement.Values.Contains(value),
            LabelOperator.Exists => value is not null,
            LabelOperator.DoesNotExist => value is null,
            _ => throw new System.Diagnostics.UnreachableException($"unknown operator {requirement.Operator}"),
        };
    }

    private sealed class SelectorText(string text)
    {
        private int _at;

        public LabelSelector Read()
        {
            var requirements = ImmutableArray.CreateBuilder<LabelRequirement>();
            do
            {
                requirements.Add(ReadRequirement());
            }
            while (Take(','));
            return _at == text.Length ? new(requirements.ToImmutable()) : throw Wrong($"found '{text[_at]}', expected: ',' or 'end of string'");
        }

        private LabelRequirement ReadRequirement()
        {
            if (Take('!'))
            {
                return new(ReadKey(), LabelOperator.DoesNotExist, []);
            }
            var key = ReadKey();
            Blank();
            if (_at == text.Length || text[_at] == ',')
            {
                return new(key, LabelOperator.Exists, []);
            }
            if (Take('!'))
            {
                return Take('=') ? new(key, LabelOperator.NotIn, [ReadValue()]) : throw Wrong("found '!', expected: '!='");
            }
            if (Take('='))
            {
                Take('=');
                return new(key, LabelOperator.In, [ReadValue()]);
            }
            return ReadWord() switch
            {
                "in" => new(key, LabelOperator.In, ReadValues()),
                "notin" => new(key, LabelOperator.NotIn, ReadValues()),
                var other => throw Wrong($"found '{other}', expected: in, notin, =, ==, !="),
            };
        }

        private ImmutableArray<string> ReadValues()
        {
            Blank();
            if (!Take('('))
            {
                throw Wrong("found no '(' after in or notin");
            }
            var values = ImmutableArray.CreateBuilder<string>();
            do
            {
                values.Add(ReadValue());
            }
            while (Take(','));
            return Take(')') ? values.ToImmutable() : throw Wrong("found no ')' at the end of the values");
        }

        private string ReadKey()
        {
            var key = ReadWord();
            return Names.IsQualifiedName(key) ? key : throw Wrong($"<nil>: Invalid value: \"{key}\": {Names.QualifiedNameRule}");
        }

        private string ReadValue()
        {
            var value = ReadWord();
            return Names.IsLabelValue(value) ? value : throw Wrong($"values[0][]: Invalid value: \"{value}\": {Names.LabelValueRule}");
        }

        private string ReadWord()
        {
            Blank();
            var start = _at;
            while (_at < text.Length && text[_at] is not (',' or '=' or '!' or '(' or ')' or ' '))
            {
                _at++;
            }
            var word = text[start.._at];
            Blank();
            return word;
        }

        private bool Take(char wanted)
        {
            Blank();
            if (_at < text.Length && text[_at] == wanted)
            {
                _at++;
                return true;
            }
            return false;
        }

        private void Blank()
        {
            while (_at < text.Length && text[_at] == ' ')
            {
                _at++;
            }
        }

        private static StatusException Wrong(string why) => ApiStatus.BadRequest($"unable to parse requirement: {why}").Thrown();
    }
}
