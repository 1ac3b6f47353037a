using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>The scale of a workload (autoscaling/v1 Scale): the one number that autoscalers and <c>kubectl scale</c> write.</summary>
internal sealed class ScaleSubresource(ObjectStore store, ObjectWriter writer)
{
    private const int Attempts = 5;

    private static readonly ResourceDefinition Scales = new()
    {
        Group = "autoscaling",
        Version = "v1",
        Plural = "scales",
        Kind = "Scale",
        Namespaced = true,
        Schema = BuiltInTypes.Find("autoscaling", "Scale"),
    };

    public Task GetAsync(ApiRequest request) => ResponseJson.WriteAsync(request.Http, Of(request.Resource, Find(request).Value));

    public async Task WriteAsync(ApiRequest request)
    {
        var asScale = request with { Resource = Scales };
        var patch = request.Http.Request.Method == "PATCH" ? await Patch.ReadAsync(asScale) : null;
        var whole = patch is null ? Admission.Decode(asScale, await RequestBody.ReadAsync(request.Http)) : null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var current = Find(request);
            var wanted = whole ?? patch!.Apply(asScale, Of(request.Resource, current.Value), "");
            Admission.RequireShape(Scales, wanted);
            if (Write(request, current, wanted) is { } written)
            {
                await ResponseJson.WriteAsync(request.Http, Of(request.Resource, written.Value));
                return;
            }
        }
        throw ApiStatus.Modified(request.Resource.Resource, request.Path.Name).Thrown();
    }

    private StoredObject? Write(ApiRequest request, StoredObject current, JsonObject wanted)
    {
        var replicas = wanted.Number("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            throw ApiStatus.Invalid(Scales, request.Path.Name,
                new StatusCause("FieldValueInvalid", $"Invalid value: {replicas}: must be greater than or equal to 0", "spec.replicas")).Thrown();
        }
        var next = ObjectWriter.View(request, current);
        var path = request.Resource.Scale!.SpecReplicas;
        next.Ensure(path.AsSpan()[..^1])[path[^1]] = replicas;
        next.Ensure("metadata")["resourceVersion"] = wanted.ResourceVersion();
        // Until 1.22 nobody was noted as the writer of a scale.
        return writer.Write(request, current, next, store.Resources.Release is KubernetesRelease.OneTwenty ? null : request.Updater);
    }

    private StoredObject Find(ApiRequest request) =>
        store.FindStored(request.Key) ?? throw ApiStatus.NotFound(request.Resource.Resource, request.Path.Name).Thrown();

    private static JsonObject Of(ResourceDefinition resource, JsonObject value)
    {
        var scale = resource.Scale!;
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata[field] = value.Field("metadata", field)?.DeepClone();
        }
        var status = new JsonObject { ["replicas"] = value.Number(scale.StatusReplicas.AsSpan()) ?? 0 };
        if (Selector(scale, value) is { Length: > 0 } selector)
        {
            status["selector"] = selector;
        }
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = value.Number(scale.SpecReplicas.AsSpan()) ?? 0 },
            ["status"] = status,
        };
    }

    private static string Selector(ScaleDefinition scale, JsonObject value) => scale.Selector.IsEmpty
        ? value.Section("spec", "selector") is { } selector ? LabelSelector.Of(selector).ToString() : ""
        : value.Text(scale.Selector.AsSpan());
}
