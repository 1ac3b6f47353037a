using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// Serves what CRDs define, and ends it with them. It acts on the writer's thread, so that whoever created a CRD finds it
/// established: a real server takes a second or two.
/// </summary>
internal sealed class CustomResources
{
    private const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    private readonly ObjectStore _store;

    public CustomResources(ObjectStore store)
    {
        _store = store;
        store.Committed += Follow;
        foreach (var stored in store.List(Known.CustomResourceDefinitions).Objects)
        {
            Refresh(stored.Key);
        }
    }

    private static GroupResource Defined(JsonObject crd) => new(crd.Text("spec", "group"), crd.Text("spec", "names", "plural"));

    private void Follow(WatchEvent change)
    {
        if (change.Key.Resource == Known.CustomResourceDefinitions)
        {
            if (change.Type is WatchEventType.Deleted)
            {
                _store.Resources.Replace(Defined(change.Value), []);
            }
            else
            {
                Refresh(change.Key);
            }
        }
        else if (change.Type is WatchEventType.Deleted && _store.Resources.Stored(change.Key.Resource) is { BuiltIn: false })
        {
            // Perhaps the last object that a deleted CRD waited for.
            Refresh(new(Known.CustomResourceDefinitions, "", change.Key.Resource.ToString()));
        }
    }

    private void Refresh(ObjectKey key)
    {
        if (_store.Find(key) is not { } crd)
        {
            return;
        }
        if (crd.IsBeingDeleted())
        {
            End(key, crd);
            return;
        }
        _store.Resources.Replace(Defined(crd), [.. Definitions(crd)]);
        _store.Update(key, value => Establish(value, _store.Time.GetUtcNow()));
    }

    private void End(ObjectKey key, JsonObject crd)
    {
        var resource = Defined(crd);
        foreach (var stored in _store.List(resource).Objects)
        {
            if (!stored.Value.IsBeingDeleted())
            {
                TryDelete(stored.Key);
            }
        }
        if (_store.List(resource).Objects.IsEmpty)
        {
            _store.Update(key, value =>
            {
                var kept = value.Finalizers().Where(name => name != Cleanup).Select(name => (JsonNode)JsonValue.Create(name)).ToArray();
                value.Ensure("metadata")["finalizers"] = new JsonArray(kept);
                return value;
            });
        }
    }

    private void TryDelete(ObjectKey key)
    {
        try
        {
            _store.Delete(key);
        }
        catch (StatusException e) when (e.Status.Code == 404)
        {
            // It went with another one.
        }
    }

    private static JsonObject Establish(JsonObject crd, DateTimeOffset now)
    {
        if (!crd.Finalizers().Contains(Cleanup))
        {
            crd.Ensure("metadata")["finalizers"] = new JsonArray([.. crd.Finalizers().Append(Cleanup).Select(name => JsonValue.Create(name))]);
        }
        var status = crd.Ensure("status");
        status["acceptedNames"] = JsonTree.Copy(crd.Field("spec", "names"));
        var stored = (status["storedVersions"] as JsonArray ?? []).Select(JsonFields.AsText).OfType<string>()
            .Union(crd.Objects("spec", "versions").Where(version => version.Flag("storage")).Select(version => version.Text("name")));
        status["storedVersions"] = new JsonArray([.. stored.Select(name => JsonValue.Create(name))]);
        if (!crd.Objects("status", "conditions").Any())
        {
            status["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now));
        }
        return crd;
    }

    private static JsonObject Condition(string type, string reason, string message, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = NewObject.Instant(now),
        ["reason"] = reason,
        ["message"] = message,
    };

    // The version that is stored comes first.
    private static IEnumerable<ResourceDefinition> Definitions(JsonObject crd) => crd.Objects("spec", "versions")
        .Where(version => version.Flag("served") || version.Flag("storage"))
        .OrderByDescending(version => version.Flag("storage"))
        .Select(version => Definition(crd, version));

    private static ResourceDefinition Definition(JsonObject crd, JsonObject version)
    {
        var names = crd.Section("spec", "names") ?? [];
        var hasStatus = version.Section("subresources", "status") is not null;
        var scale = version.Section("subresources", "scale");
        return new()
        {
            Group = crd.Text("spec", "group"),
            Served = version.Flag("served"),
            Version = version.Text("name"),
            Plural = names.Text("plural"),
            Kind = names.Kind(),
            Singular = names.Text("singular"),
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            Namespaced = crd.Text("spec", "scope") == "Namespaced",
            HasStatus = hasStatus,
            Scale = scale is null ? null : new(Path(scale, "specReplicasPath"), Path(scale, "statusReplicasPath"), Path(scale, "labelSelectorPath")),
            Generation = hasStatus ? GenerationRule.AllButMetadataAndStatus : GenerationRule.AllButMetadata,
            UnconditionalUpdate = false,
            BuiltIn = false,
            Schema = CustomSchema.Read(version.Section("schema", "openAPIV3Schema") ?? [], "", out _),
            Columns = [.. version.Objects("additionalPrinterColumns").Select(Column).OfType<PrinterColumn>()],
        };
    }

    private static PrinterColumn? Column(JsonObject column) => JsonPath.TryParse(column.Text("jsonPath")) is { } path
        ? new(column.Text("name"), column.Text("type"), column.Text("format"), column.Text("description"), (int)(column.Number("priority") ?? 0), path)
        : null;

    private static ImmutableArray<string> Path(JsonObject scale, string field) => [.. scale.Text(field).Split('.', StringSplitOptions.RemoveEmptyEntries)];

    private static ImmutableArray<string> Texts(JsonNode? list) => list is JsonArray items ? [.. items.Select(JsonFields.AsText).OfType<string>()] : [];
}
