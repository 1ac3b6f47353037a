using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Workloads;

/// <summary>One step of a <see cref="FieldPath"/>.</summary>
public abstract record PathStep
{
    private PathStep() { }

    /// <summary>A field of an object.</summary>
    public sealed record Field(string Name) : PathStep;

    /// <summary>An item of a list by its place, from 0.</summary>
    public sealed record Index(int At) : PathStep;

    /// <summary>The one item of a list whose field <paramref name="Key"/> is the text <paramref name="Value"/>.</summary>
    public sealed record Item(string Key, string Value) : PathStep;
}

/// <summary>
/// Where a field is in an object: <c>spec.values.image.tag</c>, <c>spec.template.spec.containers[name=web].image</c>,
/// <c>spec.images[0]</c>, <c>spec.values["my.chart"].tag</c>. <see cref="ToString"/> gives each path one spelling.
/// </summary>
public sealed class FieldPath : IEquatable<FieldPath>
{
    private readonly string _text;

    internal FieldPath(ImmutableArray<PathStep> steps)
    {
        Steps = steps;
        _text = string.Concat(steps.Select((step, place) => Spell(step, place > 0)));
    }

    public ImmutableArray<PathStep> Steps { get; }

    /// <param name="error">What is wrong, and what would be right, without the path itself.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out FieldPath? path, out string error)
    {
        var steps = new FieldPathText(text ?? "").Read(out error);
        path = steps.IsDefault ? null : new FieldPath(steps);
        return path is not null;
    }

    /// <summary>The path up to and without step <paramref name="count"/>.</summary>
    public string Beginning(int count) => new FieldPath(Steps[..count]).ToString();

    public bool Equals(FieldPath? other) => other?._text == _text;

    public override bool Equals(object? obj) => Equals(obj as FieldPath);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;

    private static string Spell(PathStep step, bool follows) => step switch
    {
        PathStep.Field { Name: var name } when FieldPathText.IsPlain(name) => follows ? $".{name}" : name,
        PathStep.Field { Name: var name } => $"[{Quoted(name)}]",
        PathStep.Index { At: var at } => string.Create(CultureInfo.InvariantCulture, $"[{at}]"),
        PathStep.Item { Key: var key, Value: var value } => $"[{key}={(FieldPathText.IsPlainValue(value) ? value : Quoted(value))}]",
        _ => throw new System.Diagnostics.UnreachableException($"{step}"),
    };

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
