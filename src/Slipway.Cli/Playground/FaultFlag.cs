using System.Collections.Frozen;
using System.CommandLine;
using System.Globalization;
using Slipway.Images;
using Slipway.Sandbox.Api;

namespace Slipway.Cli.Playground;

/// <summary><c>--fault NAME=PROBABILITY</c>, as often as there are faults.</summary>
internal sealed class FaultFlag
{
    private static readonly FrozenDictionary<string, Func<FaultPlan, double, FaultPlan>> Faults = new Dictionary<string, Func<FaultPlan, double, FaultPlan>>
    {
        ["conflict"] = (plan, chance) => plan with { Conflict = chance },
        ["too-many-requests"] = (plan, chance) => plan with { TooManyRequests = chance },
        ["error-before"] = (plan, chance) => plan with { ErrorBefore = chance },
        ["error-after"] = (plan, chance) => plan with { ErrorAfter = chance },
        ["watch-expired"] = (plan, chance) => plan with { WatchExpired = chance },
        ["watch-closed"] = (plan, chance) => plan with { WatchClosed = chance },
        ["watch-silent"] = (plan, chance) => plan with { WatchSilent = chance },
        ["event-delayed"] = (plan, chance) => plan with { EventDelayed = chance },
        ["event-duplicated"] = (plan, chance) => plan with { EventDuplicated = chance },
        ["event-dropped"] = (plan, chance) => plan with { EventDropped = chance },
    }.ToFrozenDictionary();

    private static string Names => string.Join(", ", Faults.Keys.Order(StringComparer.Ordinal));

    private readonly Option<string[]> _option = new("--fault")
    {
        Description = $"how often the API server misbehaves, from 0 to 1; may be repeated. Names: {Names}",
        HelpName = "name=chance",
    };

    public FaultFlag(Command command)
    {
        _option.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(token => token.Value).Where(text => Read(text) is null))
            {
                result.AddError($"--fault: {UntrustedText.Quote(text)} is no fault; write for example {Faults.Keys.Order(StringComparer.Ordinal).First()}=0.1");
            }
        });
        command.Add(_option);
    }

    /// <summary>The plan of no faults itself where none are asked for, which costs nothing.</summary>
    public FaultPlan Read(ParseResult parse, int seed) => parse.GetValue(_option) is { Length: > 0 } texts
        ? texts.Aggregate(new FaultPlan { Seed = seed }, (plan, text) => Read(text)!(plan))
        : FaultPlan.None;

    private static Func<FaultPlan, FaultPlan>? Read(string text) =>
        text.Split('=') is [var name, var chance]
        && Faults.TryGetValue(name, out var set)
        && double.TryParse(chance, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and <= 1
            ? plan => set(plan, number)
            : null;
}
