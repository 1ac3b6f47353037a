using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway check NAME</c></summary>
internal static class CheckVerb
{
    private const string Lesson =
        """
        The registry is looked at by itself each spec.source.interval, and at once when its webhook tells
        of a push. This is for those who cannot wait, and for CI without a webhook.

        Examples:
          slipway check shop
          docker push ghcr.io/acme/shop:1.5.0 && slipway check shop --wait
        """;

    public static Command Create(Surroundings surroundings) => RequestVerb.Create(
        surroundings, "check", "Look at the registry now.", Lesson,
        requested => (new Ask(ApiNames.CheckAnnotation, RequestText.Write(requested.Now, by: null)), "asked to look at the registry"));
}
