using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Cli.Migration;

/// <summary>
/// nearmap/kcd: <c>custom.k8s.io/v1</c> KCD, and ContainerVersion of nearmap/cvmanager before it (gok8s/apis/custom/v1/types.go of both).
/// </summary>
internal static class Kcd
{
    private const string Peer = "kcd";

    private const string Group = "custom.k8s.io";

    public static IEnumerable<Conversion> Convert(Fleet fleet) =>
        fleet.Manifests.Where(manifest => manifest.Is(Group, "KCD") || manifest.Is(Group, "ContainerVersion")).Select(manifest => Convert(fleet, manifest));

    private static Conversion Convert(Fleet fleet, Manifest kcd)
    {
        var draft = new Draft(Peer, kcd.Title, kcd.Name, kcd.Namespace);
        var syntax = kcd.Text("spec", "versionSyntax");
        draft.Source = draft.Source with
        {
            Repository = Repository(kcd.Text("spec", "imageRepo")),
            Interval = Interval(kcd, draft),
            Follow = new Follow { Tag = new TagPolicy(kcd.Text("spec", "tag"), syntax) },
        };
        draft.NoteIf("spec.versionSyntax", syntax, "kcd looked for it anywhere in a tag, Slipway wants it to match from end to end", "see that it matches a whole version tag");
        draft.Spec = draft.Spec with
        {
            Targets = Targets(fleet, kcd, draft),
            Strategy = Seconds(kcd.Text("spec", "livenessSeconds")) is { } hold ? new Strategy(new RollingStrategy(hold)) : null,
            ProgressDeadline = Seconds(kcd.Text("spec", "timeoutSeconds")),
            Rollback = kcd.Text("spec", "rollback", "enabled") == "true" ? "OnFailure" : "Never",
            Publish = kcd.At("spec", "config") is null ? null : new Publish(new ConfigMapKey(kcd.Text("spec", "config", "name"), kcd.Text("spec", "config", "key"))),
        };
        if (kcd.Text("spec", "rollback", "enabled") != "true")
        {
            draft.Note("spec.rollback.enabled", "false", "kcd did not roll back unless it was told to", "remove rollback: Never if a failed version is to be rolled back");
        }

        NoteTheRest(kcd, draft);
        return draft.Finish();
    }

    // kcd names no kinds: its selector took whatever had the labels. The kinds in the same input are taken, else the most likely one.
    private static ImmutableArray<Target> Targets(Fleet fleet, Manifest kcd, Draft draft)
    {
        var labels = kcd.Texts("spec", "selector").ToImmutableDictionary(pair => pair.Key, pair => pair.Value);
        var container = kcd.Text("spec", "container", "name") ?? kcd.Text("spec", "container");
        string[]? containers = container is null ? null : [container];
        var kinds = fleet.Workloads
            .Where(workload => labels.Count > 0 && labels.All(label => workload.Manifest.Text("metadata", "labels", label.Key) == label.Value))
            .Select(workload => workload.Kind.Name)
            .Distinct()
            .ToImmutableArray();
        if (kinds.IsEmpty)
        {
            draft.Note("spec.selector", null, "it names no kind of workload, and none with these labels is in the input", "correct kind: Deployment where it is another one, or convert the workloads along with it");
            kinds = ["Deployment"];
        }

        return [.. kinds.Select(kind => new Target { Kind = kind, Selector = new LabelSelector { MatchLabels = labels }, Containers = containers })];
    }

    private static void NoteTheRest(Manifest kcd, Draft draft)
    {
        if (kcd.Text("spec", "strategy", "kind") is { } kind and not "SimpleRollout")
        {
            draft.Note("spec.strategy.kind", kind, "this version of Slipway rolls out by the workload's own rolling update", "keep the Service as it is, and give the Deployment readiness probes");
        }

        foreach (var verify in kcd.Items("spec", "container", "verify").Concat(kcd.Items("spec", "strategy", "verify")).OfType<JsonObject>())
        {
            draft.Note("spec.….verify", Manifest.TextOf(verify["image"]), "images that verify a version are not run", "let CI run it before it moves the tag ('slipway tags move')");
        }

        draft.NoteIf("spec.history.name", kcd.Text("spec", "history", "name"), "the history is kept in Releases, of every Delivery", "'slipway history' shows it; delete the ConfigMap");
    }

    private static string? Interval(Manifest kcd, Draft draft)
    {
        // Minutes in ContainerVersion, seconds in KCD.
        if (kcd.Text("spec", "checkFrequency") is not { } minutes)
        {
            return Seconds(kcd.Text("spec", "pollIntervalSeconds"));
        }

        draft.Note("spec.checkFrequency", minutes, "it is taken to be minutes", "correct source.interval if yours was built otherwise");
        return $"{minutes}m";
    }

    private static string? Seconds(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? $"{seconds}s" : null;

    // A repository with its scheme or a trailing tag is refused by Slipway with a better message than could be made up here.
    private static string? Repository(string? text) => ImageReference.TryParse(text, out var image, out _) ? image.WrittenName : text;
}
