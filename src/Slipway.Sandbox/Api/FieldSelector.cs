using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>A selector of objects by a few fields that their kind offers for it ("Field Selectors" of the documentation).</summary>
internal sealed record FieldSelector(ImmutableArray<(string Field, bool Equal, string Value)> Terms)
{
    public static readonly FieldSelector Everything = new([]);

    private static readonly Dictionary<(string Group, string Kind), string[]> Offered = new()
    {
        [("", "Pod")] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
            "status.podIP", "status.nominatedNodeName"],
        [("", "Node")] = ["spec.unschedulable"],
        [("", "Namespace")] = ["status.phase"],
        [("", "Secret")] = ["type"],
        [("", "Service")] = ["spec.clusterIP", "spec.type"],
        [("", "Event")] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        [("events.k8s.io", "Event")] =
            ["regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion", "regarding.resourceVersion",
                "regarding.fieldPath", "reason", "reportingController", "type"],
        [("apps", "ReplicaSet")] = ["status.replicas"],
        [("batch", "Job")] = ["status.successful"],
    };

    /// <exception cref="StatusException">BadRequest, for a field that the kind does not offer.</exception>
    public static FieldSelector Parse(ResourceDefinition resource, string text)
    {
        if (text.Length == 0)
        {
            return Everything;
        }
        var terms = ImmutableArray.CreateBuilder<(string, bool, string)>();
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (field, equal, value) = ParseTerm(term)
                ?? throw ApiStatus.BadRequest($"invalid field selector: \"{term}\"; can't understand '{term}'").Thrown();
            var offered = Offered.GetValueOrDefault((resource.Group, resource.Kind), []);
            if (field is not ("metadata.name" or "metadata.namespace") && !offered.Contains(field))
            {
                throw ApiStatus.BadRequest(offered.Length > 0
                    ? $"field label not supported: {field}"
                    : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"").Thrown();
            }
            terms.Add((field, equal, value));
        }
        return new(terms.ToImmutable());
    }

    /// <summary>The only name that can match; null when there may be several.</summary>
    public string? OnlyName => Terms.FirstOrDefault(term => term is { Field: "metadata.name", Equal: true }).Value;

    public bool Matches(JsonObject value)
    {
        foreach (var (field, equal, wanted) in Terms)
        {
            if ((Read(value, field) == wanted) != equal)
            {
                return false;
            }
        }
        return true;
    }

    private static (string, bool, string)? ParseTerm(string term)
    {
        foreach (var sign in new[] { "!=", "==", "=" })
        {
            if (term.Split(sign, 2) is [var field, var value])
            {
                return (field.Trim(), sign != "!=", value.Replace("\\", "", StringComparison.Ordinal));
            }
        }
        return null;
    }

    // Events are stored in their older form, whichever they are asked for in.
    private static string Read(JsonObject value, string field) => field switch
    {
        "source" => value.Text("source", "component"),
        "reportingController" => value.Text("reportingComponent"),
        "status.successful" => Plain(value.Field("status", "succeeded"), "0"),
        "spec.unschedulable" or "spec.hostNetwork" => Plain(value.Field(field.Split('.')), "false"),
        "status.replicas" => Plain(value.Field("status", "replicas"), "0"),
        _ => Plain(value.Field(field.Replace("regarding.", "involvedObject.", StringComparison.Ordinal).Split('.')), ""),
    };

    private static string Plain(JsonNode? node, string absent) => node?.ToString() ?? absent;
}
