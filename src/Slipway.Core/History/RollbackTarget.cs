using System.Collections.Immutable;
using Slipway.Rollouts;

namespace Slipway.History;

/// <summary>Where a rollback by hand leads: always to a digest that once passed and stands in the history (I21).</summary>
public static class RollbackTarget
{
    /// <summary>The last good Release that ran another digest than <paramref name="current"/>, or why there is none.</summary>
    public static (ReleaseRecord? Target, string Refusal) Last(ImmutableArray<ReleaseRecord> history, string? current) =>
        history.Where(release => release.Outcome == Outcomes.Succeeded && release.Digest != current).MaxBy(release => release.Number) is { } last
            ? (last, "")
            : (null, "no other version has ever succeeded; 'slipway history' lists what there is");

    /// <summary>Release <paramref name="number"/>, or why it cannot be gone back to.</summary>
    public static (ReleaseRecord? Target, string Refusal) Numbered(ImmutableArray<ReleaseRecord> history, string? current, long number) =>
        history.FirstOrDefault(release => release.Number == number) switch
        {
            null => (null, $"there is no release {number}; 'slipway history' lists them"),
            { Outcome: not Outcomes.Succeeded } bad => (null, $"release {number} ended as {bad.Outcome}: only a version that succeeded can be gone back to"),
            { } same when same.Digest == current => (null, $"release {number} is what runs now"),
            { } good => (good, ""),
        };
}
