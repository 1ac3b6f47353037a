using Slipway.Actions;
using Slipway.Views;

namespace Slipway.Dashboard.Rollouts;

/// <summary>A button: what it does, whether it makes sense now, and whether this person may.</summary>
/// <param name="WhyNot">Null: it may be pressed.</param>
/// <param name="Means">What will happen, for the one who is asked whether they mean it.</param>
public sealed record ActionOffer(ActionKind Kind, string Word, string Means, string? WhyNot, ActionRequest Request, bool Grave = false)
{
    /// <param name="allowed">Names of the actions of the permissions; null: not known yet.</param>
    public static IReadOnlyList<ActionOffer> Of(DeliveryRow row, IReadOnlyList<string>? allowed)
    {
        var (next, asked) = (row.Progress?.Tag ?? row.Candidate?.Tag ?? "the new version", row.Held?.Reason == "AwaitingApproval");
        var (running, stepping) = (row.Phase is "Stepping" or "Advancing", row.Phase == "Stepping");
        ActionOffer[] offers =
        [
            new(ActionKind.Approve, "Approve", $"{next} goes on: the step that waits for a person ends, or the rollout begins.", null, new() { Digest = row.Candidate?.Digest }),
            new(ActionKind.Reject, "Reject", $"{next} is rejected and not tried again; what runs beside is taken away.", null, new() { Digest = row.Candidate?.Digest }, Grave: true),
            new(ActionKind.Promote, "Promote", $"The present step of {next} ends now, whatever its hold and its checks say.", null, new()),
            new(ActionKind.Abort, "Abort", $"The rollout of {next} ends, and {row.Current?.Tag ?? "the version before"} serves all requests again.", null, new(), Grave: true),
            new(ActionKind.Retry, "Retry", $"{next}, which was rejected, is tried again from the first step.", null, new()),
            new(ActionKind.Rollback, "Roll back", "The last good version is written back and watched; nothing newer starts until somebody resumes.", null, new(), Grave: true),
            row.Suspended || row.Held?.Reason is "ManualRollback" or "Drifted" or "Contested"
                ? new(ActionKind.Resume, "Resume", "Slipway follows the source again; what waited may start at once.", null, new())
                : new(ActionKind.Suspend, "Suspend", "Nothing new starts until somebody resumes it. What runs is left as it is.", null, new()),
            new(ActionKind.Check, "Check now", "The registry is asked at once for a newer version.", null, new()),
        ];
        return [.. offers.Where(Fits).Select(offer => offer with { WhyNot = Missing(offer.Kind, row.Namespace, allowed) })];

        bool Fits(ActionOffer offer) => offer.Kind.Name switch
        {
            "approve" or "reject" => asked,
            "promote" => stepping && !asked,
            "abort" => running,
            "retry" => row.Held?.Reason == "Rejected",
            "rollback" => !running && row.Current is not null && row.Held?.Reason != "ManualRollback",
            _ => true,
        };
    }

    /// <summary>The right that is missing, as a rule of RBAC names it; null: none is.</summary>
    public static string? Missing(ActionKind kind, string ns, IReadOnlyList<string>? allowed) =>
        allowed is null ? "Your rights are being asked for" : allowed.Contains(kind.Name) ? null : $"You lack the right to update deliveries/{kind.Name} in {ns}";
}
