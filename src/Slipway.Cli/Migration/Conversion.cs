using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Deliveries;

namespace Slipway.Cli.Migration;

/// <summary>Something that was said to the peer and is not in the Delivery.</summary>
/// <param name="Field">As the peer calls it.</param>
/// <param name="Instead">What to do about it, or that nothing is to be done.</param>
internal sealed record ConversionNote(string Field, string? Value, string Why, string Instead)
{
    public override string ToString() => $"{Field}{(Value is null ? "" : $" ({Value})")}: {Why}; {Instead}";

    public JsonObject ToJson() => new() { ["field"] = Field, ["value"] = Value, ["why"] = Why, ["instead"] = Instead };
}

/// <summary>One Delivery, and what did not carry over.</summary>
/// <param name="From">The object that it was made of.</param>
/// <param name="Delivery">Null where none can be made; the notes say why.</param>
/// <param name="Done">Whether that is all there is to do about it.</param>
internal sealed record Conversion(string Peer, string From, Delivery? Delivery, ImmutableArray<ConversionNote> Notes, bool Done = true)
{
    public JsonObject? Manifest()
    {
        var written = Delivery is null ? null : JsonSerializer.SerializeToNode(Delivery, ApiJson.Default.Delivery)!.AsObject();

        // Only a server has generations.
        (written?["metadata"] as JsonObject)?.Remove("generation");
        return written;
    }

    public JsonObject ToJson() => new()
    {
        ["peer"] = Peer,
        ["from"] = From,
        ["delivery"] = Manifest(),
        ["notes"] = new JsonArray([.. Notes.Select(note => (JsonNode?)note.ToJson())]),
    };
}

/// <summary>A Delivery in the making.</summary>
internal sealed class Draft(string peer, string from, string name, string? ns)
{
    private readonly List<ConversionNote> _notes = [];

    public DeliverySpec Spec { get; set; } = new() { Source = new Source() };

    public Source Source
    {
        get => Spec.Source!;
        set => Spec = Spec with { Source = value };
    }

    public void Note(string field, string? value, string why, string instead) => _notes.Add(new ConversionNote(field, value, why, instead));

    /// <summary>With a note only where there is something.</summary>
    public void NoteIf(string field, string? value, string why, string instead)
    {
        if (value is not null)
        {
            Note(field, value, why, instead);
        }
    }

    /// <summary>Reads it as the controller would, so that nothing is printed that would be refused.</summary>
    public Conversion Finish()
    {
        if (!DeliveryTerms.TryRead(Spec, out _, out var problem))
        {
            Note(problem.Field, null, problem.Message, "no Delivery is printed; write it by hand, or correct this and convert again");
            return new Conversion(peer, from, null, [.. _notes], Done: false);
        }

        return new Conversion(peer, from, new Delivery { Metadata = new ObjectMeta { Name = name, Namespace = ns }, Spec = Spec }, [.. _notes]);
    }

    /// <summary>Where nothing can be made of it.</summary>
    /// <param name="done">Because none is needed.</param>
    public Conversion Nothing(string field, string? value, string why, string instead, bool done = false)
    {
        Note(field, value, why, instead);
        return new Conversion(peer, from, null, [.. _notes], done);
    }
}
