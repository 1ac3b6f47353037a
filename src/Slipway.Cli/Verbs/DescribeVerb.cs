using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Descriptions;
using Slipway.Cli.Output;
using Slipway.Explanations;
using Slipway.Kube;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway describe NAME</c></summary>
internal static class DescribeVerb
{
    private const string Lesson =
        """
        All that there is: what was asked for, where the rollout is, pods of both sides, measurements, gates,
        conditions, the last Releases and events. 'slipway why NAME' is the short story of it.

        Examples:
          slipway describe shop
          slipway describe shop -n prod
          slipway describe shop -o json | jq -r '.pods[]'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var command = new Verb("describe", "Show everything of a Delivery, for people.", Lesson) { name };
        var flags = new ClusterFlags(command);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(name)!, cancellationToken);
            var releases = await session.ReleasesAsync(seen.Key.Name, cancellationToken);
            var happenings = await AllowedAsync("events", () => session.HappeningsAsync(seen.Key.Name, cancellationToken), surroundings);
            var pods = await AllowedAsync("pods", () => new PodSight(session.Connection, session.Namespace).LinesAsync(seen.Value.Value, cancellationToken), surroundings);
            var facts = new Facts(seen.Value.Value, [.. releases.Select(release => release.Value)], happenings, surroundings.Time.GetUtcNow());
            var paragraphs = DeliveryDescription.Of(facts, pods);
            output.Print(
                parse,
                surroundings,
                () => new JsonObject([KeyValuePair.Create("delivery", (JsonNode?)seen.Key.ToString()), .. paragraphs.Select(paragraph => paragraph.ToJson())]),
                writer => ParagraphText.Write(writer, surroundings.Palette, $"{seen.Key.Name} in {seen.Key.Namespace}", paragraphs));
            return ExitCode.Ok;
        });
        return command;
    }

    // Who may not read all of it still gets the rest.
    private static async Task<IReadOnlyList<T>> AllowedAsync<T>(string what, Func<Task<IReadOnlyList<T>>> read, Surroundings surroundings)
    {
        try
        {
            return await read();
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            surroundings.Error.WriteLine($"slipway: {what} are left out: {e.Message}");
            return [];
        }
    }
}
