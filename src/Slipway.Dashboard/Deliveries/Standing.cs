using MudBlazor;
using Slipway.Views;

namespace Slipway.Dashboard.Deliveries;

/// <summary>What a person wants to know first of a Delivery. The order is the one of how much it asks for attention.</summary>
public enum Standing
{
    /// <summary>Something is wrong, and nothing mends it by itself.</summary>
    Failing,

    /// <summary>It goes back to the version before.</summary>
    GoingBack,

    /// <summary>A person has to say yes or no.</summary>
    AwaitingApproval,

    /// <summary>A version that may not start, or a rollout that gets no more, and nothing is wrong.</summary>
    Held,

    RollingOut,

    Suspended,

    /// <summary>Nothing is known yet.</summary>
    Unknown,

    /// <summary>The newest version that may run does.</summary>
    Healthy,
}

/// <summary>How a standing is shown: by a word, a sign and a colour, so that none of them is needed alone.</summary>
/// <param name="Tone">Class of CSS.</param>
public sealed record StandingLook(string Word, string Icon, string Tone)
{
    public static StandingLook Of(Standing standing) => standing switch
    {
        Standing.Failing => new("Failing", Icons.Material.Filled.Error, "bad"),
        Standing.GoingBack => new("Going back", Icons.Material.Filled.Undo, "bad"),
        Standing.AwaitingApproval => new("Needs approval", Icons.Material.Filled.HowToReg, "wait"),
        Standing.Held => new("Held", Icons.Material.Filled.PauseCircle, "held"),
        Standing.RollingOut => new("Rolling out", Icons.Material.Filled.RocketLaunch, "run"),
        Standing.Suspended => new("Suspended", Icons.Material.Filled.DoNotDisturbOn, "off"),
        Standing.Healthy => new("Healthy", Icons.Material.Filled.CheckCircle, "ok"),
        _ => new("Unknown", Icons.Material.Filled.Help, "off"),
    };
}

/// <summary>Reads a row.</summary>
public static class Standings
{
    // Holds that say that something went wrong; the others only say: not now.
    private static readonly HashSet<string> Failures =
    [
        "Rejected", "GroupFailed", "PlatformMismatch", "CheckUnusable", "CircularAfter", "SignatureMissing", "SignatureInvalid", "SignatureForOtherDigest", "SignatureForOtherRepository",
        "SignatureForOtherTag", "SignatureUnreadable", "AttestationMissing", "KeyUnusable", "Contested", "RollbackDisabled", "NothingToRollBackTo", "DrainBlocked", "Inconclusive",
    ];

    public static Standing Of(DeliveryRow row) =>
        row.Suspended ? Standing.Suspended
        : row.Phase == "Reverting" ? Standing.GoingBack
        : row.Held is { Reason: "AwaitingApproval" } ? Standing.AwaitingApproval
        : row.Held is { } held ? Failures.Contains(held.Reason) ? Standing.Failing : Standing.Held
        : row.Phase is not ("Idle" or "Held") ? Standing.RollingOut
        : row.Ready switch
        {
            "True" => Standing.Healthy,
            "False" => row.Reason is "Adopting" or "JoiningGroup" or "NotLookedYet" ? Standing.Unknown : Standing.Failing,
            _ => Standing.Unknown,
        };
}
