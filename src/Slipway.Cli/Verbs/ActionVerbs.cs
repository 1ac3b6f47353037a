using Slipway.Actions;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;

namespace Slipway.Cli.Verbs;

/// <summary>The verbs that are one request of one Delivery and nothing else: each is what it teaches.</summary>
internal static class ActionVerbs
{
    private const string PromoteLesson =
        """
        The step of a canary that is under way is over, whatever of its hold is left: the next one begins,
        or the promotion. --all leaves out every step. A freeze and a closed window refuse it, and it is
        told in the Release who said so.

        Examples:
          slipway promote shop
          slipway promote shop --all --wait
          slipway promote shop --reason 'the numbers look good' --wait --timeout 10m
        """;

    private const string AbortLesson =
        """
        The rollout that is under way ends, and the version before serves again. The one that was tried is
        rejected; a newer one ships as always. It works at every moment: while a person is waited for,
        frozen, outside of windows, without metrics.

        Examples:
          slipway abort shop
          slipway abort shop --wait           # until the version before serves alone
        """;

    private const string RollbackLesson =
        """
        It goes to a digest that once succeeded; a rollout that is under way is ended. The version that is
        left is rejected, and nothing newer starts until 'slipway resume NAME' follows the source again.

        Examples:
          slipway rollback shop
          slipway rollback shop --to 7 --wait
          slipway rollback shop --reason 'baskets are empty' --wait=5m && echo back
        """;

    private const string SuspendLesson =
        """
        It sets spec.suspend. Nothing starts and nothing is written to the workloads, a rollout that is
        under way stays where it is, and the registry is still looked at: 'slipway get' shows what waits.
        'slipway resume NAME' ends it.

        Examples:
          slipway suspend shop
          slipway suspend shop --wait         # until the controller has seen it
        """;

    private const string ResumeLesson =
        """
        It ends a suspension, and every hold that waits for a person: after a rollback by hand, after a
        change of the image by hand (drift), after a tool kept changing it. From then on the source is
        followed again, and a candidate that waits starts.

        Examples:
          slipway resume shop
          slipway resume shop --wait
        """;

    private const string RetryLesson =
        """
        A version that failed is not tried again by itself. Retry it when the cause lay elsewhere: a
        database that was down, a quota, a Secret that was missing. A change of the spec has the same
        effect, and a newer version needs neither.

        Examples:
          slipway retry shop
          slipway retry shop --wait           # exit code 0 when it passes this time
        """;

    private const string CheckLesson =
        """
        The registry is looked at by itself each spec.source.interval, and at once when its webhook tells
        of a push. This is for those who cannot wait, and for CI without a webhook.

        Examples:
          slipway check shop
          docker push ghcr.io/acme/shop:1.5.0 && slipway check shop --wait
        """;

    public static IEnumerable<Verb> All(Surroundings surroundings) =>
    [
        ActionVerb.Create(surroundings, ActionKind.Promote, PromoteLesson),
        ActionVerb.Create(surroundings, ActionKind.Abort, AbortLesson),
        ActionVerb.Create(surroundings, ActionKind.Rollback, RollbackLesson),
        ActionVerb.Create(surroundings, ActionKind.Suspend, SuspendLesson),
        ActionVerb.Create(surroundings, ActionKind.Resume, ResumeLesson),
        ActionVerb.Create(surroundings, ActionKind.Retry, RetryLesson),
        ActionVerb.Create(surroundings, ActionKind.Check, CheckLesson),
    ];
}
