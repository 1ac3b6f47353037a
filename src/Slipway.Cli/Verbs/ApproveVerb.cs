using System.CommandLine;
using Slipway.Actions;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Conditions;
using Slipway.Kube;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway approve|reject [NAME] [--digest D] [--group G] [-l SELECTOR] [-A]</c></summary>
internal static class ApproveVerb
{
    private const string Yes =
        """
        A yes is for one digest: a version that comes later, under the same tag too, needs its own. With
        --group, -l or -A everything that waits for a yes gets it, each for the digest that it shows.

        Examples:
          slipway approve shop
          slipway approve shop --digest sha256:4c1d... --wait
          slipway approve --group checkout
          slipway approve -l team=web -A
        """;

    private const string No =
        """
        The version is rejected, as one that failed: it does not start, and 'slipway retry NAME' takes that
        back. Of a version that is being shown to some already, the rollout ends and goes back.

        Examples:
          slipway reject shop
          slipway reject --group checkout
        """;

    public static Command Approve(Surroundings surroundings) => Create(surroundings, ActionKind.Approve, Yes);

    public static Command Reject(Surroundings surroundings) => Create(surroundings, ActionKind.Reject, No);

    private static Verb Create(Surroundings surroundings, ActionKind kind, string lesson)
    {
        var name = DeliveryArgument.Any("the Delivery; without it, those that --group, -l or -A mean");
        var group = new Option<string?>("--group") { Description = "all members of the group that wait", HelpName = "name" };
        var labels = new Option<string?>("--selector", "-l") { Description = "all with these labels that wait, such as team=web", HelpName = "labels" };
        var command = new Verb(kind.Name, kind.Does, lesson) { name, group, labels };
        var fields = new ActionFlags(command, kind);
        var wait = new WaitFlag(command);
        var flags = new ClusterFlags(command, acrossNamespaces: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var many = parse.GetValue(group) is not null || parse.GetValue(labels) is not null || flags.All(parse);
            var patience = wait.Read(parse);
            if (many == (parse.GetValue(name) is not null) || (many && (fields.NamesDigest(parse) || patience is not null)))
            {
                throw new VerbException(ExitCode.Usage, $"say either which Delivery ('slipway {kind} NAME'), with --digest and --wait if you like, or which of them all (--group, -l, -A)");
            }

            var request = fields.Read(parse);
            if (parse.GetValue(name) is { } one)
            {
                var seen = await session.DeliveryAsync(one, cancellationToken);
                return await new Requesting(session, surroundings).SendAsync(seen, ActionVerb.Planned(kind, request, seen, [], session, surroundings), patience, cancellationToken);
            }

            var waiting = (await session.DeliveriesAsync(flags.All(parse), cancellationToken, parse.GetValue(labels))).Items
                .Where(item => item.Value.Value.Status?.Held?.Reason == Reasons.AwaitingApproval && (parse.GetValue(group) is not { } members || item.Value.Value.Spec?.Group?.Name == members));
            return await AllAsync(surroundings, session, [.. waiting.Select(item => (item.Key, ActionVerb.Planned(kind, request, item, [], session, surroundings)))], cancellationToken);
        });
        return command;
    }

    // All are known before the first is written: a refusal leaves none half done.
    private static async Task<int> AllAsync(
        Surroundings surroundings, ClusterSession session, IReadOnlyList<(ObjectKey Key, ActionPlan.Write Write)> decisions, CancellationToken cancellationToken)
    {
        foreach (var (key, write) in decisions.OrderBy(decision => $"{decision.Key}", StringComparer.Ordinal))
        {
            await session.PatchAsync(key, write.Patch(), cancellationToken);
            surroundings.Out.WriteLine($"Delivery {key}: {write.Told}");
        }

        return decisions.Count > 0 ? ExitCode.Ok : throw new VerbException(ExitCode.NotFound, "none of them waits for a person's yes; 'slipway get -A' shows what each waits for");
    }
}
