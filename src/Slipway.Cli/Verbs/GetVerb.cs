using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.JsonPaths;
using Slipway.Cli.Output;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway get [NAME]</c></summary>
internal static class GetVerb
{
    private const string Lesson =
        """
        VERSION is what runs, CANDIDATE what the policy selects now; where they differ, STATUS says why,
        and 'slipway why NAME' in sentences. With -w a line comes for each change, until Ctrl-C.

        Examples:
          slipway get
          slipway get -A -o wide
          slipway get shop -n prod -o yaml
          slipway get -l team=web --sort-by '{.metadata.creationTimestamp}'
          slipway get shop -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'
          slipway get -A -o jsonpath='{range .items[*]}{.metadata.name}{"\t"}{.status.current.tag}{"\n"}{end}'
          slipway get -w
          kubectl wait --for=condition=Ready delivery/shop
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.Any();
        var labels = new Option<string?>("--selector", "-l") { Description = "only those with these labels, such as team=web", HelpName = "labels" };
        var watch = new Option<bool>("--watch", "-w") { Description = "go on, and show each one that changes; json is one object a line" };
        var sort = new Option<string?>("--sort-by") { Description = "order by a field, such as {.metadata.creationTimestamp}", HelpName = "jsonpath" };
        var command = new Verb("get", "List Deliveries: what runs, what is next, how they are.", Lesson) { name, labels, watch, sort };
        var flags = new ClusterFlags(command, acrossNamespaces: true);
        var output = new OutputFlag(command, objects: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            if (parse.GetValue(name) is not null && (flags.All(parse) || parse.GetValue(labels) is not null))
            {
                throw new VerbException(ExitCode.Usage, "a name is looked for in one namespace, whatever its labels; leave out either the name or -A and -l");
            }

            using var session = flags.Open(parse, surroundings);
            var sight = new DeliverySight(session, flags.All(parse), parse.GetValue(name), parse.GetValue(labels));
            var found = Sorted(await sight.FindAsync(surroundings.Error, cancellationToken), parse.GetValue(sort));
            if (parse.GetValue(watch))
            {
                await new DeliveryRows(surroundings, output, parse, flags.All(parse)).FollowAsync(sight, found, cancellationToken);
            }
            else if (found.Count == 0 && output.IsTable(parse))
            {
                surroundings.Error.WriteLine(Nothing(session, flags.All(parse), parse.GetValue(labels)));
            }
            else
            {
                output.Print(
                    parse,
                    surroundings,
                    () => parse.GetValue(name) is null ? Fetched<Delivery>.List(found) : found[0].Raw,
                    () => DeliveryRows.TableOf(found.Select(item => item.Value), flags.All(parse), output.IsWide(parse), surroundings.Time.GetUtcNow()));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static string Nothing(ClusterSession session, bool all, string? labels)
    {
        var like = labels is null ? "" : $" with the labels {labels}";
        return all ? $"There are no Deliveries{like} in this cluster." : $"There are no Deliveries{like} in namespace {session.Namespace}; -A looks in all of them.";
    }

    private static IReadOnlyList<Fetched<Delivery>> Sorted(IReadOnlyList<Fetched<Delivery>> found, string? path)
    {
        if (path is null)
        {
            return [.. found.OrderBy(item => item.Value.Metadata.Namespace, StringComparer.Ordinal).ThenBy(item => item.Value.Metadata.Name, StringComparer.Ordinal)];
        }

        try
        {
            var field = JsonPathTemplate.Parse(path.StartsWith('{') ? path : $"{{{path}}}");

            // Times of the API are in order as they are written; numbers are not.
            return [.. found.Select(item => (Item: item, Text: field.Render(item.Raw)))
                .OrderBy(pair => double.TryParse(pair.Text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : double.PositiveInfinity)
                .ThenBy(pair => pair.Text, StringComparer.Ordinal)
                .Select(pair => pair.Item)];
        }
        catch (JsonPathException e)
        {
            throw new VerbException(ExitCode.Usage, $"--sort-by: {e.Message}");
        }
    }
}
