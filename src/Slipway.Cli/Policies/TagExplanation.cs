using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Cli.Output;
using Slipway.Explanations;
using Slipway.Policies;

namespace Slipway.Cli.Policies;

/// <summary>One tag, and what the policy makes of it.</summary>
internal sealed record JudgedTag(string Tag, TagStanding Standing, DateTimeOffset? Built);

/// <summary>The best of the tags that were eligible, in order, and the others with what keeps each out.</summary>
/// <param name="Left">How many there are of each kind, those that are not shown included.</param>
internal sealed record TagExplanation(ImmutableArray<JudgedTag> Top, ImmutableArray<JudgedTag> Others, ImmutableArray<(TagStanding Standing, int Count)> Left)
{
    private const int MostShown = 10;

    /// <summary>Null for a moving tag, which is not chosen among others.</summary>
    public static TagExplanation? Of(SourceRule rule, IReadOnlyList<TagLine> lines)
    {
        var built = lines.DistinctBy(line => line.Tag).ToDictionary(line => line.Tag, line => line.Built);
        if (rule.Order(built.GetValueOrDefault) is not { } order)
        {
            return null;
        }

        var judged = built.Select(line => new JudgedTag(line.Key, order.StandingOf(line.Key), line.Value)).ToLookup(tag => tag.Standing == TagStanding.Eligible);
        return new TagExplanation(
            [.. order.Top(judged[true].Select(tag => tag.Tag), MostShown).Select(tag => new JudgedTag(tag, TagStanding.Eligible, built[tag]))],
            [.. judged[false].Take(MostShown)],
            [.. judged.SelectMany(group => group).GroupBy(tag => tag.Standing).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))]);
    }

    public void AddTo(JsonObject json)
    {
        json["top"] = new JsonArray([.. Top.Select(tag => (JsonNode?)tag.Tag)]);
        json["passedOver"] = new JsonArray([.. Others.Select(tag => (JsonNode?)new JsonObject { ["tag"] = tag.Tag, ["because"] = Because(tag.Standing) })]);
        json["counts"] = new JsonObject(Left.Select(kind => KeyValuePair.Create(Name(kind.Standing), (JsonNode?)kind.Count)));
    }

    public void Write(TextWriter writer, Palette palette)
    {
        if (Top.IsEmpty && Others.IsEmpty)
        {
            return;
        }

        var dated = Top.Any(tag => tag.Built is not null);
        string[] headings = dated ? ["TAG", "VERDICT", "BUILT"] : ["TAG", "VERDICT"];
        var table = new Table(headings);
        foreach (var (tag, place) in Top.Select((tag, place) => (tag, place)))
        {
            Add(table, tag, new Cell(place == 0 ? "best" : $"{place + 1}", place == 0 ? Tone.Good : Tone.Plain), dated);
        }

        foreach (var tag in Others)
        {
            Add(table, tag, new Cell(Because(tag.Standing), Tone.Notable), dated);
        }

        writer.WriteLine();
        table.Write(writer, palette);
        var hidden = Left.Sum(kind => kind.Count) - Top.Length - Others.Length;
        if (hidden > 0)
        {
            writer.WriteLine($"and {hidden} more: {string.Join(", ", Left.Select(kind => $"{kind.Count} {Name(kind.Standing)}"))} in all");
        }
    }

    private static void Add(Table table, JudgedTag tag, Cell verdict, bool dated)
    {
        // What is no tag may be anything, control characters included.
        var name = tag.Standing == TagStanding.Malformed ? Images.UntrustedText.Quote(tag.Tag) : tag.Tag;
        table.Add(dated ? [name, verdict, tag.Built is { } at ? Words.Instant(at) : "-"] : [name, verdict]);
    }

    private static string Name(TagStanding standing) => $"{char.ToLowerInvariant($"{standing}"[0])}{$"{standing}"[1..]}";

    private static string Because(TagStanding standing) => standing switch
    {
        TagStanding.Malformed => "no tag",
        TagStanding.Artifact => "a signature or the like",
        TagStanding.Unmatched => "does not match the filter",
        TagStanding.Excluded => "excluded",
        TagStanding.Unread => "not what this policy orders",
        TagStanding.Outside => "outside of the range",
        _ => "eligible",
    };
}
