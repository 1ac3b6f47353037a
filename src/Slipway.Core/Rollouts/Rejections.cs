using Slipway.Api;

namespace Slipway.Rollouts;

/// <summary>The memory of digests that failed (rule 4). Bounded: the oldest are forgotten first, and by then newer candidates have come.</summary>
public static class Rejections
{
    private const int Limit = 20;

    public static Rejection? Find(IReadOnlyList<Rejection>? rejected, string digest, string fingerprint) =>
        rejected?.LastOrDefault(rejection => rejection.Digest == digest && rejection.Terms == fingerprint);

    public static IReadOnlyList<Rejection> Add(IReadOnlyList<Rejection>? rejected, Rejection rejection) =>
        [.. (rejected ?? []).Where(known => known.Digest != rejection.Digest).TakeLast(Limit - 1), rejection];

    public static IReadOnlyList<Rejection>? Without(IReadOnlyList<Rejection>? rejected, string? digest) =>
        rejected?.Any(rejection => rejection.Digest == digest) == true ? [.. rejected.Where(rejection => rejection.Digest != digest)] : rejected;
}
