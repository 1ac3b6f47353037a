using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Descriptions;
using Slipway.Cli.Output;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway watch NAME</c></summary>
internal static class WatchVerb
{
    private const string Lesson =
        """
        It shows the steps and what the checks measure as the rollout goes, and ends with it. On a terminal
        the picture is drawn anew; into a pipe a line goes for each thing that is new. The exit code tells how
        it ended: 0 good, 6 failed or rolled back, 5 not done within --timeout. Where nothing is under way
        it tells how the last Release ended.

        Examples:
          slipway watch shop
          slipway watch shop --timeout 30m && echo it runs
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var timeout = new Option<string?>("--timeout") { Description = "give up after so long, such as 30m; default: never", HelpName = "duration" };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && (!DurationText.TryParse(text, out var duration) || duration == TimeSpan.Zero))
            {
                result.AddError($"--timeout: '{text}' is no duration; write for example --timeout 30m");
            }
        });
        var command = new Verb("watch", "Follow a rollout until it ends: steps, checks, outcome.", Lesson) { name, timeout };
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var patience = DurationText.TryParse(parse.GetValue(timeout), out var given) ? given : Timeout.InfiniteTimeSpan;
            using var deadline = new CancellationTokenSource(patience, surroundings.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            var seen = await session.DeliveryAsync(parse.GetValue(name)!, cancellationToken);
            try
            {
                return await FollowAsync(session, seen, surroundings, either.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new VerbException(ExitCode.TimedOut, $"Delivery {seen.Key} was not done within {DurationText.Write(patience)}; it goes on, and 'slipway why {seen.Key.Name}' tells how");
            }
        });
        return command;
    }

    private static async Task<int> FollowAsync(ClusterSession session, ResourceItem<Fetched<Delivery>> seen, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var picture = new LivePicture(surroundings);
        Attempt? attempt = null;
        await foreach (var delivery in session.FollowAsync(seen, cancellationToken))
        {
            var state = delivery.Status?.Rollout;
            var isOver = state?.Attempted is not { } now ? !IsAboutToStart(delivery.Status) : attempt is not null && now.Number != attempt.Number;
            if (isOver)
            {
                return await ConcludeAsync(session, attempt?.Release, delivery, surroundings, cancellationToken);
            }

            attempt = state?.Attempted ?? attempt;
            picture.Show(Lines(delivery));
        }

        throw new VerbException(ExitCode.Failed, $"Delivery {seen.Key} could not be followed to the end; 'slipway why {seen.Key.Name}' tells where it is");
    }

    // After a version was found there is a moment in which nothing is under way yet.
    private static bool IsAboutToStart(DeliveryStatus? status) =>
        status is { Held: null, Candidate: { } candidate, Current: { } current } && candidate.Digest != current.Digest && status.Conditions?.Any(condition => condition is { Type: DeliveryConditions.Stalled, Status: "True" }) != true;

    private static List<string> Lines(Delivery delivery)
    {
        var status = delivery.Status ?? new DeliveryStatus();
        List<string> lines = [];
        lines.Add(status.Rollout?.Attempted is { } attempt
            ? $"release {attempt.Number}: {(attempt.Previous is { } previous ? Words.Version(previous.Tag, previous.Digest) : "nothing known")} → {Words.Named(attempt.Tag, attempt.Digest)}"
            : $"{Words.Version(status.Candidate?.Tag, status.Candidate?.Digest ?? "")} is about to start");
        lines.AddRange(StepLines.Of(delivery).Select(line => $"  {line}"));
        lines.AddRange((status.Rollout?.Attempted?.Checks ?? []).Select(check => $"  check {CheckLines.Of(check)}"));
        lines.AddRange(CheckLines.Current(delivery).Select(check => $"  check {CheckLines.Of(check)}"));
        if (status.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.Reconciling) is { } doing)
        {
            lines.Add($"  {Words.Readable(doing.Message)}");
        }

        if (status.Held is { } held)
        {
            lines.Add($"  {held.Reason}: {Words.Readable(held.Message)}");
        }

        return lines;
    }

    private static async Task<int> ConcludeAsync(ClusterSession session, string? name, Delivery delivery, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var release = name is null
            ? await session.ReleasesAsync(delivery.Metadata.Name, cancellationToken) is [.., var last] ? last.Value : null
            : await session.ReleaseAsync(name, cancellationToken);
        if (release is null)
        {
            surroundings.Out.WriteLine($"nothing is under way, and nothing ever was; 'slipway why {delivery.Metadata.Name}' tells what it waits for");
            return ExitCode.Ok;
        }

        var status = release.Status ?? new ReleaseStatus();
        var good = status.Outcome is Outcomes.Succeeded or Outcomes.Exposed;
        var sentence = $"release {release.Spec.Number} ({Words.Version(release.Spec.Tag, release.Spec.Digest)}): {status.Outcome}{(status.Message is { Length: > 0 } message ? $": {Words.Readable(message)}" : "")}";
        surroundings.Out.WriteLine(surroundings.Palette.Paint($"{(name is null ? "nothing is under way; the last was " : "")}{sentence}", good ? Tone.Good : Tone.Bad));
        return good ? ExitCode.Ok : ExitCode.RolledBack;
    }
}
