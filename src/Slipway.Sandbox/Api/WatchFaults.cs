namespace Slipway.Sandbox.Api;

internal enum WatchFault { None, Dropped, Expired, Closed, Silent, Delayed, Duplicated }

/// <summary>The trouble of one watch, event by event.</summary>
internal sealed class WatchFaults(FaultDice dice, RequestRecord request)
{
    public TimeSpan Delay => dice.Plan.Delay;

    public WatchFault Next()
    {
        var plan = dice.Plan;
        return plan.IsNone ? WatchFault.None
            : dice.Hits(plan.WatchExpired, "expired", request) ? WatchFault.Expired
            : dice.Hits(plan.WatchClosed, "closed", request) ? WatchFault.Closed
            : dice.Hits(plan.WatchSilent, "silent", request) ? WatchFault.Silent
            : dice.Hits(plan.EventDropped, "dropped", request) ? WatchFault.Dropped
            : dice.Hits(plan.EventDelayed, "delayed", request) ? WatchFault.Delayed
            : dice.Hits(plan.EventDuplicated, "duplicated", request) ? WatchFault.Duplicated
            : WatchFault.None;
    }
}
