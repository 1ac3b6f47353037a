using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Collects what is wrong with an object, in the API server's words (k8s.io/apimachinery field errors).</summary>
internal sealed class Faults
{
    private readonly ImmutableArray<StatusCause>.Builder _causes = ImmutableArray.CreateBuilder<StatusCause>();

    public ImmutableArray<StatusCause> Causes => _causes.ToImmutable();

    public void Add(ImmutableArray<StatusCause> causes) => _causes.AddRange(causes);

    public void Required(string field, string why = "") =>
        _causes.Add(new("FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}", field));

    public void Invalid(string field, JsonNode? value, string why) =>
        _causes.Add(new("FieldValueInvalid", $"Invalid value: {Shown(value)}: {why}", field));

    public void Forbidden(string field, string why) => _causes.Add(new("FieldValueForbidden", $"Forbidden: {why}", field));

    public void Duplicate(string field, JsonNode? value) => _causes.Add(new("FieldValueDuplicate", $"Duplicate value: {Shown(value)}", field));

    public void NotSupported(string field, JsonNode? value, params ReadOnlySpan<string> supported) =>
        _causes.Add(new("FieldValueNotSupported", $"Unsupported value: {Shown(value)}: supported values: \"{string.Join("\", \"", supported!)}\"", field));

    private static string Shown(JsonNode? value) => value is null ? "null" : System.Text.Encoding.UTF8.GetString(JsonTree.ToUtf8(value));
}
