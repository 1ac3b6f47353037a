using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway check NAME</c></summary>
internal static class CheckVerb
{
    private const string Lesson =
        """
        The registry is looked at by itself each spec.source.interval, and at once when its webhook tells
        of a push. This is for those who cannot wait, and for CI without a webhook.

        Examples:
          slipway check shop
          docker push ghcr.io/acme/shop:1.5.0 && slipway check shop --wait
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = DeliveryArgument.One();
        var command = new Verb("check", "Look at the registry now.", Lesson) { name };
        var wait = new WaitFlag(command);
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(name)!, cancellationToken);
            var ask = new Ask(ApiNames.CheckAnnotation, RequestText.Write(surroundings.Time.GetUtcNow(), by: null));
            return await new Requesting(session, surroundings).SendAsync(seen, ask, "asked to look at the registry", wait.Read(parse), cancellationToken);
        });
        return command;
    }
}
