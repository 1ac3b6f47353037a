namespace Slipway.Registry;

/// <summary>
/// In which order to ask the tags of a repository whether they are on the digest of a moving tag. Each question is a request, and the
/// number of questions is limited, so that the likely ones come first.
/// </summary>
public static class VersionTagOrder
{
    /// <summary>
    /// First what the image says of itself (its version, with or without a v; its revision, whole or cut), then the others in the order
    /// in which they came, which is the rule's own: from the best version down.
    /// </summary>
    public static IEnumerable<string> LikelyFirst(IEnumerable<string> candidates, ImageLabels labels) =>
        candidates.OrderByDescending(tag => Likelihood(tag, labels));

    private static int Likelihood(string tag, ImageLabels labels) => tag switch
    {
        _ when labels.Version is { } version && (tag == version || tag == $"v{version}") => 3,
        _ when labels.Revision is { } revision && (tag == revision || (tag.Length >= 7 && revision.StartsWith(tag, StringComparison.Ordinal))) => 2,
        _ when labels.Version is { } version && tag.Contains(version, StringComparison.Ordinal) => 1,
        _ => 0,
    };
}
