using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Keeps <c>metadata.managedFields</c>, and with it decides server-side apply ("Server-Side Apply" of the Kubernetes
/// documentation; the algorithm is that of sigs.k8s.io/structured-merge-diff).
/// </summary>
internal static class FieldOwnership
{
    /// <summary>More writers of updates than this are counted as one, the oldest first.</summary>
    private const int MaxUpdaters = 10;

    /// <summary>Notes in a written value who wrote it: an update takes what it changes from whoever had it.</summary>
    /// <param name="before">Empty for an object that is new.</param>
    public static void NoteUpdate(TypeSchema type, JsonObject before, JsonObject after, Writer writer, string now)
    {
        var entries = EntriesOf(before, after);
        var changes = FieldChanges.Between(type, before, after, writer);
        var touched = FieldSet.Union(changes.Set, changes.Removed);
        List<ManagedEntry> next = [];
        var mine = new ManagedEntry(writer, now, new());
        foreach (var entry in entries)
        {
            if (entry.Writer == writer)
            {
                mine = entry;
            }
            else if (FieldSet.Except(entry.Fields, touched) is { IsEmpty: false } kept)
            {
                next.Add(entry with { Fields = kept });
            }
        }
        var fields = FieldSet.Except(FieldSet.Union(mine.Fields, changes.Set), changes.Removed);
        if (!fields.IsEmpty)
        {
            next.Add(fields.SetEquals(mine.Fields) && changes.Set.IsEmpty ? mine : new(writer, now, fields));
        }
        ManagedEntry.Write(after, Capped(next));
    }

    /// <summary>
    /// Lays a configuration over an object in the name of a writer. Fields that the writer applied before and no longer does
    /// go away, unless somebody else has them too.
    /// </summary>
    /// <param name="live">Empty for an object that is new.</param>
    /// <exception cref="StatusException">Conflict, when another writer has a field with another value.</exception>
    public static JsonObject Apply(TypeSchema type, JsonObject live, JsonObject applied, Writer writer, bool force, string now)
    {
        var entries = EntriesBeforeApply(type, live);
        var wanted = FieldChanges.Of(type, applied, writer);
        var mine = entries.Find(entry => entry.Writer == writer);
        var others = entries.Where(entry => entry.Writer != writer).ToList();

        var result = ApplyMerge.Merge(type, live, Settable(applied));
        if (mine is not null)
        {
            var owned = others.Aggregate(wanted, (all, entry) => FieldSet.Union(all, entry.Fields));
            ApplyMerge.Prune(type, result, FieldSet.Except(mine.Fields, wanted), owned);
        }

        var changes = FieldChanges.Between(type, live, result, writer);
        others = TakeFrom(others, changes, force, ClientSideApply.FieldsThatMayBeTaken(type, live, writer));
        ClientSideApply.KeepUp(result, applied, writer);
        var entry = mine is not null && mine.Fields.SetEquals(wanted) && changes.Set.IsEmpty && changes.Removed.IsEmpty ? mine : new(writer, now, wanted);
        ManagedEntry.Write(result, wanted.IsEmpty ? others : [.. others, entry]);
        return result;
    }

    private static List<ManagedEntry> TakeFrom(List<ManagedEntry> others, FieldChanges changes, bool force, FieldSet mayBeTaken)
    {
        var conflicts = others
            .Select(entry => (Entry: entry, Fields: FieldSet.Except(FieldSet.Intersect(entry.Fields, changes.Set), mayBeTaken)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .ToArray();
        if (conflicts.Length > 0 && !force)
        {
            throw ConflictOf(conflicts).Thrown();
        }
        var touched = FieldSet.Union(changes.Set, changes.Removed);
        return [.. others.Select(entry => entry with { Fields = FieldSet.Except(entry.Fields, touched) }).Where(entry => !entry.Fields.IsEmpty)];
    }

    private static ApiStatus ConflictOf((ManagedEntry Entry, FieldSet Fields)[] conflicts)
    {
        var causes = conflicts
            .SelectMany(conflict => conflict.Fields.Paths()
                .Select(path => new StatusCause("FieldManagerConflict", $"conflict with {conflict.Entry.Title()}", path)))
            .ToArray();
        var message = causes.Length == 1
            ? $"Apply failed with 1 conflict: {causes[0].Message}: {causes[0].Field}"
            : $"Apply failed with {causes.Length} conflicts: " + string.Join('\n', conflicts.Select(conflict =>
                $"conflicts with {conflict.Entry.Title()}:\n{string.Join('\n', conflict.Fields.Paths().Select(path => "- " + path))}"));
        return new(409, "Conflict", message) { Causes = [.. causes] };
    }

    // A client may edit the list itself (kubectl moves fields from its client-side to its server-side apply so), and
    // [{}] empties it.
    private static List<ManagedEntry> EntriesOf(JsonObject before, JsonObject after) =>
        after.Field("metadata", "managedFields") is JsonArray { Count: 1 } only && only[0] is JsonObject { Count: 0 } ? []
        : after.Field("metadata", "managedFields") is JsonArray { Count: > 0 } && ManagedEntry.Read(after) is { } edited ? edited
        : ManagedEntry.Read(before) ?? [];

    // Fields of an object that was never tracked belong to whoever wrote them before.
    private static List<ManagedEntry> EntriesBeforeApply(TypeSchema type, JsonObject live)
    {
        var entries = ManagedEntry.Read(live) ?? [];
        if (entries.Count > 0 || live.Count == 0)
        {
            return entries;
        }
        var before = new Writer("before-first-apply", Writer.Update, live.Text("apiVersion"));
        return [new(before, "", FieldChanges.Of(type, live, before))];
    }

    private static JsonObject Settable(JsonObject applied)
    {
        var settable = JsonTree.Copy(applied);
        if (settable["metadata"] is JsonObject metadata)
        {
            metadata.Remove("managedFields");
            metadata.Remove("resourceVersion");
            metadata.Remove("uid");
            metadata.Remove("creationTimestamp");
            metadata.Remove("generation");
        }
        return settable;
    }

    private static List<ManagedEntry> Capped(List<ManagedEntry> entries)
    {
        var updaters = entries.Where(entry => entry.Writer.Operation == Writer.Update).OrderBy(entry => entry.Time, StringComparer.Ordinal).ToList();
        if (updaters.Count <= MaxUpdaters)
        {
            return entries;
        }
        var oldest = updaters[..(updaters.Count - MaxUpdaters + 1)];
        var ancient = new ManagedEntry(
            oldest[^1].Writer with { Manager = "ancient-changes", Subresource = "" },
            oldest[^1].Time,
            oldest.Aggregate(new FieldSet(), (all, entry) => FieldSet.Union(all, entry.Fields)));
        return [.. entries.Except(oldest), ancient];
    }
}
