using Slipway.Api;
using Slipway.Traffic;

namespace Slipway.Workloads;

/// <summary>Reads what Slipway has noted on a Deployment that it made (<see cref="SiblingCopy"/>).</summary>
internal static class SideMarks
{
    /// <returns>Null where it is somebody else's, whatever labels it has: only what a Delivery owns is one of ours.</returns>
    public static SideMark? Read(JsonField metadata, JsonField spec, ValuePool pool)
    {
        if (metadata["labels"][SideMark.SideLabel].Text is null || OwnerOf(metadata) is not { } owner)
        {
            return null;
        }

        var annotations = metadata["annotations"];
        return new SideMark(
            pool.Share(owner.Uid),
            pool.Share(owner.Name),
            annotations[SideMark.StableAnnotation].Text ?? "",
            annotations[SideMark.DigestAnnotation].Text,
            annotations[ApiNames.VersionAnnotation].Text,
            [.. (annotations[SideMark.ServicesAnnotation].Text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)],
            LabelOverride.TryParse(annotations[SideMark.OverrideAnnotation].Text, out var label) ? label : null)
        {
            MinReadySeconds = spec["minReadySeconds"].Count ?? 0,
            Gated = spec["template"]["spec"]["readinessGates"].Items.Any(gate => gate["conditionType"].Text == ApiNames.ServingGate),
        };
    }

    /// <summary>The Delivery that an object belongs to; null where it belongs to none.</summary>
    public static (string Uid, string Name)? OwnerOf(JsonField metadata) =>
        metadata["ownerReferences"].Items.FirstOrDefault(owner => owner["kind"].Text == ApiNames.DeliveryKind && owner["controller"].Flag) is { } found
            ? (found["uid"].Text ?? "", found["name"].Text ?? "")
            : null;
}
