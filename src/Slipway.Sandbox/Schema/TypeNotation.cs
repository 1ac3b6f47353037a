using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Reads types from a notation that says a kind in a few lines, because the fields of Kubernetes are many and all alike.
/// A line <c>Name: field type field type</c> declares a type, an indented line goes on with it. Types are
/// <code>
/// s i n b x j     text, whole number, number, flag, number or text, anything
/// Name            a declared type            Name!         ...which one writer has as a whole
/// {t}             a map of t                 {t}!          ...which one writer has as a whole
/// [t]             a list, atomic             [t]*          a set
/// [t/a+b]         a map of items by keys a and b; a is the strategic merge key
/// [t%a]           atomic to apply, but merged by key a in a strategic merge patch
/// t=v             a type of which v is the default: JSON without spaces, or a bare word
/// </code>
/// A name that ends in + is a kind: apiVersion, kind and metadata are added to it.
/// </summary>
internal sealed class TypeNotation
{
    private static readonly Dictionary<char, TypeSchema> Scalars = new()
    {
        ['s'] = new() { Shape = TypeShape.Text },
        ['i'] = new() { Shape = TypeShape.Whole },
        ['n'] = new() { Shape = TypeShape.Number },
        ['b'] = new() { Shape = TypeShape.Flag },
        ['x'] = new() { Shape = TypeShape.WholeOrText },
        ['j'] = TypeSchema.Anything,
    };

    private readonly Dictionary<string, string[]> _declared = [];
    private readonly Dictionary<string, TypeSchema> _read = [];

    public static FrozenDictionary<string, TypeSchema> Read(params ReadOnlySpan<string> texts)
    {
        var notation = new TypeNotation();
        foreach (var text in texts)
        {
            notation.Declare(text);
        }
        return notation._declared.Keys.ToFrozenDictionary(name => name, notation.Type);
    }

    private void Declare(string text)
    {
        var name = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line;
            if (!char.IsWhiteSpace(line[0]))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var isKind = line[colon - 1] == '+';
                name = line[..(isKind ? colon - 1 : colon)];
                words = (isKind ? "apiVersion s kind s metadata ObjectMeta " : "") + line[(colon + 1)..];
                _declared[name] = [];
            }
            _declared[name] = [.. _declared[name], .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
    }

    private TypeSchema Type(string name)
    {
        if (!_read.TryGetValue(name, out var type))
        {
            _read[name] = type = new() { Shape = TypeShape.Struct, Fields = Fields(name) };
        }
        return type;
    }

    private FrozenDictionary<string, TypeSchema> Fields(string name)
    {
        if (!_declared.TryGetValue(name, out var words))
        {
            throw new FormatException($"the type {name} is not declared");
        }
        return words.Chunk(2).ToFrozenDictionary(pair => pair[0], pair => Expression(pair[1]));
    }

    private TypeSchema Expression(string text) => text.Split('=', 2) is [var type, var value] ? WithDefault(type, value) : text[0] switch
    {
        '[' => List(text),
        '{' => Map(text),
        _ when text.Length == 1 => Scalars[text[0]],
        _ when text[^1] == '!' => new() { Shape = TypeShape.Struct, Fields = Type(text[..^1]).Fields, Atomic = true },
        _ => Type(text),
    };

    private TypeSchema WithDefault(string text, string value)
    {
        var type = Expression(text);
        return new()
        {
            Shape = type.Shape,
            Fields = type.Fields,
            Element = type.Element,
            Atomic = type.Atomic,
            Default = value[0] is '{' or >= '0' and <= '9' || value is "true" or "false" ? JsonTree.Parse(value) : JsonValue.Create(value),
        };
    }

    private TypeSchema Map(string text) => new()
    {
        Shape = TypeShape.Map,
        Element = Expression(text[1..text.LastIndexOf('}')]),
        Atomic = text[^1] == '!',
    };

    private TypeSchema List(string text)
    {
        var inside = text[1..text.LastIndexOf(']')];
        if (text[^1] == '*')
        {
            return new() { Shape = TypeShape.List, ListKind = ListKind.Set, Element = Expression(inside) };
        }
        if (inside.Split('%') is [var merged, var mergeKey])
        {
            return new() { Shape = TypeShape.List, Element = Expression(merged), MergeKey = mergeKey };
        }
        return inside.Split('/') is [var item, var keys]
            ? new() { Shape = TypeShape.List, ListKind = ListKind.Map, Keys = [.. keys.Split('+')], Element = Expression(item) }
            : new() { Shape = TypeShape.List, Element = Expression(inside) };
    }
}
