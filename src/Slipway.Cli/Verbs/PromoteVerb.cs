using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway promote NAME [--all]</c></summary>
internal static class PromoteVerb
{
    private const string Lesson =
        """
        The step of a canary that is under way is over, whatever of its hold is left: the next one begins,
        or the promotion. --all leaves out every step. A freeze and a closed window refuse it, and it is
        told in the Release who said so.

        Examples:
          slipway promote shop
          slipway promote shop --all --wait
        """;

    public static Command Create(Surroundings surroundings)
    {
        var all = new Option<bool>("--all") { Description = "every step that is left, up to the promotion" };
        return RequestVerb.Create(surroundings, "promote", "Give the new version more: end the present step.", Lesson, requested =>
        {
            var whole = requested.Parse.GetValue(all);
            return (
                new Ask(ApiNames.PromoteAnnotation, RequestText.Write(requested.Now, requested.Session.User, all: whole)),
                whole ? "asked to leave out every step" : "asked to end the present step");
        }, all);
    }
}
