namespace Slipway.Rollouts;

/// <summary>How many pods a share of the requests takes.</summary>
public static class SideSize
{
    /// <summary>
    /// Pods beside <paramref name="stable"/> for <paramref name="weight"/> percent. Where the pods are the weight they come on top, so that the stable
    /// side is never made smaller; at least one, because less cannot be shown.
    /// </summary>
    public static int Of(RouterKind router, int weight, int stable) => router switch
    {
        _ when stable <= 0 => 0,
        RouterKind.Selector => stable,
        // w of N+c is c, so c = wN/(100-w): never more than was asked for, but for the one.
        RouterKind.Pods => weight >= 100 ? stable : (int)Math.Clamp((long)weight * stable / (100 - weight), 1, stable),
        RouterKind.Partition => (int)Math.Max(1, (long)weight * stable / 100),
        _ => (int)Math.Max(1, (((long)weight * stable) + 99) / 100),
    };

    /// <summary>The share that so many pods really have, in percent.</summary>
    public static double Share(RouterKind router, int open, int stable) => router switch
    {
        _ when open <= 0 || stable <= 0 => 0,
        RouterKind.Pods => 100.0 * open / (stable + open),
        RouterKind.Partition => 100.0 * open / stable,
        _ => 100,
    };
}
