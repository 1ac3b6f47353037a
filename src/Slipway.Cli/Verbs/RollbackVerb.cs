using System.Collections.Immutable;
using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway rollback NAME [--to N]</c></summary>
internal static class RollbackVerb
{
    private const string Lesson =
        """
        It goes to a digest that once succeeded; a rollout that is under way is ended. The version that is
        left is rejected, and nothing newer starts until 'slipway resume NAME' follows the source again.

        Examples:
          slipway rollback shop
          slipway rollback shop --to 7 --wait
          slipway rollback shop --wait=5m && echo back
        """;

    public static Command Create(Surroundings surroundings)
    {
        var to = new Option<long?>("--to")
        {
            Description = "number of the Release to go back to; default: the last good one before the current",
            HelpName = "number",
        };
        return RequestVerb.Create(surroundings, "rollback", "Go back to a version that was good, and stay there.", Lesson, async requested =>
        {
            if (requested.Delivery.Spec?.Suspend == true)
            {
                throw new VerbException(
                    ExitCode.Failed, $"Delivery {requested.Seen.Key} is suspended, so nothing moves: 'slipway resume {requested.Name}' first, then roll back");
            }

            var number = requested.Parse.GetValue(to);
            var told = Foresee(requested.Delivery, await requested.Session.ReleasesAsync(requested.Name, requested.Stopping), number);
            return (new Ask(ApiNames.RollbackAnnotation, RequestText.Write(requested.Now, requested.Session.User, to: number)), told);
        }, to);
    }

    /// <summary>What will come of it, by the controller's own rules: a refusal that is certain is told at once.</summary>
    private static string Foresee(Delivery delivery, IReadOnlyList<Fetched<Release>> releases, long? number)
    {
        var status = delivery.Status ?? new DeliveryStatus();
        if (status.Rollout is Advancing { Attempt: var attempt })
        {
            return attempt.Previous is { } previous
                ? $"asked to end release {attempt.Number} ({attempt.Tag}) and go back to {(number is null ? previous.Tag : $"release {number}")}"
                : throw new VerbException(
                    ExitCode.Failed, $"release {attempt.Number} ({attempt.Tag}) is under way, and nothing is known to be good yet to go back to");
        }

        if (status.Rollout is not (Idle or Held or null))
        {
            return "asked to go back once what is under way has ended";
        }

        var history = releases.Select(release => Record(release.Value)).ToImmutableArray();
        var current = status.Rollout is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled } ? null : status.Current?.Digest;
        var (target, refusal) = number is { } wanted ? RollbackTarget.Numbered(history, current, wanted) : RollbackTarget.Last(history, current);
        return target is null
            ? throw new VerbException(ExitCode.Failed, $"Delivery {delivery.Metadata.Namespace}/{delivery.Metadata.Name} cannot go back: {refusal}")
            : $"asked to go back to {Words.Named(target.Tag, target.Digest)}, which was release {target.Number}";
    }

    private static ReleaseRecord Record(Release release) => new(
        release.Metadata.Name,
        release.Metadata.Uid ?? "",
        release.Spec.Number,
        release.Spec.Tag,
        release.Spec.Digest,
        release.Status?.Outcome ?? "",
        release.Spec.StartedAt);
}
