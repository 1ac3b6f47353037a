using Slipway.Views;

namespace Slipway.Dashboard.Live;

/// <summary>Which Delivery.</summary>
public readonly record struct RowKey(string Namespace, string Name)
{
    public static RowKey Of(DeliveryRow row) => new(row.Namespace, row.Name);

    /// <summary>Its place in the dashboard, relative to the page's base.</summary>
    public string Href => $"namespaces/{Uri.EscapeDataString(Namespace)}/deliveries/{Uri.EscapeDataString(Name)}";

    /// <summary>Negative where this one comes first.</summary>
    public int Compare(RowKey other) => string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var order ? order : string.CompareOrdinal(Name, other.Name);

    public override string ToString() => $"{Namespace}/{Name}";
}
