using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway abort NAME</c></summary>
internal static class AbortVerb
{
    private const string Lesson =
        """
        The rollout that is under way ends, and the version before serves again. The one that was tried is
        rejected; a newer one ships as always. It works at every moment: while a person is waited for,
        frozen, outside of windows, without metrics.

        Examples:
          slipway abort shop
          slipway abort shop --wait           # until the version before serves alone
        """;

    public static Command Create(Surroundings surroundings) => RequestVerb.Create(
        surroundings, "abort", "End the rollout that is under way, and go back.", Lesson,
        requested => (new Ask(ApiNames.AbortAnnotation, RequestText.Write(requested.Now, requested.Session.User)), "asked to go back"));
}
