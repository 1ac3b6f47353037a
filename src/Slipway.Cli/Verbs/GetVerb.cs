using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Conditions;
using Slipway.Explanations;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway get [NAME]</c></summary>
internal static class GetVerb
{
    private const string Lesson =
        """
        VERSION is what runs, CANDIDATE what the policy selects now; where they differ, STATUS says why,
        and 'slipway why NAME' in sentences.

        Examples:
          slipway get
          slipway get -A
          slipway get shop -n prod -o yaml
          kubectl wait --for=condition=Ready delivery/shop
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.Any();
        var command = new Verb("get", "List Deliveries: what runs, what is next, how they are.", Lesson) { name };
        var flags = new ClusterFlags(command, acrossNamespaces: true);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            if (parse.GetValue(name) is { } wanted)
            {
                if (flags.All(parse))
                {
                    throw new VerbException(ExitCode.Usage, "a name is looked for in one namespace; leave out either the name or -A");
                }

                var one = await session.DeliveryAsync(wanted, cancellationToken);
                output.Print(parse, surroundings, () => one.Value.Raw, writer => Write([one.Value.Value], false, surroundings, writer));
                return ExitCode.Ok;
            }

            var page = await session.DeliveriesAsync(flags.All(parse), cancellationToken);
            foreach (var unreadable in page.Unreadable)
            {
                surroundings.Error.WriteLine($"slipway: Delivery {unreadable.Key} is left out, it cannot be read: {unreadable.Why}");
            }

            var deliveries = page.Items.Select(item => item.Value).ToArray();
            if (deliveries.Length == 0 && output.Read(parse) == OutputFormat.Table)
            {
                surroundings.Error.WriteLine(flags.All(parse)
                    ? "There are no Deliveries in this cluster."
                    : $"There are no Deliveries in namespace {session.Namespace}; -A looks in all of them.");
                return ExitCode.Ok;
            }

            output.Print(
                parse,
                surroundings,
                () => Fetched<Delivery>.List(deliveries),
                writer => Write(deliveries.Select(item => item.Value), flags.All(parse), surroundings, writer));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IEnumerable<Delivery> deliveries, bool all, Surroundings surroundings, TextWriter writer)
    {
        string[] headings = ["NAME", "VERSION", "CANDIDATE", "READY", "STATUS", "AGE"];
        var table = new Table(all ? ["NAMESPACE", .. headings] : headings);
        var now = surroundings.Time.GetUtcNow();
        var sorted = deliveries
            .OrderBy(delivery => delivery.Metadata.Namespace, StringComparer.Ordinal)
            .ThenBy(delivery => delivery.Metadata.Name, StringComparer.Ordinal);
        foreach (var delivery in sorted)
        {
            var row = Row(delivery, now);
            table.Add(all ? [delivery.Metadata.Namespace, .. row] : row);
        }

        table.Write(writer, surroundings.Palette);
    }

    private static Cell[] Row(Delivery delivery, DateTimeOffset now)
    {
        var status = delivery.Status ?? new DeliveryStatus();
        var ready = status.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.Ready);
        return
        [
            delivery.Metadata.Name,
            status.Current is { } current ? Words.Version(current.Tag, current.Digest) : null,
            status.Candidate is { } candidate ? Words.Version(candidate.Tag, candidate.Digest) : null,
            new Cell(ready?.Status ?? "Unknown", ready?.Status switch { "True" => Tone.Good, "False" => Tone.Bad, _ => Tone.Notable }),
            status.Held?.Reason ?? ready?.Reason,
            delivery.Metadata.CreationTimestamp is { } created ? Words.Age(now - created) : null,
        ];
    }
}
