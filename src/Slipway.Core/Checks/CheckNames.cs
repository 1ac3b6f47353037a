using System.Collections.Frozen;
using System.Globalization;
using Slipway.Checks.Expressions;

namespace Slipway.Checks;

/// <summary>The names that an expression may use.</summary>
internal static class CheckNames
{
    private const string Arguments = "args";

    public const string Stable = "stable";

    public static bool IsKnown(string name) => name is "result" or "candidate" or Stable or Arguments;

    public static IReadOnlyDictionary<string, CheckValue> Of(CheckPlan plan, CheckValue value, CheckValue? stable) => new Dictionary<string, CheckValue>
    {
        ["result"] = value,
        ["candidate"] = value,
        [Stable] = stable ?? new CheckValue.Unknown("the stable version has no value"),
        [Arguments] = new CheckValue.Fields((plan.Args ?? []).ToFrozenDictionary(one => one.Key, one => ValueOf(one.Value), StringComparer.Ordinal)),
    };

    private static CheckValue ValueOf(CheckValueText argument) => argument.Type switch
    {
        CheckArguments.Number => new CheckValue.Number(double.Parse(argument.Value, NumberStyles.Float, CultureInfo.InvariantCulture)),
        CheckArguments.Flag => new CheckValue.Truth(argument.Value == "true"),
        _ => new CheckValue.Text(argument.Value),
    };
}
