using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Fills in the defaults that a type declares, where the object around them is there.</summary>
internal static class SchemaDefaults
{
    // Most of a kind has no defaults below it, and is not walked.
    private static readonly ConditionalWeakTable<TypeSchema, StrongBox<bool>> Known = [];

    public static void Fill(TypeSchema type, JsonNode? value)
    {
        if (value is null || !HasDefaults(type))
        {
            return;
        }
        if (value is JsonArray items)
        {
            foreach (var item in items)
            {
                Fill(type.Element!, item);
            }
        }
        else if (value is JsonObject fields)
        {
            FillFields(type, fields);
        }
    }

    private static void FillFields(TypeSchema type, JsonObject fields)
    {
        foreach (var (name, declared) in type.Fields)
        {
            var there = fields.TryGetPropertyValue(name, out var field);
            // A null where none is allowed counts as absent ("Defaulting and Nullable" of the CRD documentation).
            if (declared.Default is not null && (!there || (field is null && !declared.Nullable)))
            {
                fields[name] = field = JsonTree.Copy(declared.Default);
            }
            else if (there && field is null && !declared.Nullable && declared.Shape is not TypeShape.Anything)
            {
                fields.Remove(name);
            }
            Fill(declared, field);
        }
        if (type.Shape is TypeShape.Map && type.Element is not null)
        {
            foreach (var (_, value) in fields)
            {
                Fill(type.Element, value);
            }
        }
    }

    private static bool HasDefaults(TypeSchema type) => Known.GetValue(type, static type => new(Look(type))).Value;

    // A null can be in the way of any declared field of a custom resource, so those are always walked.
    private static bool Look(TypeSchema type) =>
        type.Fields.Values.Any(field => field.Default is not null || field.Rules is not null || HasDefaults(field))
            || (type.Element is { } element && HasDefaults(element));
}
