using System.Collections.Immutable;
using Slipway.Sandbox.Schema;

namespace Slipway.Sandbox.Storage;

/// <summary>What makes <c>metadata.generation</c> grow. Writes of the status never do.</summary>
public enum GenerationRule
{
    /// <summary>The kind has no generation (ConfigMap, Secret, Lease...).</summary>
    None,

    Spec,

    /// <summary>Deployments alone count their annotations too, since <c>kubectl rollout</c> keeps its memory there.</summary>
    SpecAndAnnotations,

    /// <summary>Custom resources without a status subresource.</summary>
    AllButMetadata,

    /// <summary>Custom resources with a status subresource.</summary>
    AllButMetadataAndStatus,
}

/// <summary>The <c>scale</c> subresource: where it finds replicas, as paths of fields from the root.</summary>
public sealed record ScaleDefinition(ImmutableArray<string> SpecReplicas, ImmutableArray<string> StatusReplicas, ImmutableArray<string> Selector);

/// <summary>A column that <c>kubectl get</c> shows, as a CRD declares it (additionalPrinterColumns).</summary>
/// <param name="Priority">0 is always shown, more only in wide output.</param>
public sealed record PrinterColumn(string Name, string Type, string Format, string Description, int Priority, JsonPath Path);

/// <summary>One resource that the server serves in one version.</summary>
public sealed record ResourceDefinition
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public required bool Namespaced { get; init; }

    public string Singular { get; init; } = "";

    public ImmutableArray<string> ShortNames { get; init; } = [];

    public ImmutableArray<string> Categories { get; init; } = [];

    public bool HasStatus { get; init; }

    public ScaleDefinition? Scale { get; init; }

    public GenerationRule Generation { get; init; }

    /// <summary>Whether a PUT without a resourceVersion overwrites what is there.</summary>
    public bool UnconditionalUpdate { get; init; } = true;

    /// <summary>False for a version that is stored, and that no client may ask for.</summary>
    public bool Served { get; init; } = true;

    /// <summary>Jobs alone leave their pods behind when a DELETE does not say otherwise.</summary>
    public bool OrphansByDefault { get; init; }

    /// <summary>Kinds that answer a POST and keep nothing: TokenReview and the access reviews.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Where the objects are kept; another resource's when this one is only another view of it (events.k8s.io/events).</summary>
    public GroupResource? StoredAs { get; init; }

    /// <summary>Null where the objects are served with the fields that they are stored with.</summary>
    public ServedForm? Form { get; init; }

    /// <summary>The fields of this version.</summary>
    public TypeSchema Schema { get; init; } = TypeSchema.Anything;

    /// <summary>Built-in kinds understand strategic merge patches, custom ones do not.</summary>
    public bool BuiltIn { get; init; } = true;

    /// <summary>Null when the kind declares none; a built-in kind's are code.</summary>
    public ImmutableArray<PrinterColumn>? Columns { get; init; }

    public GroupResource Resource => new(Group, Plural);

    public GroupResource Storage => StoredAs ?? Resource;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string ListKind => Kind + "List";

    public ObjectKey Key(string? ns, string name) => new(Storage, Namespaced ? ns ?? "" : "", name);
}
