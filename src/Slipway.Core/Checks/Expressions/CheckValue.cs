using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Slipway.Checks.Expressions;

/// <summary>What an expression speaks of. Nothing that a source can answer is outside of these.</summary>
public abstract record CheckValue
{
    // Of an answer: more is a defect of whoever sends it, and would only cost memory.
    private const int MostValues = 20_000;
    private const int MostShown = 10;

    private CheckValue() { }

    /// <summary>null, or a field that is not there.</summary>
    public sealed record Absent : CheckValue
    {
        public static readonly Absent Here = new();
    }

    public sealed record Number(double Value) : CheckValue;

    public sealed record Truth(bool Value) : CheckValue;

    public sealed record Text(string Value) : CheckValue;

    public sealed record Many(ImmutableArray<CheckValue> Items) : CheckValue;

    public sealed record Fields(FrozenDictionary<string, CheckValue> Items) : CheckValue;

    /// <summary>Neither true nor false nor anything else: what is compared with it is not known either. It is never a pass.</summary>
    /// <param name="Why">A sentence.</param>
    public sealed record Unknown(string Why) : CheckValue;

    public static CheckValue Of(IEnumerable<double> numbers) => new Many([.. numbers.Select(number => new Number(number))]);

    /// <summary>Unknown where it holds more than is read.</summary>
    public static CheckValue Of(JsonElement json)
    {
        var left = MostValues;
        var value = Read(json, ref left);
        return left < 0 ? new Unknown($"the answer holds more than {MostValues} values; choose a part of it") : value;
    }

    /// <summary>As it is shown to people: one line, bounded. Numbers that are none as Prometheus writes them.</summary>
    public sealed override string ToString() => this switch
    {
        Number { Value: double.NaN } => "NaN",
        Number { Value: double.PositiveInfinity } => "+Inf",
        Number { Value: double.NegativeInfinity } => "-Inf",
        Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        Truth truth => truth.Value ? "true" : "false",
        Text text => text.Value.Length <= 100 ? text.Value : $"{text.Value[..99]}…",
        Many many => $"[{string.Join(',', many.Items.Take(MostShown))}{(many.Items.Length > MostShown ? ",…" : "")}]",
        Fields fields => $"{{{string.Join(',', fields.Items.Keys.Order(StringComparer.Ordinal).Take(MostShown))}}}",
        Unknown unknown => unknown.Why,
        _ => "null",
    };

    /// <summary>What kind of value it is, for messages.</summary>
    internal string Kind => this switch
    {
        Number => "a number",
        Truth => "true or false",
        Text => "text",
        Many many => $"a list of {many.Items.Length} values",
        Fields => "an object",
        _ => "nothing",
    };

    private static CheckValue Read(JsonElement json, ref int left)
    {
        if (--left < 0)
        {
            return Absent.Here;
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.Number:
                return new Number(json.GetDouble());
            case JsonValueKind.String:
                return new Text(json.GetString()!);
            case JsonValueKind.True or JsonValueKind.False:
                return new Truth(json.GetBoolean());
            case JsonValueKind.Array:
                var items = ImmutableArray.CreateBuilder<CheckValue>();
                foreach (var item in json.EnumerateArray())
                {
                    items.Add(Read(item, ref left));
                    if (left < 0)
                    {
                        break;
                    }
                }

                return new Many(items.ToImmutable());
            case JsonValueKind.Object:
                return new Fields(ReadFields(json, ref left).ToFrozenDictionary(StringComparer.Ordinal));
            default:
                return Absent.Here;
        }
    }

    private static Dictionary<string, CheckValue> ReadFields(JsonElement json, ref int left)
    {
        var fields = new Dictionary<string, CheckValue>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            fields[field.Name] = Read(field.Value, ref left);
            if (left < 0)
            {
                break;
            }
        }

        return fields;
    }
}
