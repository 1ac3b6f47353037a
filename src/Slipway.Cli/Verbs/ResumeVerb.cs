using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Rollouts;

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

    // One patch: between two, the controller might start what the second one is about.
    public static Command Create(Surroundings surroundings) => RequestVerb.Create(
        surroundings, "resume", "Go on: end a suspension or a hold, and follow the source again.", Lesson,
        requested => (new Ask(ApiNames.ResumeAnnotation, RequestText.Write(requested.Now, requested.Session.User), Suspend: false), "asked to go on"));
}
