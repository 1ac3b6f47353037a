using System.Collections.Immutable;
using Slipway.Views;

namespace Slipway.Dashboard.Deliveries;

public enum RowOrder
{
    /// <summary>What asks for attention first.</summary>
    State,
    Name,
    Version,

    /// <summary>What has changed last first.</summary>
    Age,
}

public enum RowGrouping
{
    None,
    Namespace,
    State,
}

/// <summary>Which rows are shown, and how: all of it stands in the address, so that it can be sent to somebody.</summary>
/// <param name="Text">Words, each of which a row must have somewhere.</param>
/// <param name="Namespace">Null: all.</param>
public sealed record RowQuery(string Text = "", string? Namespace = null, RowOrder Order = RowOrder.State, RowGrouping Grouping = RowGrouping.None)
{
    /// <summary>None: all.</summary>
    public ImmutableSortedSet<Standing> Standings { get; init; } = [];

    public bool IsNarrowed => Text.Trim().Length > 0 || Namespace is not null || !Standings.IsEmpty;

    public RowQuery Toggle(Standing standing) => this with { Standings = Standings.SymmetricExcept([standing]) };

    /// <summary>Whether the row has the words and the namespace, whatever its state.</summary>
    public bool Has(DeliveryRow row)
    {
        if (Namespace is not null && row.Namespace != Namespace)
        {
            return false;
        }

        foreach (var word in Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Has(row, word))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>As the query of an address, without the question mark; what is as usual is left out.</summary>
    public string ToQueryString() => string.Join('&', new[]
    {
        Text.Trim().Length > 0 ? $"q={Uri.EscapeDataString(Text.Trim())}" : "",
        Namespace is null ? "" : $"ns={Uri.EscapeDataString(Namespace)}",
        Standings.IsEmpty ? "" : $"state={string.Join(',', Standings)}",
        Order == RowOrder.State ? "" : $"sort={Order}",
        Grouping == RowGrouping.None ? "" : $"group={Grouping}",
    }.Where(part => part.Length > 0));

    /// <summary>What it does not understand it leaves out: the address was typed by somebody.</summary>
    public static RowQuery Parse(string query)
    {
        var parts = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .GroupBy(part => part[0]).ToDictionary(part => part.Key, part => Uri.UnescapeDataString(part.First()[1].Replace('+', ' ')));
        return new(parts.GetValueOrDefault("q", ""), parts.GetValueOrDefault("ns"), Read(parts, "sort", RowOrder.State), Read(parts, "group", RowGrouping.None))
        {
            Standings = [.. parts.GetValueOrDefault("state", "").Split(',').Select(word => Enum.TryParse<Standing>(word, out var standing) ? (Standing?)standing : null).OfType<Standing>()],
        };
    }

    private static bool Has(DeliveryRow row, string word) =>
        Has(row.Name, word) || Has(row.Namespace, word) || Has(row.Current?.Tag, word) || Has(row.Candidate?.Tag, word) || Has(row.Progress?.Tag, word) || Has(row.Held?.Reason, word) || Has(row.Reason, word)
        || Has(row.Group, word) || Has(row.Current?.Digest, word) || Has(row.Message, word) || (row.Labels?.Any(label => Has($"{label.Key}={label.Value}", word)) ?? false);

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static T Read<T>(Dictionary<string, string> parts, string name, T otherwise)
        where T : struct, Enum => Enum.TryParse<T>(parts.GetValueOrDefault(name), out var value) && Enum.IsDefined(value) ? value : otherwise;
}
