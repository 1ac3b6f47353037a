using Slipway.Api;
using Slipway.Checks;
using Slipway.Checks.Expressions;
using Slipway.Explanations;

namespace Slipway.Views;

/// <summary>Makes views of Releases.</summary>
public static class ReleaseViews
{
    public static ReleaseRow Row(Release release) =>
        new(release.Spec.Number, release.Spec.Tag, release.Spec.Digest, release.Status?.Outcome is { Length: > 0 } outcome ? outcome : "Unknown", release.Spec.StartedAt);

    public static ReleaseView Whole(Release release)
    {
        var (spec, status) = (release.Spec, release.Status ?? new());
        return new(Row(release), release.Metadata.Namespace ?? "", spec.Delivery, spec.Repository, spec.Cause)
        {
            By = spec.By,
            Previous = spec.Previous is { } previous ? DeliveryViews.Version(previous) : null,
            Reason = status.Reason,
            Message = status.Message is { } message ? Words.Readable(message) : null,
            FinishedAt = status.FinishedAt,
            Transitions = status.Transitions is { Count: > 0 } transitions ? transitions : null,
            Checks = status.Checks is { Count: > 0 } checks ? [.. checks.Select(Check)] : null,
        };
    }

    /// <summary>Of a check that is over: what it compared with is not kept, only what it came to.</summary>
    internal static CheckView Check(CheckResult result) => new(result.Name, result.Step + 1, result.Verdict, result.Passed, result.Failed, result.Inconclusive)
    {
        DryRun = result.DryRun,
        Pass = result.Pass,
        Fail = result.Fail,
        Limits = Limits(result.Pass, result.Fail),
        Recent = result.Recent,
        Log = result.Log,
    };

    /// <summary>What values can be drawn against: the bounds of what passes, or else of what fails.</summary>
    internal static IReadOnlyList<Limit>? Limits(string? pass, string? fail) => Limit.Of(pass) is { Count: > 0 } good ? good : Limit.Of(fail) is { Count: > 0 } bad ? bad : null;
}
