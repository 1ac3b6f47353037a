using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Descriptions;
using Slipway.Cli.Output;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway diff NAME [FROM] [TO]</c></summary>
internal static class DiffVerb
{
    private const string Lesson =
        """
        FROM and TO are numbers of Releases, as 'slipway history NAME' has them. Without them it compares the
        last two, with FROM alone that one and the last.

        Examples:
          slipway diff shop
          slipway diff shop 1 2
          slipway diff shop 1 -o json | jq '.changed'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var from = new Argument<long?>("from") { Description = "number of a Release; default: the last but one", Arity = ArgumentArity.ZeroOrOne };
        var to = new Argument<long?>("to") { Description = "number of a Release; default: the last", Arity = ArgumentArity.ZeroOrOne };
        var command = new Verb("diff", "Compare two Releases: image, checks, who, why, how it ended.", Lesson) { name, from, to };
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var wanted = parse.GetValue(name)!;
            var releases = await session.ReleasesAsync(wanted, cancellationToken);
            if (releases.Count == 0)
            {
                await session.DeliveryAsync(wanted, cancellationToken);
            }

            var last = Numbered(releases, parse.GetValue(to), wanted) ?? Last(releases, 1);
            var first = Numbered(releases, parse.GetValue(from), wanted) ?? Last(releases, 2);
            if (first is null || last is null)
            {
                throw new VerbException(ExitCode.NotFound, $"Delivery {wanted} has {(releases.Count == 0 ? "no Releases" : "one Release only")}; there is nothing to compare yet");
            }

            var difference = new ReleaseDifference(first, last, surroundings.Time.GetUtcNow());
            output.Print(parse, surroundings, difference.ToJson, difference.ToTable);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Release? Last(IReadOnlyList<Fetched<Release>> releases, int fromEnd) => releases.Count >= fromEnd ? releases[^fromEnd].Value : null;

    private static Release? Numbered(IReadOnlyList<Fetched<Release>> releases, long? number, string name) =>
        number is not { } wanted ? null
        : releases.FirstOrDefault(release => release.Value.Spec.Number == wanted)?.Value
            ?? throw new VerbException(ExitCode.NotFound, $"Delivery {name} has no release {wanted}; 'slipway history {name}' lists what it has");
}
