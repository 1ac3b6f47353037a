using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Requests;
using Slipway.Explanations;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway retry NAME</c></summary>
internal static class RetryVerb
{
    private const string Lesson =
        """
        A version that failed is not tried again by itself. Retry it when the cause lay elsewhere: a
        database that was down, a quota, a Secret that was missing. A change of the spec has the same
        effect, and a newer version needs neither.

        Examples:
          slipway retry shop
          slipway retry shop --wait           # exit code 0 when it passes this time
        """;

    public static Command Create(Surroundings surroundings) => RequestVerb.Create(surroundings, "retry", "Try the rejected candidate again.", Lesson, Retry);

    private static (Ask, string) Retry(Requested requested)
    {
        var status = requested.Delivery.Status;
        if (status?.Candidate is not { } candidate || status.Rejected?.Any(rejection => rejection.Digest == candidate.Digest) != true)
        {
            throw new VerbException(
                ExitCode.Failed, $"Delivery {requested.Seen.Key} has no rejected candidate to try again; 'slipway why {requested.Name}' tells what it waits for");
        }

        // The digest is named: should another candidate come before the request does, it is not what was meant.
        return (
            new Ask(ApiNames.RetryAnnotation, RequestText.Write(requested.Now, requested.Session.User, digest: candidate.Digest)),
            $"asked to try {Words.Named(candidate.Tag, candidate.Digest)} again");
    }
}
