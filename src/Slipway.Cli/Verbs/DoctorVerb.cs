using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Diagnosis;
using Slipway.Cli.Output;
using Slipway.Deliveries;
using Slipway.Images;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway doctor</c></summary>
internal static class DoctorVerb
{
    private const string Usual = "10s";

    private const string Lesson =
        """
        It looks at everything that a rollout hangs on: the API server and its clock, our kinds, the controller
        and who leads, its rights and yours, receivers, registries, notifiers, freezes, and which Deliveries
        are stuck and since when. It changes nothing and needs no administrator: what you may not look at is
        'unknown', with the reason. Exit code 0: no problem (there may be warnings); 1: at least one problem;
        3: the cluster cannot be reached.

        Examples:
          slipway doctor
          slipway doctor -A -o json | jq -r '.findings[] | select(.verdict == "problem") | .do'
          slipway doctor -n prod --timeout 30s
          slipway doctor -o jsonpath='{.verdict}'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var home = new Option<string>("--controller-namespace") { Description = "where the controller is, for who may not look everywhere", HelpName = "name", DefaultValueFactory = _ => "slipway-system" };
        var timeout = new Option<string>("--timeout") { Description = "for each of the probes, which look at the same time", HelpName = "duration", DefaultValueFactory = _ => Usual };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && (!DurationText.TryParse(text, out var duration) || duration == TimeSpan.Zero))
            {
                result.AddError($"--timeout: {UntrustedText.Quote(text)} is no duration; write for example --timeout 30s");
            }
        });
        var command = new Verb("doctor", "Look for what keeps Slipway from working, and say what to do.", Lesson) { home, timeout };
        var flags = new ClusterFlags(command, acrossNamespaces: true);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var patience = DurationText.TryParse(parse.GetValue(timeout), out var given) ? given : TimeSpan.FromSeconds(10);
            var findings = await Doctor.ExamineAsync(new Examination(session.Connection, flags.All(parse) ? null : session.Namespace, parse.GetValue(home)!), patience, cancellationToken);
            output.Print(
                parse,
                surroundings,
                () => new JsonObject { ["verdict"] = Worst(findings), ["findings"] = new JsonArray([.. findings.Select(finding => finding.ToJson())]) },
                writer => Write(writer, surroundings, findings));
            return findings.All(finding => finding.Verdict != Verdict.Problem) ? ExitCode.Ok
                : findings is [{ Subject: Doctor.ServerSubject }] ? ExitCode.Unreachable
                : ExitCode.Failed;
        });
        return command;
    }

    // The first that is there, by what a person should look at first.
    private static string Worst(IReadOnlyList<Finding> findings) =>
        new[] { Verdict.Problem, Verdict.Warning, Verdict.Unknown, Verdict.Ok }.Select(verdict => findings.FirstOrDefault(finding => finding.Verdict == verdict)).OfType<Finding>().First().Word;

    private static void Write(TextWriter writer, Surroundings surroundings, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            writer.WriteLine($"{surroundings.Palette.Paint(finding.Word.PadRight(7), finding.Tone)}  {finding.Subject.PadRight(11)}  {finding.Said}");
            if (finding.Do is { } way)
            {
                writer.WriteLine($"{new string(' ', 22)}{surroundings.Palette.Paint($"→ {surroundings.Program.Said(way)}", Tone.Strong)}");
            }
        }

        string[] counts = [.. findings.Where(finding => finding.Verdict != Verdict.Ok).GroupBy(finding => finding.Verdict).OrderBy(group => group.Key == Verdict.Problem ? 0 : 1).Select(group => $"{group.Count()} {group.First().Word}")];
        writer.WriteLine(counts.Length == 0 ? "All is well." : $"Of {findings.Count} findings: {string.Join(", ", counts)}.");
    }
}
