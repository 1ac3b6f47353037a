using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Moves a Deployment from its old ReplicaSets to the one of its present template.</summary>
internal sealed class DeploymentController(ObjectStore store, EventRecorder events, TimeProvider time) : IWorkloadController
{
    // A step is taken on what the store says after the last one; more than so many is a rule that goes round in a circle.
    private const int MaxSteps = 100;

    private const string Component = "deployment-controller";

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.Deployments ? [change.Key]
        : change.Key.Resource == Known.ReplicaSets ? store.OwnersOf(change, "Deployment", Known.Deployments)
        : change.Key.Resource == Known.Pods && change.Type is WatchEventType.Deleted ? OfPod(change.Value)
        : [];

    // Recreate waits for pods to be gone, which changes nothing about their ReplicaSet.
    private IEnumerable<ObjectKey> OfPod(JsonObject pod) => pod.ControllerOf("ReplicaSet", Known.ReplicaSets)
        .SelectMany(set => store.Find(set)?.ControllerOf("Deployment", Known.Deployments) ?? []);

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } deployment)
        {
            return null;
        }

        var hash = PodTemplate.Hash(deployment.Section("spec", "template"));
        var deed = deployment.IsBeingDeleted() ? DeploymentStatus.Deed.None : Act(deployment, hash);
        var sets = store.Owned(deployment, Known.ReplicaSets);
        var view = View(deployment, sets, hash);
        var failure = FailureOf(sets, hash);
        var now = time.GetUtcNow();
        store.WriteStatus(key, deployment, current => DeploymentStatus.Of(current, view, failure, deed, now));
        return store.Find(key) is { } after && DeploymentStatus.Deadline(after) is { } deadline && deadline > now ? deadline : null;
    }

    private RolloutView View(JsonObject deployment, ImmutableArray<JsonObject> sets, string hash) => new(
        deployment.Replicas(),
        Fencepost.Of(deployment),
        deployment.Text("spec", "strategy", "type") == "Recreate",
        [.. sets.Select(set => ReplicaSetView.Of(set, hash) with { Lingering = Lingering(set) }).OrderBy(set => set.Revision)]);

    private int Lingering(JsonObject set) => store.Owned(set, Known.Pods).Count(pod => !pod.IsFinished());

    private static string? FailureOf(ImmutableArray<JsonObject> sets, string hash) => sets
        .OrderByDescending(set => set.Label(PodTemplate.HashLabel) == hash)
        .Select(set => Conditions.Find(set.Section("status") ?? [], "ReplicaFailure")?.Text("message"))
        .FirstOrDefault(message => message is not null);

    private DeploymentStatus.Deed Act(JsonObject deployment, string hash)
    {
        var sets = store.Owned(deployment, Known.ReplicaSets);
        var view = View(deployment, sets, hash);
        if (deployment.Flag("spec", "paused"))
        {
            Scale(deployment, view, RolloutScaling.Resize(view));
            return DeploymentStatus.Deed.None;
        }

        if (RolloutScaling.IsResized(view))
        {
            Scale(deployment, view, RolloutScaling.Resize(view));
            return DeploymentStatus.Deed.None;
        }

        var deed = EnsureNewSet(deployment, view, sets, hash);
        for (var step = 0; step < MaxSteps; step++)
        {
            view = View(deployment, store.Owned(deployment, Known.ReplicaSets), hash);
            var sizes = RolloutScaling.Step(view);
            if (sizes.IsEmpty)
            {
                break;
            }

            Scale(deployment, view, sizes);
        }

        ForgetOldSets(deployment, view);
        return deed;
    }

    private DeploymentStatus.Deed EnsureNewSet(JsonObject deployment, RolloutView view, ImmutableArray<JsonObject> sets, string hash)
    {
        var revision = view.Old.Select(set => set.Revision).DefaultIfEmpty().Max() + 1;
        if (view.New is not { } fresh)
        {
            var waits = view.Recreates && view.Old.Any(set => set is not { Wanted: 0, Lingering: 0 });
            var empty = new ReplicaSetView("", revision, 0, 0, 0, 0, IsNew: true, null);
            var size = waits ? 0 : view.Recreates ? view.Replicas : RolloutScaling.NewSize(view with { Sets = view.Sets.Add(empty) }, empty);
            CreateSet(deployment, view, hash, revision, size);
            SetRevision(deployment, revision);
            return DeploymentStatus.Deed.CreatedSet;
        }

        if (fresh.Revision < revision)
        {
            Renew(sets.First(set => set.Name() == fresh.Name), revision);
            SetRevision(deployment, revision);

            // The controller says that it found one only where it has said nothing yet. After a return to an older template its last word
            // stands until there is progress, even when that was ProgressDeadlineExceeded.
            return Conditions.Find(deployment.Section("status") ?? [], "Progressing") is null ? DeploymentStatus.Deed.FoundSet : DeploymentStatus.Deed.None;
        }

        SetRevision(deployment, fresh.Revision);
        return DeploymentStatus.Deed.None;
    }

    private void CreateSet(JsonObject deployment, RolloutView view, string hash, long revision, int size)
    {
        var template = JsonTree.Copy(deployment.Section("spec", "template") ?? []);
        template.Ensure("metadata", "labels")[PodTemplate.HashLabel] = hash;
        var selector = JsonTree.Copy(deployment.Section("spec", "selector") ?? []);
        selector.Ensure("matchLabels")[PodTemplate.HashLabel] = hash;
        var set = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name()}-{hash}",
                ["namespace"] = deployment.Namespace(),
                ["labels"] = JsonTree.Copy(template.Ensure("metadata", "labels")),
                ["annotations"] = Annotations(deployment, view, revision),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = (long)size, ["selector"] = selector, ["template"] = template },
        };
        if (deployment.Int("spec", "minReadySeconds") is > 0 and var seconds)
        {
            set.Ensure("spec")["minReadySeconds"] = (long)seconds;
        }

        var created = store.Create(Known.ReplicaSets, set);
        events.Record(deployment, "Normal", "ScalingReplicaSet", $"Scaled up replica set {created.Name()} to {size}", Component);
    }

    private static JsonObject Annotations(JsonObject deployment, RolloutView view, long revision)
    {
        var annotations = new JsonObject();
        foreach (var (name, value) in deployment.Section("metadata", "annotations") ?? [])
        {
            if (name is not ("kubectl.kubernetes.io/last-applied-configuration" or ReplicaSetView.RevisionAnnotation))
            {
                annotations[name] = JsonTree.Copy(value);
            }
        }

        annotations[ReplicaSetView.RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture);
        Resize(annotations, view);
        return annotations;
    }

    private static void Resize(JsonObject annotations, RolloutView view)
    {
        annotations[ReplicaSetView.DesiredAnnotation] = view.Replicas.ToString(CultureInfo.InvariantCulture);
        annotations[ReplicaSetView.MaxAnnotation] = view.MaxTotal.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A template that was there before becomes the newest revision, and remembers which ones it was.</summary>
    private void Renew(JsonObject set, long revision) => store.Update(set.KeyIn(Known.ReplicaSets), value =>
    {
        const string History = "deployment.kubernetes.io/revision-history";
        var annotations = value.Ensure("metadata", "annotations");
        var before = value.Annotation(ReplicaSetView.RevisionAnnotation);
        annotations[History] = value.Annotation(History) is { } known ? $"{known},{before}" : before;
        annotations[ReplicaSetView.RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture);
        return value;
    });

    // Together with the status, as the real controller does: it is no change of what the user wants, and moves no generation.
    private void SetRevision(JsonObject deployment, long revision) => store.UpdateStatus(deployment.KeyIn(Known.Deployments), value =>
    {
        value.Ensure("metadata", "annotations")[ReplicaSetView.RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture);
        return value;
    });

    private void Scale(JsonObject deployment, RolloutView view, ImmutableDictionary<string, int> sizes)
    {
        foreach (var set in view.Sets)
        {
            var size = sizes.GetValueOrDefault(set.Name, set.Wanted);
            store.Update(new(Known.ReplicaSets, deployment.Namespace(), set.Name), value =>
            {
                value.Ensure("spec")["replicas"] = (long)size;
                if (size > 0)
                {
                    Resize(value.Ensure("metadata", "annotations"), view);
                }

                return value;
            });
            if (size != set.Wanted)
            {
                var direction = size > set.Wanted ? "up" : "down";
                events.Record(deployment, "Normal", "ScalingReplicaSet", $"Scaled {direction} replica set {set.Name} to {size} from {set.Wanted}", Component);
            }
        }
    }

    /// <summary>Old sets without pods are kept only as far back as the history goes, and only once the rollout is complete.</summary>
    private void ForgetOldSets(JsonObject deployment, RolloutView view)
    {
        var limit = deployment.Int("spec", "revisionHistoryLimit") ?? 10;
        if (store.Find(deployment.KeyIn(Known.Deployments)) is not { } now || !DeploymentStatus.IsComplete(now, now.Section("status") ?? []))
        {
            return;
        }

        var empty = view.Old.Where(set => set is { Wanted: 0, Existing: 0 }).ToArray();
        foreach (var set in empty.Take(Math.Max(0, view.Old.Count() - limit)))
        {
            store.TryDelete(new(Known.ReplicaSets, deployment.Namespace(), set.Name));
        }
    }
}
