using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// A set of fields of one object, as <c>managedFields</c> records who has which (FieldsV1 of meta/v1). An element of a path is
/// <c>f:name</c> of a field, <c>k:{...}</c> of an item by its keys, or <c>v:value</c> of an item of a set.
/// </summary>
public sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);
    private bool _member;

    public bool IsEmpty => !_member && _children.Count == 0;

    /// <summary>Whether the field at this point is itself in the set, not only fields within it.</summary>
    public bool IsMember => _member;

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => _children;

    public FieldSet? Child(string element) => _children.GetValueOrDefault(element);

    public void Insert(IEnumerable<string> path)
    {
        var at = this;
        foreach (var element in path)
        {
            if (!at._children.TryGetValue(element, out var child))
            {
                at._children[element] = child = new();
            }
            at = child;
        }
        at._member = true;
    }

    /// <summary>Takes a field and all within it out of the set.</summary>
    public void Drop(params ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
        {
            _children.Remove(path[0]);
        }
        else if (_children.TryGetValue(path[0], out var child))
        {
            child.Drop(path[1..]);
            if (child.IsEmpty)
            {
                _children.Remove(path[0]);
            }
        }
    }

    public static FieldSet Union(FieldSet left, FieldSet right)
    {
        var union = new FieldSet { _member = left._member || right._member };
        foreach (var (element, child) in left._children)
        {
            union._children[element] = right.Child(element) is { } other ? Union(child, other) : child;
        }
        foreach (var (element, child) in right._children)
        {
            union._children.TryAdd(element, child);
        }
        return union;
    }

    public static FieldSet Except(FieldSet left, FieldSet right)
    {
        var rest = new FieldSet { _member = left._member && !right._member };
        foreach (var (element, child) in left._children)
        {
            var kept = right.Child(element) is { } other ? Except(child, other) : child;
            if (!kept.IsEmpty)
            {
                rest._children[element] = kept;
            }
        }
        return rest;
    }

    public static FieldSet Intersect(FieldSet left, FieldSet right)
    {
        var both = new FieldSet { _member = left._member && right._member };
        foreach (var (element, child) in left._children)
        {
            if (right.Child(element) is { } other && Intersect(child, other) is { IsEmpty: false } kept)
            {
                both._children[element] = kept;
            }
        }
        return both;
    }

    public bool SetEquals(FieldSet other) =>
        _member == other._member
        && _children.Count == other._children.Count
        && _children.All(child => other.Child(child.Key) is { } theirs && child.Value.SetEquals(theirs));

    /// <summary>The fields of the set as users read them: <c>.spec.template.spec.containers[name="web"].image</c>.</summary>
    public IEnumerable<string> Paths(string above = "")
    {
        if (_member)
        {
            yield return above;
        }
        foreach (var (element, child) in _children)
        {
            foreach (var path in child.Paths(above + Readable(element)))
            {
                yield return path;
            }
        }
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (_member && _children.Count > 0)
        {
            json["."] = new JsonObject();
        }
        foreach (var (element, child) in _children)
        {
            json[element] = child.ToJson();
        }
        return json;
    }

    public static FieldSet FromJson(JsonObject json) => FromJson(json, isRoot: true);

    private static FieldSet FromJson(JsonObject json, bool isRoot)
    {
        var set = new FieldSet { _member = !isRoot && (json.Count == 0 || json.ContainsKey(".")) };
        foreach (var (element, child) in json)
        {
            if (element != "." && child is JsonObject fields)
            {
                set._children[element] = FromJson(fields, isRoot: false);
            }
        }
        return set;
    }

    private static string Readable(string element) => element[..2] switch
    {
        "f:" => $".{element[2..]}",
        "k:" => ReadableKeys(element[2..]),
        "v:" => $"[={element[2..]}]",
        _ => $"[{element[2..]}]",
    };

    private static string ReadableKeys(string json)
    {
        var text = new StringBuilder("[");
        foreach (var (name, value) in JsonTree.ParseObject(json))
        {
            text.Append(text.Length > 1 ? "," : "").Append(name).Append('=').Append(value?.ToJsonString());
        }
        return text.Append(']').ToString();
    }
}
