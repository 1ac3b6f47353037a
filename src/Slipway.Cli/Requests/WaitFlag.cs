using System.CommandLine;
using System.CommandLine.Parsing;
using Slipway.Cli.CommandLine;
using Slipway.Deliveries;
using Slipway.Images;

namespace Slipway.Cli.Requests;

/// <summary><c>--wait[=DURATION]</c>, or as kubectl has it: <c>--wait --timeout=DURATION</c>.</summary>
internal sealed class WaitFlag
{
    // Longer than the progress deadline that is taken when none is given, so that a rollout that fails is seen to fail.
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    private readonly Option<string?> _wait = new("--wait")
    {
        Description = "wait until it is done, at most so long (default 15m)",
        HelpName = "=duration",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = "how long --wait waits",
        HelpName = "duration",
    };

    public WaitFlag(Command command)
    {
        _wait.Validators.Add(result => Check(result, "write --wait=5m, and a plain --wait behind the name"));
        _timeout.Validators.Add(result => Check(result, "write for example --timeout 5m"));
        command.Add(_wait);
        command.Add(_timeout);
    }

    /// <summary>Null: do not wait.</summary>
    /// <exception cref="VerbException">A time to wait, and nothing to wait for, or two of them.</exception>
    public TimeSpan? Read(ParseResult parse)
    {
        var (waits, inWait, inTimeout) = (parse.GetResult(_wait) is not null, Duration(parse, _wait), Duration(parse, _timeout));
        return inTimeout is not null && (!waits || inWait is not null)
            ? throw new VerbException(ExitCode.Usage, waits ? "give --wait=DURATION or --timeout, not both" : "--timeout is how long --wait waits: give --wait too")
            : waits ? inTimeout ?? inWait ?? Usual : null;
    }

    private static TimeSpan? Duration(ParseResult parse, Option<string?> option) =>
        parse.GetResult(option) is not null && DurationText.TryParse(parse.GetValue(option), out var duration) ? duration : null;

    private static void Check(OptionResult result, string wayOut)
    {
        if (result.GetValueOrDefault<string>() is { } text && (!DurationText.TryParse(text, out var duration) || duration == TimeSpan.Zero))
        {
            result.AddError($"{result.IdentifierToken?.Value}: {UntrustedText.Quote(text)} is no duration; {wayOut}");
        }
    }
}
