using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>The templates a StatefulSet or a DaemonSet had, as ControllerRevisions: one per template, the newest number for the present one.</summary>
internal static class RevisionHistory
{
    /// <returns>The revision of the present template, made when there was none.</returns>
    public static JsonObject Current(ObjectStore store, JsonObject owner)
    {
        var known = store.Owned(owner, Known.ControllerRevisions);
        var name = $"{owner.Name()}-{PodTemplate.Hash(owner.Section("spec", "template"))}";
        var newest = known.Select(revision => revision.Number("revision") ?? 0).DefaultIfEmpty().Max();
        if (known.FirstOrDefault(revision => revision.Name() == name) is not { } found)
        {
            return store.Create(Known.ControllerRevisions, Revision(owner, name, newest + 1));
        }

        return (found.Number("revision") ?? 0) == newest
            ? found
            : store.Update(found.KeyIn(Known.ControllerRevisions), value =>
            {
                value["revision"] = newest + 1;
                return value;
            }) ?? found;
    }

    public static JsonObject Template(JsonObject revision) => revision.Section("data", "spec", "template") ?? [];

    /// <summary>Keeps those in use, and of the others the newest as far back as the history goes.</summary>
    public static void Forget(ObjectStore store, JsonObject owner, IReadOnlySet<string> used)
    {
        var unused = store.Owned(owner, Known.ControllerRevisions)
            .Where(revision => !used.Contains(revision.Name()))
            .OrderByDescending(revision => revision.Number("revision") ?? 0);
        foreach (var revision in unused.Skip(owner.Int("spec", "revisionHistoryLimit") ?? 10))
        {
            store.TryDelete(revision.KeyIn(Known.ControllerRevisions));
        }
    }

    private static JsonObject Revision(JsonObject owner, string name, long number)
    {
        var template = JsonTree.Copy(owner.Section("spec", "template") ?? []);
        var labels = JsonTree.Copy(owner.Section("spec", "template", "metadata", "labels") ?? []);
        labels[PodTemplate.RevisionLabel] = name[(owner.Name().Length + 1)..];
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = owner.Namespace(),
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner)),
            },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
            ["revision"] = number,
        };
    }
}
