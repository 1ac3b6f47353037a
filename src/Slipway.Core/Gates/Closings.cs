using System.Globalization;
using Slipway.Conditions;
using Slipway.Rollouts;

namespace Slipway.Gates;

/// <summary>Why something may not happen now, as a clause that goes behind the name of what waits.</summary>
/// <param name="Until">When it ends by itself; null: when somebody does something.</param>
public sealed record Closing(string Reason, string Clause, DateTimeOffset? Until = null);

/// <summary>What closes both the start of a rollout and the raising of its exposure (I18).</summary>
public static class Closings
{
    /// <summary>A Freeze that is in force.</summary>
    public static Closing? Frozen(DeliverySnapshot now)
    {
        if (now.Freezes.FirstOrDefault(freeze => freeze.IsInForce(now.Now)) is not { } freeze)
        {
            return null;
        }

        var (by, ends) = (freeze.By is null ? "" : $" ({freeze.By})", freeze.Ends(now.Now));
        var what = freeze.Problem is { } problem ? $"which cannot be read, and so freezes until it is corrected: {problem}" : freeze.Reason;
        return new(
            Reasons.Frozen,
            string.Create(CultureInfo.InvariantCulture, $"Freeze {freeze.Name}{by}: {what}{(ends is { } until ? $"; it ends at {until:u}" : "")}; 'slipway unfreeze {freeze.Name}' ends it now"),
            ends);
    }

    /// <summary>The time is not one of spec.windows.</summary>
    public static Closing? OutsideWindow(DeliverySnapshot now)
    {
        if (now.Terms.Windows.ClosedAt(now.Now) is not { } closure)
        {
            return null;
        }

        var opens = closure.Opens is { } at ? string.Create(CultureInfo.InvariantCulture, $"it may go on at {at:u}") : "which does not come within years";
        return new(Reasons.OutsideWindow, closure.Denies is null ? $"its window has not begun ({closure.By}); {opens}" : $"a window that denies is in effect ({closure.By}); {opens}", closure.Opens);
    }
}
