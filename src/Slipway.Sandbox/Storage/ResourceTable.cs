using System.Collections.Immutable;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// Everything the server serves: the built-in resources and those of CRDs. Readers see one whole state or the next.
/// </summary>
public sealed class ResourceTable(IEnumerable<ResourceDefinition> builtIn)
{
    private readonly Lock _gate = new();
    private volatile Snapshot _now = Snapshot.Of([.. builtIn]);

    /// <summary>What the server passes for, for those whose ways have changed since.</summary>
    public KubernetesRelease Release { get; init; }

    /// <summary>What clients can ask for.</summary>
    public IEnumerable<ResourceDefinition> Served => _now.All.Where(resource => resource.Served);

    /// <summary>Grows with each change, so that discovery documents can be kept until it does.</summary>
    public int Revision => _now.Revision;

    public ResourceDefinition? Find(string group, string version, string plural) =>
        _now.ByPath.GetValueOrDefault((group, version, plural));

    public ResourceDefinition? FindKind(string apiVersion, string kind) => _now.ByKind.GetValueOrDefault((apiVersion, kind));

    /// <summary>The version in which the objects are kept. Null when nothing of this name is served.</summary>
    public ResourceDefinition? Stored(GroupResource resource) => _now.Stored.GetValueOrDefault(resource);

    /// <summary>Puts the versions of one resource in the place of those that are there; none of them takes it out.</summary>
    /// <param name="versions">The version that is stored first.</param>
    public void Replace(GroupResource resource, ImmutableArray<ResourceDefinition> versions)
    {
        lock (_gate)
        {
            _now = Snapshot.Of([.. _now.All.Where(served => served.Resource != resource), .. versions], _now.Revision + 1);
        }
    }

    private sealed record Snapshot(
        ImmutableArray<ResourceDefinition> All,
        Dictionary<(string, string, string), ResourceDefinition> ByPath,
        Dictionary<(string, string), ResourceDefinition> ByKind,
        Dictionary<GroupResource, ResourceDefinition> Stored,
        int Revision)
    {
        public static Snapshot Of(ImmutableArray<ResourceDefinition> all, int revision = 0)
        {
            Dictionary<(string, string, string), ResourceDefinition> byPath = [];
            Dictionary<(string, string), ResourceDefinition> byKind = [];
            Dictionary<GroupResource, ResourceDefinition> stored = [];
            foreach (var served in all)
            {
                if (served.Served)
                {
                    byPath[(served.Group, served.Version, served.Plural)] = served;
                    byKind[(served.ApiVersion, served.Kind)] = served;
                }
                if (served.StoredAs is null)
                {
                    stored.TryAdd(served.Resource, served);
                }
            }
            return new(all, byPath, byKind, stored, revision);
        }
    }
}
