using System.Globalization;
using System.Text.Json;

namespace Slipway.Workloads;

/// <summary>
/// A field of an object of the API server that knows its path. Null, absent and empty are read alike (rule 16); a value of the wrong
/// type is a <see cref="FormatException"/> that names the path, so that one odd object is one error and never a crash.
/// </summary>
internal sealed class JsonField
{
    private readonly JsonElement _element;
    private readonly JsonField? _parent;
    private readonly string _name;
    private readonly int _index = -1;

    private JsonField(JsonElement element, JsonField? parent, string name, int index = -1)
    {
        _element = element;
        _parent = parent;
        _name = name;
        _index = index;
    }

    public static JsonField Root(JsonElement element, string name) => new(element, null, name);

    public bool IsAbsent => _element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public JsonElement Element => _element;

    /// <summary>Such as <c>spec.containers[1].image</c>. Put together only when an error needs it.</summary>
    public string Path => _index >= 0 ? $"{_parent!.Path}[{_index}]" : _parent is null or { _parent: null, _index: < 0 } ? _name : $"{_parent.Path}.{_name}";

    public JsonField this[string name] =>
        IsAbsent ? new(default, this, name)
        : _element.ValueKind != JsonValueKind.Object ? throw Expected("an object")
        : new(_element.TryGetProperty(name, out var child) ? child : default, this, name);

    /// <summary>Null when absent or empty.</summary>
    public string? Text => IsAbsent ? null : _element.ValueKind != JsonValueKind.String ? throw Expected("a string") : NullIfEmpty(_element.GetString()!);

    /// <summary>Null when absent.</summary>
    public long? Number =>
        IsAbsent ? null
        : _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out var number) ? number
        : throw Expected("an integer");

    /// <summary>Null when absent.</summary>
    public int? Count => Number is not { } number ? null : number is >= 0 and <= int.MaxValue ? (int)number : throw Expected("a count");

    public bool Flag => !IsAbsent && (_element.ValueKind is JsonValueKind.True or JsonValueKind.False ? _element.GetBoolean() : throw Expected("a boolean"));

    public IEnumerable<JsonField> Items =>
        IsAbsent ? []
        : _element.ValueKind != JsonValueKind.Array ? throw Expected("a list")
        : _element.EnumerateArray().Select((item, index) => new JsonField(item, this, _name, index));

    /// <summary>The fields of an object that is used as a map, such as labels.</summary>
    public IEnumerable<(string Name, JsonField Value)> Entries =>
        IsAbsent ? []
        : _element.ValueKind != JsonValueKind.Object ? throw Expected("an object")
        : _element.EnumerateObject().Select(property => (property.Name, new JsonField(property.Value, this, property.Name)));

    /// <exception cref="FormatException">Absent or empty.</exception>
    public string RequiredText => Text ?? throw new FormatException($"{Whole}: {Path} is missing");

    /// <summary>What was found is told by its type alone: the value may be a secret.</summary>
    public FormatException Expected(string what) =>
        new($"{(_parent is null ? Whole : $"{Whole}: {Path}")} should be {what}, and is {_element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => string.Create(CultureInfo.InvariantCulture, $"the number {_element}"),
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            _ => "absent",
        }}");

    private string Whole => _parent is null ? _name : _parent.Whole;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
