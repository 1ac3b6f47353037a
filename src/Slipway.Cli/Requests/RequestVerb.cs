using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Kube;

namespace Slipway.Cli.Requests;

/// <summary>What a verb that asks something of one Delivery is told.</summary>
/// <param name="Seen">The Delivery as it was just read.</param>
internal sealed record Requested(ParseResult Parse, ClusterSession Session, ResourceItem<Fetched<Delivery>> Seen, DateTimeOffset Now, CancellationToken Stopping)
{
    public Delivery Delivery => Seen.Value.Value;

    public string Name => Seen.Key.Name;
}

/// <summary>The shape of all verbs that ask something of one Delivery: <c>slipway VERB NAME [--wait]</c>.</summary>
internal static class RequestVerb
{
    /// <param name="ask">What is asked for, and how that is told; it may refuse what is certain to be refused.</param>
    public static Verb Create(
        Surroundings surroundings, string name, string description, string lesson, Func<Requested, Task<(Ask Ask, string Told)>> ask, params Option[] options)
    {
        var delivery = DeliveryArgument.One();
        var command = new Verb(name, description, lesson) { delivery };
        foreach (var option in options)
        {
            command.Add(option);
        }

        var wait = new WaitFlag(command);
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(delivery)!, cancellationToken);
            var (request, told) = await ask(new Requested(parse, session, seen, surroundings.Time.GetUtcNow(), cancellationToken));
            return await new Requesting(session, surroundings).SendAsync(seen, request, told, wait.Read(parse), cancellationToken);
        });
        return command;
    }

    /// <summary>One that needs nothing but what it was told.</summary>
    public static Verb Create(Surroundings surroundings, string name, string description, string lesson, Func<Requested, (Ask Ask, string Told)> ask, params Option[] options) =>
        Create(surroundings, name, description, lesson, requested => Task.FromResult(ask(requested)), options);
}
