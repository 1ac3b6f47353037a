using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Which objects of a list or a watch the client wants.</summary>
internal sealed record ObjectFilter(LabelSelector Labels, FieldSelector Fields)
{
    public bool IsEverything => Labels.Requirements.IsEmpty && Fields.Terms.IsEmpty;

    public static ObjectFilter Of(ApiRequest request) => new(
        LabelSelector.Parse(request.Query("labelSelector")),
        FieldSelector.Parse(request.Resource, request.Query("fieldSelector")));

    public bool Matches(JsonObject value) => Labels.Matches(value.Section("metadata", "labels")) && Fields.Matches(value);
}
