using System.CommandLine;
using Slipway.Deliveries;
using Slipway.Images;

namespace Slipway.Cli.Requests;

/// <summary><c>--wait[=DURATION]</c></summary>
internal sealed class WaitFlag
{
    // Longer than the progress deadline that is taken when none is given, so that a rollout that fails is seen to fail.
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    private readonly Option<string?> _option = new("--wait")
    {
        Description = "wait until it is done, at most so long (default 15m)",
        HelpName = "=duration",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public WaitFlag(Command command)
    {
        _option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && (!DurationText.TryParse(text, out var duration) || duration == TimeSpan.Zero))
            {
                result.AddError($"--wait: {UntrustedText.Quote(text)} is no duration; write --wait=5m, and a plain --wait behind the name");
            }
        });
        command.Add(_option);
    }

    /// <summary>Null: do not wait.</summary>
    public TimeSpan? Read(ParseResult parse) => parse.GetResult(_option) is null
        ? null
        : DurationText.TryParse(parse.GetValue(_option), out var duration) ? duration : Usual;
}
