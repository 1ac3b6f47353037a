using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway suspend NAME</c></summary>
internal static class SuspendVerb
{
    private const string Lesson =
        """
        It sets spec.suspend. Nothing starts and nothing is written to the workloads, a rollout that is
        under way stays where it is, and the registry is still looked at: 'slipway get' shows what waits.

        Examples:
          slipway suspend shop
          slipway suspend shop --wait         # until the controller has seen it
        """;

    public static Command Create(Surroundings surroundings) =>
        RequestVerb.Create(surroundings, "suspend", "Let nothing happen until 'slipway resume'.", Lesson, _ => (new Ask(null, null, Suspend: true), "suspended"));
}
