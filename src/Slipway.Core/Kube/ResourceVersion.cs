namespace Slipway.Kube;

/// <summary>
/// The order of resource versions of one resource type. Until Kubernetes 1.35 they were opaque by contract; KEP-5504 (Comparable Resource
/// Version, stable in 1.35 and part of conformance) promises what every server has done all along: decimal numbers of any length that grow.
/// Anything else has no order here, and the caller decides what to do without one.
/// </summary>
public static class ResourceVersion
{
    /// <summary>Negative when <paramref name="left"/> is older, positive when it is newer; null when the two cannot be compared.</summary>
    public static int? Compare(string? left, string? right) => (left, right) switch
    {
        (null or "", _) or (_, null or "") => null,
        _ when left == right => 0,
        _ when !IsNumber(left) || !IsNumber(right) => null,
        _ when left.Length != right.Length => left.Length - right.Length,
        _ => string.CompareOrdinal(left, right),
    };

    public static bool IsOlder(string? left, string? right) => Compare(left, right) < 0;

    // A leading zero would break the comparison by length; "0" itself is a request parameter and never the version of an object.
    private static bool IsNumber(string text) => text[0] != '0' && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
