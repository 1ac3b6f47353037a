using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using static Slipway.Checks.Expressions.CheckValue;

namespace Slipway.Checks.Expressions;

/// <summary>The functions of the language. None loops but over the list that it is given.</summary>
internal static class Functions
{
    private delegate CheckValue Function(ImmutableArray<CheckValue> values);

    private sealed record Known(int Least, int Most, string? Kind, Function Apply);

    private const string ANumber = "a number", TrueOrFalse = "true or false";

    // Over the items of a list, by a predicate; the evaluation knows how.
    private static readonly FrozenSet<string> OverItems = new[] { "all", "any", "none", "count" }.ToFrozenSet();

    private static readonly FrozenDictionary<string, Known> All = new Dictionary<string, Known>
    {
        ["len"] = new(1, 1, ANumber, values => values[0] switch
        {
            Text text => new Number(text.Value.Length),
            Fields fields => new Number(fields.Items.Count),
            var value => new Number(Items(value).Length),
        }),
        ["sum"] = OfNumbers(numbers => numbers.Sum()),
        ["avg"] = OfNumbers(numbers => numbers.Length == 0 ? double.NaN : numbers.Average()),
        ["min"] = OfNumbers(numbers => numbers.Length == 0 ? double.NaN : numbers.Aggregate(Math.Min)),
        ["max"] = OfNumbers(numbers => numbers.Length == 0 ? double.NaN : numbers.Aggregate(Math.Max)),
        ["median"] = OfNumbers(Median),
        ["abs"] = OfNumber(Math.Abs),
        ["floor"] = OfNumber(Math.Floor),
        ["ceil"] = OfNumber(Math.Ceiling),
        ["round"] = OfNumber(number => Math.Round(number, MidpointRounding.AwayFromZero)),
        ["isNaN"] = Asks(double.IsNaN),
        ["isInf"] = Asks(double.IsInfinity),
        ["default"] = new(2, 2, null, values => values[0] is Absent or Unknown or Number { Value: double.NaN } ? values[1] : values[0]),
        ["asFloat"] = new(1, 1, ANumber, values => AsNumber(values[0])),
        ["asInt"] = new(1, 1, ANumber, values => AsWhole(values[0])),
    }.ToFrozenDictionary();

    public static string Names => string.Join(", ", All.Keys.Concat(OverItems).Order(StringComparer.Ordinal));

    public static bool TakesItems(string name) => OverItems.Contains(name);

    public static (int Least, int Most)? Arity(string name) => All.TryGetValue(name, out var known) ? (known.Least, known.Most) : null;

    public static string? KindOf(string name) => name == "count" ? ANumber : TakesItems(name) ? TrueOrFalse : All[name].Kind;

    /// <summary>What is not known stays so, but for <c>default</c>, which is made for it.</summary>
    public static CheckValue Apply(string name, ImmutableArray<CheckValue> values) =>
        name != "default" && values.FirstOrDefault(value => value is Unknown) is { } unknown ? unknown : All[name].Apply(values);

    /// <summary>A single value is a list of one: an answer with one series is used as one with several.</summary>
    public static ImmutableArray<CheckValue> Items(CheckValue value) => value switch
    {
        Many many => many.Items,
        Absent => [],
        _ => [value],
    };

    private static Known OfNumbers(Func<double[], double> function) => new(1, 20, ANumber, values =>
    {
        var items = values.SelectMany(value => Items(value)).ToArray();
        return items.FirstOrDefault(item => item is not Number) is { } other
            ? new Unknown($"{other.Kind} is no number")
            : new Number(function([.. items.Cast<Number>().Select(number => number.Value)]));
    });

    private static Known OfNumber(Func<double, double> function) => new(1, 1, ANumber, values =>
        values[0] is Number number ? new Number(function(number.Value)) : new Unknown($"{values[0].Kind} is no number"));

    private static Known Asks(Func<double, bool> question) => new(1, 1, TrueOrFalse, values =>
        values[0] is Number number ? new Truth(question(number.Value)) : new Unknown($"{values[0].Kind} is no number"));

    private static double Median(double[] numbers)
    {
        if (numbers.Length == 0 || numbers.Any(double.IsNaN))
        {
            return double.NaN;
        }

        Array.Sort(numbers);
        var middle = numbers.Length / 2;
        return numbers.Length % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
    }

    private static CheckValue AsNumber(CheckValue value) => value switch
    {
        Number => value,
        Text text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => new Number(number),
        _ => new Unknown($"{(value is Text ? $"'{value}'" : value.Kind)} is no number"),
    };

    // A text must be a whole number; a number is cut to one.
    private static CheckValue AsWhole(CheckValue value) => value switch
    {
        Number number => new Number(Math.Truncate(number.Value)),
        Text text when long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => new Number(whole),
        _ => new Unknown($"{(value is Text ? $"'{value}'" : value.Kind)} is no whole number"),
    };
}
