using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Descriptions;
using Slipway.Cli.Output;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway logs NAME [--check C] [--release N]</c></summary>
internal static class LogsVerb
{
    private const string Lesson =
        """
        What the checks of a Release measured, and the end of the log where a check is a Job. It is kept in
        the Release, so it is there when the Job has long gone.

        Examples:
          slipway logs shop
          slipway logs shop --check errors
          slipway logs shop --release 2 -o json | jq -r '.checks[].log'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var check = new Option<string?>("--check") { Description = "one check by its name; default: all", HelpName = "name" };
        var number = new Option<long?>("--release") { Description = "number of the Release; default: the last", HelpName = "number" };
        var command = new Verb("logs", "Show what the checks of a Release measured, and their logs.", Lesson) { name, check, number };
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(name)!, cancellationToken);
            var release = await ReleaseAsync(session, seen.Key.Name, parse.GetValue(number), cancellationToken);
            var results = Results(seen.Value.Value, release).ToArray();
            var shown = parse.GetValue(check) is { } wanted ? [.. results.Where(result => result.Name == wanted)] : results;
            if (shown.Length == 0 && (parse.GetValue(check) is not null || output.IsTable(parse)))
            {
                throw new VerbException(ExitCode.NotFound, $"{Missing(parse.GetValue(check), release.Spec.Number, results)}; 'slipway describe {seen.Key.Name}' shows which checks it has");
            }

            output.Print(parse, surroundings, () => Document(release, shown), writer => Write(writer, surroundings.Palette, release, shown));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Missing(string? check, long number, CheckResult[] results) =>
        check is null || results.Length == 0
            ? $"no check has measured anything in release {number}"
            : $"there is no check {check} in release {number}, which has {string.Join(", ", results.Select(result => result.Name).Distinct())}";

    private static async Task<Release> ReleaseAsync(ClusterSession session, string name, long? number, CancellationToken cancellationToken)
    {
        var releases = await session.ReleasesAsync(name, cancellationToken);
        return number is { } wanted
            ? releases.FirstOrDefault(release => release.Value.Spec.Number == wanted)?.Value
                ?? throw new VerbException(ExitCode.NotFound, $"Delivery {name} has no release {wanted}; 'slipway history {name}' lists what it has")
            : (releases.Count > 0 ? releases[^1].Value : null) ?? throw new VerbException(ExitCode.NotFound, $"Delivery {name} has no Releases yet; 'slipway why {name}' tells what it waits for");
    }

    // While it is under way, its Delivery knows more than the Release does.
    private static IEnumerable<CheckResult> Results(Delivery delivery, Release release)
    {
        if (delivery.Status?.Rollout is not { Attempted: { } attempt } state || attempt.Number != release.Spec.Number)
        {
            return release.Status?.Checks ?? [];
        }

        var step = state switch { RolloutState.Stepping at => at.Step, RolloutState.Reverting => Steps.Rollback, _ => Steps.Promotion };
        var current = CheckLines.Current(delivery).Select(check => new CheckResult(check.Name, step, nameof(Verdict.Pending), check.Passed, check.Failed, check.Inconclusive) { Recent = check.Recent, Log = check.Log });
        return [.. attempt.Checks ?? [], .. current];
    }

    private static JsonObject Document(Release release, IEnumerable<CheckResult> results) => new()
    {
        ["release"] = release.Spec.Number,
        ["version"] = release.Spec.Tag,
        ["checks"] = new JsonArray([.. results.Select(result => JsonSerializer.SerializeToNode(result, ApiJson.Default.CheckResult))]),
    };

    private static void Write(TextWriter writer, Palette palette, Release release, IEnumerable<CheckResult> results)
    {
        writer.WriteLine(palette.Paint($"release {release.Spec.Number} ({release.Spec.Tag ?? release.Spec.Digest})", Tone.Strong));
        foreach (var result in results)
        {
            writer.WriteLine(palette.Paint(CheckLines.Of(result), ToneOf(result)));
            foreach (var measured in result.Recent ?? [])
            {
                writer.WriteLine($"  {CheckLines.Of(measured)}");
            }

            foreach (var line in (result.Log ?? "").TrimEnd('\n').Split('\n').Where(line => line.Length > 0))
            {
                writer.WriteLine($"  | {line}");
            }
        }
    }

    private static Tone ToneOf(CheckResult result) => result.Verdict switch
    {
        nameof(Verdict.Passed) => Tone.Good,
        nameof(Verdict.Failed) => Tone.Bad,
        _ => Tone.Notable,
    };
}
