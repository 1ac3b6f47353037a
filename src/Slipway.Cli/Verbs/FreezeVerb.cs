using System.CommandLine;
using System.Globalization;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.Gates;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway freeze NAME --reason R [--for D | --until T]</c>, <c>slipway freeze list</c>, <c>slipway unfreeze NAME</c></summary>
internal static class FreezeVerb
{
    private const string Lesson =
        """
        While a Freeze is in force nothing starts, and a rollout that is under way gets no more requests.
        Ways back stay open: abort, rollback, and what fails goes back by itself. It is an object of the
        cluster (kind Freeze), so who may make one is a matter of RBAC.

        Examples:
          slipway freeze sale --reason 'summer sale' --for 48h
          slipway freeze night --reason 'on call is asleep' --in 'prod-*'
          slipway freeze list
          slipway unfreeze sale
        """;

    private const string ListLesson =
        """
        Examples:
          slipway freeze list
          slipway freeze list -o wide
          slipway freeze list -o jsonpath='{.items[*].metadata.name}'
        """;

    private const string UnfreezeLesson =
        """
        It deletes the Freeze. What waited goes on at once, if nothing else holds it.

        Examples:
          slipway unfreeze sale
        """;

    public static Command Freeze(Surroundings surroundings)
    {
        var name = new Argument<string?>("name") { Description = "how the Freeze is to be called", Arity = ArgumentArity.ZeroOrOne };
        var reason = new Option<string?>("--reason") { Description = "what people are told; must be given", HelpName = "text" };
        var last = new Option<string?>("--for") { Description = "how long, such as 48h; default: until 'slipway unfreeze'", HelpName = "duration" };
        var until = new Option<string?>("--until") { Description = "until when, such as 2026-12-27T08:00:00Z", HelpName = "instant" };
        var namespaces = new Option<string[]>("--in") { Description = "a namespace, with * for any letters; may be given several times; default: all", HelpName = "pattern" };
        var command = new Verb("freeze", "Let nothing start in the whole cluster, or in some namespaces.", Lesson) { name, reason, last, until, namespaces, List(surroundings) };
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            if (parse.GetValue(name) is not { Length: > 0 } named || string.IsNullOrWhiteSpace(parse.GetValue(reason)))
            {
                throw new VerbException(ExitCode.Usage, "a Freeze has a name and a reason: slipway freeze sale --reason 'summer sale'");
            }

            var freeze = new Freeze
            {
                Metadata = new ObjectMeta { Name = named },
                Spec = new FreezeSpec { Reason = parse.GetValue(reason), Until = Until(parse.GetValue(last), parse.GetValue(until), surroundings.Time.GetUtcNow()), Namespaces = parse.GetValue(namespaces) is { Length: > 0 } some ? some : null },
            };
            if (FreezeTerms.Read(freeze, null).Problem is { } problem)
            {
                throw new VerbException(ExitCode.Usage, $"{problem}");
            }

            await session.FreezeAsync(freeze, cancellationToken);
            surroundings.Out.WriteLine($"Freeze {named}: nothing starts {(freeze.Spec.Namespaces is null ? "in the cluster" : $"in {string.Join(", ", freeze.Spec.Namespaces)}")}{(freeze.Spec.Until is null ? "" : $" until {freeze.Spec.Until}")}");
            surroundings.Error.WriteLine($"'slipway unfreeze {named}' ends it.");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Unfreeze(Surroundings surroundings)
    {
        var name = new Argument<string>("name") { Description = "the Freeze" };
        var command = new Verb("unfreeze", "End a Freeze.", UnfreezeLesson) { name };
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var named = parse.GetValue(name)!;
            if (!await session.UnfreezeAsync(named, cancellationToken))
            {
                throw new VerbException(ExitCode.NotFound, $"there is no Freeze {named}; 'slipway freeze list' shows what there is");
            }

            surroundings.Out.WriteLine($"Freeze {named}: ended");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Verb List(Surroundings surroundings)
    {
        var command = new Verb("list", "Show what is frozen, why, and by whom.", ListLesson);
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command, objects: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var (found, now) = (await session.FreezesAsync(cancellationToken), surroundings.Time.GetUtcNow());
            if (found.Count == 0 && output.IsTable(parse))
            {
                surroundings.Out.WriteLine("nothing is frozen");
                return ExitCode.Ok;
            }

            output.Print(parse, surroundings, () => Fetched<Freeze>.List(found), () => TableOf(found, now, output.IsWide(parse)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Table TableOf(IEnumerable<Fetched<Freeze>> freezes, DateTimeOffset now, bool wide)
    {
        string[] headings = ["NAME", "IN FORCE", "UNTIL", "BY", "NAMESPACES", "REASON"];
        var table = wide ? new Table([.. headings, "FROM", "WINDOWS", "AGE"]) : new Table(headings);
        foreach (var (freeze, terms) in freezes.Select(freeze => (freeze.Value, Terms: FreezeTerms.Read(freeze.Value, null))).OrderBy(pair => pair.Terms.Name, StringComparer.Ordinal))
        {
            Cell[] row =
            [
                terms.Name,
                terms.IsInForce(now) ? "yes" : "no",
                terms.Until is { } until ? until.ToString("u", CultureInfo.InvariantCulture) : "",
                terms.By ?? "",
                terms.Namespaces.Count == 0 ? "all" : string.Join(",", terms.Namespaces),
                terms.Problem?.ToString() ?? terms.Reason,
            ];
            table.Add(wide ? [.. row, freeze.Spec?.From, $"{freeze.Spec?.Windows?.Count ?? 0}", freeze.Metadata.CreationTimestamp is { } made ? Words.Age(now - made) : null] : row);
        }

        return table;
    }

    private static string? Until(string? last, string? until, DateTimeOffset now)
    {
        if (last is null)
        {
            return until;
        }

        return until is null && DurationText.TryParse(last, out var duration) && duration > TimeSpan.Zero
            ? Instant.Write(Instant.Of(now + duration))
            : throw new VerbException(ExitCode.Usage, until is null ? $"--for {last} is no duration; write for example --for 48h" : "give --for or --until, not both");
    }
}
