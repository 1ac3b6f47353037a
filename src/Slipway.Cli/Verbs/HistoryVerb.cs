using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Explanations;
using Slipway.History;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway history NAME</c></summary>
internal static class HistoryVerb
{
    private const string Lesson =
        """
        Every attempt is there, also those that failed; the newest is the last line. 'slipway rollback
        NAME --to NUMBER' goes to one that succeeded.

        Examples:
          slipway history shop
          slipway history shop -o wide
          slipway history shop -o jsonpath='{range .items[*]}{.spec.tag} {.status.outcome}{"\n"}{end}'
          slipway history shop -o json | jq -r '.items[] | select(.status.outcome == "RolledBack") | .status.message'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var command = new Verb("history", "List the Releases of a Delivery: what was deployed when, and how it ended.", Lesson) { name };
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command, objects: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var delivery = parse.GetValue(name)!;
            var releases = await session.ReleasesAsync(delivery, cancellationToken);
            if (releases.Count == 0)
            {
                // An empty answer for a name that was mistyped would be a lie.
                await session.DeliveryAsync(delivery, cancellationToken);
                if (output.IsTable(parse))
                {
                    surroundings.Error.WriteLine($"Delivery {delivery} has no Releases yet; 'slipway why {delivery}' tells what it waits for.");
                    return ExitCode.Ok;
                }
            }

            output.Print(
                parse,
                surroundings,
                () => Fetched<Release>.List(releases),
                () => TableOf(releases.Select(release => release.Value), surroundings.Time.GetUtcNow(), output.IsWide(parse)));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Table TableOf(IEnumerable<Release> releases, DateTimeOffset now, bool wide = false)
    {
        string[] headings = ["NUMBER", "VERSION", "DIGEST", "OUTCOME", "CAUSE", "STARTED", "TOOK", "MESSAGE"];
        var table = wide ? new Table([.. headings, "PREVIOUS", "CHECKS", "REPOSITORY"]) : new Table(headings);
        foreach (var release in releases)
        {
            table.Add(wide ? [.. Row(release, now), .. More(release)] : Row(release, now));
        }

        return table;
    }

    private static Cell[] Row(Release release, DateTimeOffset now)
    {
        var (spec, status) = (release.Spec, release.Status ?? new ReleaseStatus());
        var took = (status.FinishedAt ?? now) - spec.StartedAt;
        return
        [
            $"{spec.Number}",
            spec.Tag,
            Words.ShortDigest(spec.Digest),
            new Cell(status.Outcome.Length > 0 ? status.Outcome : "Unknown", ToneOf(status.Outcome)),
            spec.By is null ? spec.Cause : $"{spec.Cause} by {spec.By}",
            Words.Instant(spec.StartedAt),
            status.FinishedAt is null ? $"{Words.Age(took)}…" : Words.Age(took),
            Message(status) is { } message ? Words.Readable(message) : null,
        ];
    }

    private static Cell[] More(Release release) =>
    [
        release.Spec.Previous is { } previous ? Words.Version(previous.Tag, previous.Digest) : null,
        string.Join(",", (release.Status?.Checks ?? []).GroupBy(check => check.Name).Select(check => $"{check.Key}:{check.Last().Verdict}")),
        release.Spec.Repository,
    ];

    // The reason of a success says nothing that its outcome does not.
    private static string? Message(ReleaseStatus status) => status switch
    {
        { Reason: { Length: > 0 } reason, Message: { Length: > 0 } message } when reason != status.Outcome => $"{reason}: {message}",
        { Message: { Length: > 0 } message } => message,
        _ => status.Reason,
    };

    public static Tone ToneOf(string outcome) => outcome switch
    {
        Outcomes.Succeeded => Tone.Good,
        Outcomes.RolledBack or Outcomes.Failed => Tone.Bad,
        Outcomes.Running or Outcomes.Superseded or Outcomes.Exposed => Tone.Notable,
        _ => Tone.Plain,
    };
}
