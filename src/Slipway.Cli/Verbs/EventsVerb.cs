using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Explanations;
using Slipway.Kube;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway events NAME [-w]</c></summary>
internal static class EventsVerb
{
    private const string Lesson =
        """
        What the controller told of the Delivery, the newest last. The cluster forgets events after an hour
        or so; what must last is in 'slipway history NAME'. With -w new ones follow, until Ctrl-C.

        Examples:
          slipway events shop
          slipway events shop -w
          slipway events shop -o json | jq -r '.items[].message'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var watch = new Option<bool>("--watch", "-w") { Description = "go on, and show new ones as they come; json is one object a line" };
        var command = new Verb("events", "List what was told of a Delivery lately.", Lesson) { name, watch };
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command, objects: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var wanted = parse.GetValue(name)!;
            var (found, version) = await session.EventsAsync(wanted, cancellationToken);
            var oldestFirst = found.Reverse().ToArray();
            if (oldestFirst.Length == 0)
            {
                // An empty answer for a name that was mistyped would be a lie.
                await session.DeliveryAsync(wanted, cancellationToken);
            }

            if (parse.GetValue(watch))
            {
                await FollowAsync(new Listing(surroundings, output, parse), session, wanted, oldestFirst, version, cancellationToken);
            }
            else if (oldestFirst.Length == 0 && output.IsTable(parse))
            {
                surroundings.Error.WriteLine($"Nothing was told of Delivery {wanted} lately; 'slipway history {wanted}' remembers longer.");
            }
            else
            {
                output.Print(parse, surroundings, () => Fetched<Happening>.List(oldestFirst.Select(item => item.Value)), () => TableOf(oldestFirst, output.IsWide(parse), surroundings.Time.GetUtcNow()));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private sealed record Listing(Surroundings Surroundings, OutputFlag Output, ParseResult Parse);

    private static async Task FollowAsync(
        Listing to, ClusterSession session, string name, IReadOnlyList<ResourceItem<Fetched<Happening>>> found, string version, CancellationToken cancellationToken)
    {
        var widths = Show(to, [], found, to.Output.Headings(to.Parse));
        var told = found.Select(item => (item.Uid, item.Key, item.ResourceVersion)).ToHashSet();
        while (true)
        {
            await foreach (var item in session.NewEventsAsync(name, version, cancellationToken))
            {
                version = item.ResourceVersion;
                widths = told.Add((item.Uid, item.Key, item.ResourceVersion)) ? Show(to, widths, [item], headings: false) : widths;
            }

            // What was told between two watches.
            (var now, version) = await session.EventsAsync(name, cancellationToken);
            widths = Show(to, widths, [.. now.Reverse().Where(item => told.Add((item.Uid, item.Key, item.ResourceVersion)))], headings: false);
        }
    }

    private static int[] Show(Listing to, int[] widths, IReadOnlyList<ResourceItem<Fetched<Happening>>> items, bool headings)
    {
        var (surroundings, output, parse) = to;
        if (output.IsTable(parse))
        {
            return TableOf(items, output.IsWide(parse), surroundings.Time.GetUtcNow()).Continue(surroundings.Out, surroundings.Palette, widths, headings);
        }

        foreach (JsonNode raw in items.Select(item => item.Value.Raw))
        {
            surroundings.Out.Write(output.Read(parse) switch
            {
                OutputFormat.Json => JsonText.LineOf(raw) + "\n",
                OutputFormat.Yaml => YamlText.OfMany([raw]),
                _ => output.Text(parse, raw),
            });
        }

        return widths;
    }

    private static Table TableOf(IEnumerable<ResourceItem<Fetched<Happening>>> items, bool wide, DateTimeOffset now)
    {
        var table = wide ? new Table("AT", "TYPE", "REASON", "COUNT", "MESSAGE") : new Table("LAST SEEN", "TYPE", "REASON", "MESSAGE");
        foreach (var happening in items.Select(item => item.Value.Value))
        {
            var type = happening.Warning ? new Cell("Warning", Tone.Bad) : new Cell("Normal");
            var message = Words.Readable(happening.Message);
            if (wide)
            {
                table.Add(Words.Instant(happening.At), type, happening.Reason, $"{happening.Count}", message);
            }
            else
            {
                table.Add(Words.Age(now - happening.At), type, happening.Reason, message);
            }
        }

        return table;
    }
}
