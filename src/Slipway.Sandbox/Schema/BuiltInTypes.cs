using System.Collections.Frozen;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// The types of the built-in kinds: their fields, and how patches merge their lists (patchMergeKey, x-kubernetes-list-type and
/// x-kubernetes-list-map-keys in the API's OpenAPI document).
/// </summary>
public static class BuiltInTypes
{
    private static readonly FrozenDictionary<string, TypeSchema> ByName = TypeNotation.Read(
        MetaTypes.Text, PodTypes.Text, VolumeTypes.Text, CoreTypes.Text, WorkloadTypes.Text, NetworkTypes.Text, AccessTypes.Text, ExtensionTypes.Text);

    /// <summary>metadata of every object.</summary>
    public static TypeSchema ObjectMeta => ByName["ObjectMeta"];

    /// <summary>A version's own form of a kind: <c>IngressBeta</c>.</summary>
    internal static TypeSchema Named(string name) => ByName[name];

    /// <summary>The type of a kind as a whole, with apiVersion, kind and metadata.</summary>
    public static TypeSchema Find(string group, string kind) =>
        ByName.GetValueOrDefault(group == "events.k8s.io" ? "NewEvent" : kind) ?? throw new ArgumentException($"{kind} of '{group}' has no type", nameof(kind));
}
