using System.Text.Json.Nodes;
using Slipway.Cli.Output;
using Slipway.Cli.Verbs;
using Slipway.Explanations;

namespace Slipway.Cli.Demo;

/// <summary>Makes lines of sights. What says nothing new is not told.</summary>
internal static class Narration
{
    public static Line? Of(Scene before, Sight sight) => sight switch
    {
        Sight.OfDelivery { Delivery.Status.Candidate: { } candidate } seen when candidate.Digest != before.Delivery?.Status?.Candidate?.Digest => new Line(
            "candidate",
            "slipway",
            $"sees {Words.Named(candidate.Tag, candidate.Digest)}: {candidate.Why}",
            new JsonObject { ["delivery"] = seen.Delivery.Metadata.Name, ["tag"] = candidate.Tag, ["digest"] = candidate.Digest, ["why"] = candidate.Why }),

        Sight.OfEvent { Happening: { Kind: "Delivery" } happening } => new Line(
            "event",
            "slipway",
            $"{happening.Reason}: {happening.Message}",
            new JsonObject { ["reason"] = happening.Reason, ["message"] = happening.Message, ["warning"] = happening.Warning },
            happening.Warning ? Tone.Bad : Tone.Good),

        Sight.OfRelease { Release: { Status: { } status } release } when status.Outcome != Outcome(before, release.Spec.Number) => new Line(
            "release",
            "history",
            $"release {release.Spec.Number}, {Words.Version(release.Spec.Tag, release.Spec.Digest)}: {status.Outcome}",
            new JsonObject
            {
                ["number"] = release.Spec.Number,
                ["tag"] = release.Spec.Tag,
                ["digest"] = release.Spec.Digest,
                ["outcome"] = status.Outcome,
                ["reason"] = status.Reason,
                ["message"] = status.Message,
            },
            HistoryVerb.ToneOf(status.Outcome)),

        // Each pod that comes, not each number that moves.
        Sight.OfWorkload { Workload: { Observed: true } now } when Looks(now) != Looks(before.Workload) => new Line(
            "workload",
            now.Name,
            $"{now.Updated} of {now.Replicas} pods run {now.Tag}{(now.IsSettled ? ", all of them available" : "")}",
            new JsonObject
            {
                ["name"] = now.Name,
                ["tag"] = now.Tag,
                ["digest"] = now.Digest,
                ["replicas"] = now.Replicas,
                ["updated"] = now.Updated,
                ["available"] = now.Available,
            }),

        _ => null,
    };

    private static (string?, long?, bool?) Looks(Workload? workload) => (workload?.Image, workload?.Updated, workload?.IsSettled);

    private static string? Outcome(Scene scene, long number) => scene.Releases.GetValueOrDefault(number)?.Status?.Outcome;
}
