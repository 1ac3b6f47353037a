namespace Slipway.Api;

/// <summary>A check that is written once and used by many Deliveries, with arguments. It belongs to no namespace.</summary>
public sealed record ClusterCheck
{
    public string ApiVersion { get; init; } = ApiNames.ApiVersion;

    public string Kind { get; init; } = ApiNames.ClusterCheckKind;

    public ObjectMeta Metadata { get; init; } = new();

    public ClusterCheckSpec? Spec { get; init; }
}

/// <summary>What the API server answers to a list of ClusterChecks.</summary>
public sealed record ClusterCheckList(ListMeta? Metadata, IReadOnlyList<ClusterCheck>? Items, string ApiVersion = ApiNames.ApiVersion, string Kind = "ClusterCheckList");

/// <summary>What is measured and how it is judged, and what a Delivery has to say for it.</summary>
public sealed record ClusterCheckSpec : CheckTerms
{
    public IReadOnlyList<CheckArgument>? Args { get; init; }
}

/// <summary>Something that a template asks for.</summary>
public sealed record CheckArgument
{
    public string? Name { get; init; }

    /// <summary>Text (default), Number, Duration or Flag.</summary>
    public string? Type { get; init; }

    /// <summary>What it is where nothing is given; without it, and unless <see cref="Required"/> is false, it must be given.</summary>
    public string? Default { get; init; }

    public bool? Required { get; init; }

    public string? Description { get; init; }
}
