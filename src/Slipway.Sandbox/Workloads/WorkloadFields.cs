using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Reading and writing fields that all workloads share.</summary>
internal static class WorkloadFields
{
    /// <summary>One where nothing is said (the API's default).</summary>
    public static int Replicas(this JsonObject workload) => workload.Int("spec", "replicas") ?? 1;

    public static int? Int(this JsonObject source, params ReadOnlySpan<string> path) => (int?)source.Number(path);

    public static int Count(this JsonObject source, string status) => source.Int("status", status) ?? 0;

    public static ObjectKey KeyIn(this JsonObject value, GroupResource resource) => new(resource, value.Namespace(), value.Name());

    public static TimeSpan MinReady(this JsonObject workload) => TimeSpan.FromSeconds(workload.Int("spec", "minReadySeconds") ?? 0);

    public static DateTimeOffset? Instant(this JsonObject source, params ReadOnlySpan<string> path) => AsInstant(source.Text(path));

    public static DateTimeOffset? AsInstant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject? Controller(this JsonObject value) =>
        value.Objects("metadata", "ownerReferences").FirstOrDefault(reference => reference.Flag("controller"));

    public static bool IsControlledBy(this JsonObject value, string uid) => value.Controller()?.Text("uid") == uid;

    /// <summary>The key of the controller, when it is of that kind.</summary>
    public static IEnumerable<ObjectKey> ControllerOf(this JsonObject value, string kind, GroupResource resource) =>
        value.Controller() is { } owner && owner.Kind() == kind ? [new(resource, value.Namespace(), owner.Text("name"))] : [];

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(JsonNode (text) => JsonValue.Create(text))]);

    /// <summary>
    /// Writes the status, and nothing when it is as it was. Counts of zero are left out, as Go's encoder leaves them out.
    /// </summary>
    /// <param name="seen">What the status is of. Where another wish stands there meanwhile nothing is written, or what was counted for the old one
    /// would be told of the new one; a server answers such a write with a conflict. The change itself leads to the next pass.</param>
    public static void WriteStatus(this ObjectStore store, ObjectKey key, JsonObject seen, Func<JsonObject, JsonObject> status) => store.UpdateStatus(key, value =>
    {
        if (value.Uid() != seen.Uid() || value.Generation() != seen.Generation())
        {
            return null;
        }

        value["status"] = status(value);
        return value;
    });

    public static void SetCount(this JsonObject status, string name, int count)
    {
        if (count == 0)
        {
            status.Remove(name);
        }
        else
        {
            status[name] = (long)count;
        }
    }

    public static bool TryDelete(this ObjectStore store, ObjectKey key, DeleteOptions? options = null)
    {
        try
        {
            store.Delete(key, options);
            return true;
        }
        catch (StatusException e) when (e.Status.Code is 404 or 409)
        {
            // Somebody else was faster, which is what was wanted.
            return false;
        }
    }
}
