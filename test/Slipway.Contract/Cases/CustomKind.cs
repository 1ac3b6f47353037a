using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>A kind that a case defines for itself, under a group of its own, so that cases do not meet.</summary>
public sealed class CustomKind : IAsyncDisposable
{
    private readonly ApiClient _api;

    private CustomKind(ApiClient api, string group) => (_api, Group) = (api, group);

    public string Group { get; }

    public string Crd => $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.{Group}";

    public string ApiVersion => $"{Group}/v1";

    /// <param name="properties">Of <c>spec</c>, as the text of a JSON object.</param>
    public static async Task<CustomKind> DefineAsync(ApiClient api, string properties, string specRules = "", bool status = true)
    {
        var kind = new CustomKind(api, $"c{RandomNumberGenerator.GetHexString(12, lowercase: true)}.example.com");
        (await api.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", kind.Definition(properties, specRules, status))).Expect(201);
        await ApiClient.EventuallyAsync(() => api.GetAsync($"/apis/{kind.Group}/v1/gadgets"), answer => answer.Code == 200, "the kind is served");
        return kind;
    }

    public static JsonObject DefinitionOf(string group, string properties, string specRules = "", bool status = true) =>
        new CustomKind(null!, group).Definition(properties, specRules, status);

    public string Path(TestNamespace ns) => ns.Group(Group, "v1", "gadgets");

    public JsonObject Gadget(string name, string spec) => JsonTree.ParseObject(
        """{"apiVersion":"VERSION","kind":"Gadget","metadata":{"name":"NAME"},"spec":SPEC}"""
            .Replace("VERSION", ApiVersion, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal)
                .Replace("SPEC", spec, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await _api.DeleteAsync(Crd);

    private JsonObject Definition(string properties, string specRules, bool status) => JsonTree.ParseObject(
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"gadgets.GROUP"},
         "spec":{"group":"GROUP","scope":"Namespaced","names":{"plural":"gadgets","kind":"Gadget","shortNames":["gd"]},
                 "versions":[{"name":"v1","served":true,"storage":true,
                   "schema":{"openAPIV3Schema":{"type":"object","properties":{
                       "spec":{"type":"object",RULES"properties":PROPERTIES},
                       "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}},
                   "subresources":SUBRESOURCES,
                   "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},
                                               {"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},
                                               {"name":"Detail","type":"string","priority":1,"jsonPath":".spec.mode"},
                                               {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]}]}}
        """
            .Replace("GROUP", Group, StringComparison.Ordinal)
            .Replace("RULES", specRules, StringComparison.Ordinal)
            .Replace("PROPERTIES", properties, StringComparison.Ordinal)
            .Replace("SUBRESOURCES", status ? """{"status":{},"scale":{"specReplicasPath":".spec.size","statusReplicasPath":".status.size","labelSelectorPath":".status.selector"}}""" : "{}", StringComparison.Ordinal));
}
