using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway approve|reject [NAME] [--digest D] [--group G] [-l SELECTOR] [-A]</c></summary>
internal static class ApproveVerb
{
    private const string From = "command-line";

    // sha256: and a few letters.
    private const int ShortestDigest = 14;

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

    public static Command Approve(Surroundings surroundings) => Create(surroundings, "approve", "Say yes to a version that waits for it.", Yes, ApiNames.ApproveAnnotation);

    public static Command Reject(Surroundings surroundings) => Create(surroundings, "reject", "Say no to a version.", No, ApiNames.RejectAnnotation);

    private static Verb Create(Surroundings surroundings, string verb, string description, string lesson, string annotation)
    {
        var name = DeliveryArgument.Any("the Delivery; without it, those that --group, -l or -A mean");
        var digest = new Option<string?>("--digest") { Description = "which version; default: the one that it asks about", HelpName = "digest" };
        var group = new Option<string?>("--group") { Description = "all members of the group that wait", HelpName = "name" };
        var labels = new Option<string?>("--selector", "-l") { Description = "all with these labels that wait, such as team=web", HelpName = "labels" };
        var command = new Verb(verb, description, lesson) { name, digest, group, labels };
        var wait = new WaitFlag(command);
        var flags = new ClusterFlags(command, acrossNamespaces: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = flags.Open(parse, surroundings);
            var many = parse.GetValue(group) is not null || parse.GetValue(labels) is not null || flags.All(parse);
            if (many == (parse.GetValue(name) is not null) || (many && (parse.GetValue(digest) is not null || wait.Read(parse) is not null)))
            {
                throw new VerbException(ExitCode.Usage, $"say either which Delivery ('slipway {verb} NAME'), with --digest and --wait if you like, or which of them all (--group, -l, -A)");
            }

            if (parse.GetValue(name) is { } one)
            {
                var seen = await session.DeliveryAsync(one, cancellationToken);
                var asked = Which(seen, parse.GetValue(digest));
                return await new Requesting(session, surroundings).SendAsync(seen, AskFor(surroundings, session, annotation, asked), Told(verb, asked), wait.Read(parse), cancellationToken);
            }

            return await AllAsync(surroundings, session, verb, annotation, flags.All(parse), parse.GetValue(group), parse.GetValue(labels), cancellationToken);
        });
        return command;
    }

    private static async Task<int> AllAsync(
        Surroundings surroundings, ClusterSession session, string verb, string annotation, bool everywhere, string? group, string? labels, CancellationToken cancellationToken)
    {
        var waiting = (await session.DeliveriesAsync(everywhere, cancellationToken, labels)).Items
            .Where(item => item.Value.Value.Status?.Held?.Reason == Reasons.AwaitingApproval && (group is null || item.Value.Value.Spec?.Group?.Name == group))
            .OrderBy(item => $"{item.Key}", StringComparer.Ordinal)
            .ToArray();
        foreach (var item in waiting)
        {
            var digest = Asked(item.Value.Value)!;
            await session.PatchAsync(item.Key, AskFor(surroundings, session, annotation, digest).Patch(), cancellationToken);
            surroundings.Out.WriteLine($"Delivery {item.Key}: {Told(verb, digest)}");
        }

        if (waiting.Length == 0)
        {
            throw new VerbException(ExitCode.NotFound, "none of them waits for a person's yes; 'slipway get -A' shows what each waits for");
        }

        return ExitCode.Ok;
    }

    private static Ask AskFor(Surroundings surroundings, ClusterSession session, string annotation, string digest) =>
        new(annotation, RequestText.Write(surroundings.Time.GetUtcNow(), session.User, digest: digest, from: From));

    // What is shown to people is the beginning of a digest: that is enough to name the one that is asked about.
    private static string Which(ResourceItem<Fetched<Delivery>> seen, string? named)
    {
        var asked = Asked(seen.Value.Value);
        return named is null
            ? asked ?? throw new VerbException(ExitCode.Failed, $"Delivery {seen.Key} has no version that could be decided about; 'slipway why {seen.Key.Name}' tells what it does")
            : Digest.IsValid(named) ? named
            : named.Length > ShortestDigest && asked?.StartsWith(named, StringComparison.Ordinal) == true ? asked
            : throw new VerbException(ExitCode.Usage, $"{UntrustedText.Quote(named)} is neither a whole digest nor the beginning of the one that {seen.Key} asks about ({asked ?? "none"})");
    }

    private static string Told(string verb, string digest) => $"{(verb == "approve" ? "yes" : "no")} to {Words.ShortDigest(digest)}";

    // By the controller's own rule: what is being shown, else the candidate.
    private static string? Asked(Delivery delivery) => delivery.Status switch
    {
        { Rollout: RolloutState.Stepping at } => at.Attempt.Digest,
        { Candidate: { } candidate } => candidate.Digest,
        _ => null,
    };
}
