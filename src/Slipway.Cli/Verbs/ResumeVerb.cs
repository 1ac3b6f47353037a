using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway resume NAME</c></summary>
internal static class ResumeVerb
{
    private const string Lesson =
        """
        It ends a suspension, and every hold that waits for a person: after a rollback by hand, after a
        change of the image by hand (drift), after a tool kept changing it. From then on the source is
        followed again, and a candidate that waits starts.

        Examples:
          slipway resume shop
          slipway resume shop --wait
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var command = new Verb("resume", "Go on: end a suspension or a hold, and follow the source again.", Lesson) { name };
        var wait = new WaitFlag(command);
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(name)!, cancellationToken);

            // One patch: between two, the controller might start what the second one is about.
            var ask = new Ask(ApiNames.ResumeAnnotation, RequestText.Write(surroundings.Time.GetUtcNow(), session.User), Suspend: false);
            return await new Requesting(session, surroundings).SendAsync(seen, ask, "asked to go on", wait.Read(parse), cancellationToken);
        });
        return command;
    }
}
