using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Pods from templates, and the hash by which a template is known in names and labels.</summary>
internal static class PodTemplate
{
    public const string HashLabel = "pod-template-hash";
    public const string RevisionLabel = "controller-revision-hash";

    // k8s.io/apimachinery/pkg/util/rand: no vowels and no look-alikes, so that no hash spells a word.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Equal for templates that say the same in any order of their fields. The values differ from those of a real controller, which hashes Go's memory.</summary>
    public static string Hash(JsonNode? template)
    {
        var text = new StringBuilder();
        Canonical(template, text);
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(text.ToString()))
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => Alphabet[digit % Alphabet.Length]));
    }

    /// <summary>A pod of the template that belongs to the owner.</summary>
    /// <param name="name">Null for one that is made up from <paramref name="prefix"/>.</param>
    public static JsonObject Pod(JsonObject owner, JsonObject template, string prefix, string? name, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        var pod = new JsonObject { ["metadata"] = template["metadata"] is JsonObject metadata ? JsonTree.Copy(metadata) : [] };
        var meta = pod.Ensure("metadata");
        meta.Remove("creationTimestamp");
        meta["namespace"] = owner.Namespace();
        if (name is null)
        {
            meta["generateName"] = prefix;
        }
        else
        {
            meta["name"] = name;
        }

        foreach (var (label, value) in labels)
        {
            pod.Ensure("metadata", "labels")[label] = value;
        }

        meta["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner));
        pod["spec"] = JsonTree.Copy(template.Section("spec") ?? []);
        pod["status"] = new JsonObject { ["phase"] = "Pending" };
        return pod;
    }

    private static void Canonical(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null or JsonObject { Count: 0 } or JsonArray { Count: 0 }:
                break;
            case JsonObject fields:
                foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal).Where(field => !IsNothing(field.Value)))
                {
                    text.Append(name).Append('{');
                    Canonical(value, text);
                    text.Append('}');
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    text.Append('[');
                    Canonical(item, text);
                    text.Append(']');
                }

                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static bool IsNothing(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
