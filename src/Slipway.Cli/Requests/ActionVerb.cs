using System.Collections.Immutable;
using System.Diagnostics;
using Slipway.Actions;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Kube;
using Slipway.Views;

namespace Slipway.Cli.Requests;

/// <summary>The shape of all verbs that ask something of one Delivery: <c>slipway ACTION NAME [--wait]</c>. What is written, and what is refused, is the core's.</summary>
internal static class ActionVerb
{
    // Where a request came from, as the history shows it.
    private const string From = "command-line";

    public static Verb Create(Surroundings surroundings, ActionKind kind, string lesson)
    {
        var delivery = DeliveryArgument.One();
        var command = new Verb(kind.Name, kind.Does, lesson) { delivery };
        var fields = new ActionFlags(command, kind);
        var wait = new WaitFlag(command);
        var flags = new ClusterFlags(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var seen = await session.DeliveryAsync(parse.GetValue(delivery)!, cancellationToken);
            var history = kind == ActionKind.Rollback ? await session.HistoryAsync(seen.Key.Name, cancellationToken) : [];
            var write = Planned(kind, fields.Read(parse), seen, history, session, surroundings);
            return await new Requesting(session, surroundings).SendAsync(seen, write, wait.Read(parse), cancellationToken);
        });
        return command;
    }

    /// <exception cref="VerbException">It would certainly be refused.</exception>
    public static ActionPlan.Write Planned(
        ActionKind kind, ActionRequest request, ResourceItem<Fetched<Delivery>> seen, ImmutableArray<Rollouts.ReleaseRecord> history, ClusterSession session, Surroundings surroundings) =>
        ActionPlan.Of(kind, request, seen.Value.Value, history, new Asker(session.User, From, surroundings.Time.GetUtcNow())) switch
        {
            ActionPlan.Write write => write,
            ActionPlan.Refuse { Field: { } field } wrong => throw new VerbException(ExitCode.Usage, $"--{field}: {wrong.Why}; {wrong.WayOut}"),
            ActionPlan.Refuse refused => throw new VerbException(ExitCode.Failed, $"{refused.Why}; {refused.WayOut}"),
            _ => throw new UnreachableException(),
        };
}
