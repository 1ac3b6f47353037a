namespace Slipway.Api;

/// <summary>What to watch, how to choose, how to roll out.</summary>
public sealed record Delivery
{
    public string ApiVersion { get; init; } = ApiNames.ApiVersion;

    public string Kind { get; init; } = ApiNames.DeliveryKind;

    public ObjectMeta Metadata { get; init; } = new();

    public DeliverySpec? Spec { get; init; }

    public DeliveryStatus? Status { get; init; }
}

/// <summary>What the API server answers to a list of Deliveries.</summary>
public sealed record DeliveryList(ListMeta? Metadata, IReadOnlyList<Delivery>? Items, string ApiVersion = ApiNames.ApiVersion, string Kind = "DeliveryList");
