namespace Slipway.Api;

/// <summary>A time in which nothing starts and no exposure is raised, for all Deliveries of the cluster or some. It lives in no namespace.</summary>
public sealed record Freeze
{
    public string ApiVersion { get; init; } = ApiNames.ApiVersion;

    public string Kind { get; init; } = ApiNames.FreezeKind;

    public ObjectMeta Metadata { get; init; } = new();

    public FreezeSpec? Spec { get; init; }
}

/// <summary>What the API server answers to a list of Freezes.</summary>
public sealed record FreezeList(ListMeta? Metadata, IReadOnlyList<Freeze>? Items, string ApiVersion = ApiNames.ApiVersion, string Kind = "FreezeList");

/// <summary>What a user writes. As in a <see cref="DeliverySpec"/>, nothing here is trusted.</summary>
public sealed record FreezeSpec
{
    /// <summary>What people are told who want to know why nothing moves.</summary>
    public string? Reason { get; init; }

    /// <summary>RFC 3339; default: at once.</summary>
    public string? From { get; init; }

    /// <summary>RFC 3339; default: until it is deleted.</summary>
    public string? Until { get; init; }

    /// <summary>Within them it freezes, and not between them; default: all the time from From to Until.</summary>
    public IReadOnlyList<FreezeWindow>? Windows { get; init; }

    /// <summary>Names of namespaces, with * for any letters; default: all.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Labels of Deliveries; default: all.</summary>
    public LabelSelector? Deliveries { get; init; }
}

/// <summary>A stretch of time in which it freezes, as a <see cref="ReleaseWindow"/> is one in which something may start.</summary>
public sealed record FreezeWindow(string? Schedule = null, string? Duration = null, string? TimeZone = null);
