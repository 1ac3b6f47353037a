using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// What a value of a custom resource must satisfy beyond its type: the validations of OpenAPI v3 that structural schemas may
/// use ("Specifying a structural schema" of the CRD documentation). Those of <c>allOf</c> and the like see the same value.
/// </summary>
public sealed record ValueRules
{
    public ImmutableArray<string> Required { get; init; } = [];

    public ImmutableArray<JsonNode?> Enum { get; init; } = [];

    public Regex? Pattern { get; init; }

    public string Format { get; init; } = "";

    public double? Minimum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public ImmutableArray<TypeSchema> AllOf { get; init; } = [];

    public ImmutableArray<TypeSchema> AnyOf { get; init; } = [];

    public ImmutableArray<TypeSchema> OneOf { get; init; } = [];

    public TypeSchema? Not { get; init; }
}
