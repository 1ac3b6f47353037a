using System.Globalization;
using Slipway.Explanations;

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

    /// <summary>The share as it is, not as it was asked for: one pod of four is a quarter, whatever the step says.</summary>
    public static string Told(Side side, RolloutPlan plan) => plan.Traffic.Router switch
    {
        RouterKind.Pods or RouterKind.Partition => string.Create(CultureInfo.InvariantCulture, $"{Share(plan.Traffic.Router, side.Open, side.Of):0.#} % ({Words.Pods(side.Open)} beside {side.Of})"),
        RouterKind.Selector => side.Weight == 100 ? "the Service is on the new version" : "the Service is on the stable version",
        _ => $"{side.Weight} % by {plan.Traffic.Router}",
    };
}
