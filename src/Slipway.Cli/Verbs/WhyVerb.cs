using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Explanations;
using Slipway.Cli.Output;
using Slipway.Kube;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway why NAME</c></summary>
internal static class WhyVerb
{
    private const string Lesson =
        """
        It tells what is followed, what the registry said, what runs, what is under way, what holds it,
        what failed, and what to do next. docs/conditions.md explains every reason.

        Examples:
          slipway why shop
          slipway why shop -n prod -o json | jq -r '.next[]'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var command = new Verb("why", "Explain in sentences why a Delivery does what it does, or does not.", Lesson) { name };
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(name)!, cancellationToken);
            var releases = await session.ReleasesAsync(seen.Key.Name, cancellationToken);
            var facts = new Facts(
                seen.Value.Value,
                [.. releases.Select(release => release.Value)],
                await HappeningsAsync(session, seen.Key, surroundings, cancellationToken),
                surroundings.Time.GetUtcNow());
            var paragraphs = Explanation.Of(facts);
            output.Print(
                parse,
                surroundings,
                () => new JsonObject([KeyValuePair.Create("delivery", (JsonNode?)seen.Key.ToString()), .. paragraphs.Select(paragraph => paragraph.ToJson())]),
                writer => ParagraphText.Write(writer, surroundings.Palette, $"{seen.Key.Name} in {seen.Key.Namespace}", paragraphs));
            return ExitCode.Ok;
        });
        return command;
    }

    // Events are the least of the answer: who may not read them still gets the rest.
    private static async Task<IReadOnlyList<Happening>> HappeningsAsync(
        ClusterSession session, ObjectKey key, Surroundings surroundings, CancellationToken cancellationToken)
    {
        try
        {
            return await session.HappeningsAsync(key.Name, cancellationToken);
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            surroundings.Error.WriteLine($"slipway: events are left out: {e.Message}");
            return [];
        }
    }
}
