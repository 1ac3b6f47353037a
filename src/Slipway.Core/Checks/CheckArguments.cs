using System.Collections.Immutable;
using System.Globalization;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Images;
using Slipway.Policies;

namespace Slipway.Checks;

/// <summary>What a template asks for, and what it is given.</summary>
internal static class CheckArguments
{
    public const string Text = nameof(Text), Number = nameof(Number), Duration = nameof(Duration), Flag = nameof(Flag), Regex = nameof(Regex);

    public static readonly ImmutableArray<string> Types = [Text, Number, Duration, Flag, Regex];

    private const int Most = 20;
    private const int Longest = 256;

    /// <param name="field">Of the template's arguments.</param>
    public static SpecProblem? Check(string field, IReadOnlyList<CheckArgument> arguments)
    {
        if (arguments.Count > Most)
        {
            return new(field, $"{arguments.Count} arguments are more than {Most}");
        }

        for (var index = 0; index < arguments.Count; index++)
        {
            var (argument, at) = (arguments[index], $"{field}[{index}]");
            var type = TypeOf(argument);
            if (string.IsNullOrEmpty(argument.Name) || !argument.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') || char.IsAsciiDigit(argument.Name[0]))
            {
                return new($"{at}.name", $"{UntrustedText.Quote(argument.Name ?? "")} is no name of an argument: letters, digits and _, a letter first");
            }

            if (!Types.Contains(type))
            {
                return new($"{at}.type", $"{UntrustedText.Quote(type)} is not one of {string.Join(", ", Types)}");
            }

            if (!string.IsNullOrEmpty(argument.Default) && WhyNot(type, argument.Default) is { } why)
            {
                return new($"{at}.default", why);
            }

            if (arguments.Take(index).Any(other => other.Name == argument.Name))
            {
                return new($"{at}.name", $"{argument.Name} comes twice");
            }
        }

        return null;
    }

    /// <summary>The values that a template gets; null where something is missing, unknown or of the wrong kind.</summary>
    /// <param name="field">Of the arguments that are given.</param>
    public static ImmutableDictionary<string, CheckValueText>? Bind(
        string field, string template, IReadOnlyList<CheckArgument> asked, IReadOnlyDictionary<string, string> given, out SpecProblem? problem)
    {
        problem = given.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => asked.All(argument => argument.Name != name)) is { } unknown
            ? new($"{field}.{unknown}", $"the ClusterCheck {template} asks for no such argument{(asked.Count == 0 ? "" : $": there are {string.Join(", ", asked.Select(argument => argument.Name))}")}")
            : null;
        var bound = ImmutableDictionary.CreateBuilder<string, CheckValueText>(StringComparer.Ordinal);
        foreach (var argument in asked)
        {
            var value = given.GetValueOrDefault(argument.Name!) is { Length: > 0 } text ? text : argument.Default ?? "";
            if (value.Length == 0 && (argument.Required ?? true))
            {
                problem ??= new($"{field}.{argument.Name}", $"the ClusterCheck {template} needs it{(string.IsNullOrEmpty(argument.Description) ? "" : $": {argument.Description}")}");
            }
            else if (value.Length > 0 && WhyNot(TypeOf(argument), value) is { } why)
            {
                problem ??= new($"{field}.{argument.Name}", why);
            }

            if (value.Length > 0 || TypeOf(argument) is Text or Regex)
            {
                bound[argument.Name!] = new(TypeOf(argument), value);
            }
        }

        return problem is null ? bound.ToImmutable() : null;
    }

    private static string TypeOf(CheckArgument argument) => string.IsNullOrEmpty(argument.Type) ? Text : argument.Type;

    private static string? WhyNot(string type, string value) => type switch
    {
        _ when value.Length > Longest => $"it has {value.Length} letters, more than {Longest}",
        Number when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) => $"{UntrustedText.Quote(value)} is no number",
        Duration when !DurationText.TryParse(value, out _) => $"{UntrustedText.Quote(value)} is no duration; write for example 30s, 10m or 1h30m",
        Flag when value is not ("true" or "false") => $"{UntrustedText.Quote(value)} is neither true nor false",
        Regex when !TagPattern.TryParse(value, out _, out var why) => $"{UntrustedText.Quote(value)} is no regular expression (RE2): {why}",
        _ => null,
    };
}
