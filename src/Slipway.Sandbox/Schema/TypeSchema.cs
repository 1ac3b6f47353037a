using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Schema;

/// <summary>What kind of value a field holds.</summary>
public enum TypeShape
{
    /// <summary>Any JSON, with no schema below it.</summary>
    Anything,
    Text,
    Whole,
    Number,
    Flag,

    /// <summary>A number or a text: <c>25%</c> of replicas, <c>500m</c> of a CPU.</summary>
    WholeOrText,

    /// <summary>An object whose fields are declared.</summary>
    Struct,

    /// <summary>An object whose fields are names that users choose.</summary>
    Map,
    List,
}

/// <summary>How two writers share a list ("Merge strategy" of the server-side apply documentation; x-kubernetes-list-type).</summary>
public enum ListKind
{
    /// <summary>One writer has all of it.</summary>
    Atomic,

    /// <summary>Each value is an item that somebody has.</summary>
    Set,

    /// <summary>Each item is known by the values of its keys.</summary>
    Map,
}

/// <summary>
/// The type of a value: what its fields are, how patches merge it, and (for custom resources) what it must satisfy.
/// </summary>
public sealed class TypeSchema
{
    /// <summary>The type of values of which nothing is known: merged as far as their objects go, lists as a whole.</summary>
    public static readonly TypeSchema Anything = new() { PreservesUnknown = true };

    public TypeShape Shape { get; init; }

    public FrozenDictionary<string, TypeSchema> Fields { get; init; } = FrozenDictionary<string, TypeSchema>.Empty;

    /// <summary>Of the items of a list, or the values of a map.</summary>
    public TypeSchema? Element { get; init; }

    public ListKind ListKind { get; init; }

    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>One writer has the object as a whole (x-kubernetes-map-type: atomic).</summary>
    public bool Atomic { get; init; }

    /// <summary>The strategic merge key where it is not the first of <see cref="Keys"/>, or where the list is atomic otherwise.</summary>
    public string? MergeKey { get; init; }

    /// <summary>Fields that are not declared are kept (x-kubernetes-preserve-unknown-fields).</summary>
    public bool PreservesUnknown { get; init; }

    /// <summary>The value is a whole object of the API, with apiVersion, kind and metadata.</summary>
    public bool EmbeddedResource { get; init; }

    public bool Nullable { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>Null when every value of the shape will do.</summary>
    public ValueRules? Rules { get; init; }

    /// <summary>The list is merged item by item by a strategic merge patch; of scalars, when this is a set.</summary>
    public string? StrategicKey => MergeKey ?? (ListKind is ListKind.Map ? Keys[0] : null);

    public bool IsObject => Shape is TypeShape.Struct or TypeShape.Map or TypeShape.Anything;

    /// <returns>The type of a field; null when the field is not declared and nothing stands for those.</returns>
    public TypeSchema? Field(string name)
    {
        if (Fields.TryGetValue(name, out var field))
        {
            return field;
        }
        return Element is not null && Shape is not TypeShape.List ? Element : PreservesUnknown || Shape is TypeShape.Anything ? Anything : null;
    }
}
