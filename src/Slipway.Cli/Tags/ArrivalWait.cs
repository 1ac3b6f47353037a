using System.CommandLine;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.Images;

namespace Slipway.Cli.Tags;

/// <summary><c>--wait DELIVERY</c>: stays until the Delivery runs the digest. It only reads; without it no cluster is needed.</summary>
internal sealed class ArrivalWait
{
    private readonly Option<string?> _delivery = new("--wait")
    {
        Description = "stay until this Delivery runs the image, or it has failed or is held",
        HelpName = "delivery",
    };
    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "with --wait: at most so long",
        HelpName = "duration",
        DefaultValueFactory = _ => "10m",
    };
    private readonly ClusterFlags _cluster;

    public ArrivalWait(Command command)
    {
        _timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && (!DurationText.TryParse(text, out var duration) || duration == TimeSpan.Zero))
            {
                result.AddError($"--timeout: {UntrustedText.Quote(text)} is no duration; write for example 10m");
            }
        });
        command.Add(_delivery);
        command.Add(_timeout);
        _cluster = new ClusterFlags(command);
    }

    /// <exception cref="VerbException">With the exit code that says how it ended.</exception>
    public async Task StayAsync(ParseResult parse, Surroundings surroundings, string digest, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_delivery) is not { Length: > 0 } name || !DurationText.TryParse(parse.GetValue(_timeout), out var limit))
        {
            return;
        }

        using var session = _cluster.Open(parse, surroundings);
        using var deadline = new CancellationTokenSource(limit, surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var doing = "";
        try
        {
            var found = await session.DeliveryAsync(name, either.Token);
            await foreach (var delivery in session.FollowAsync(found, either.Token))
            {
                switch (Arrival.Of(delivery, digest))
                {
                    case Arrival.Pending pending when pending.Doing != doing:
                        doing = pending.Doing;
                        surroundings.Error.WriteLine($"  {Words.Readable(doing)}");
                        break;
                    case Arrival.Arrived arrived:
                        surroundings.Out.WriteLine($"Delivery {found.Key} runs {Words.ShortDigest(digest)} (release {arrived.Release})");
                        return;
                    case Arrival.Failed failed:
                        throw new VerbException(ExitCode.RolledBack, $"Delivery {found.Key} does not run {Words.ShortDigest(digest)}: {Words.Readable(failed.Why)}");
                    case Arrival.Stuck stuck:
                        throw new VerbException(
                            ExitCode.TimedOut, $"Delivery {found.Key} holds {Words.ShortDigest(digest)}: {Words.Readable(stuck.Why)}; 'slipway why {name}' tells what can be done");
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new VerbException(
                ExitCode.TimedOut,
                $"Delivery {session.Key(name)} does not run {Words.ShortDigest(digest)} after {DurationText.Write(limit)}: {Words.Readable(doing)}; 'slipway why {name}' tells how it goes on");
        }
    }
}
