using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Where the next page of a list starts, and of which moment it is.</summary>
internal sealed record ContinueToken(long Version, string AfterNamespace, string AfterName)
{
    /// <exception cref="StatusException">BadRequest, when the token is none of ours.</exception>
    public static ContinueToken Parse(string text)
    {
        try
        {
            var json = JsonTree.Parse(Base64Url.DecodeFromChars(text)) as JsonObject;
            if (json?.Number("rv") is { } version && json.Text("start").Split('/') is [var ns, var name])
            {
                return new(version, ns, name);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // It is told below, as any other token that is not ours.
        }
        throw ApiStatus.BadRequest("continue key is not valid: it must be the token of the page before").Thrown();
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = Version, ["start"] = $"{AfterNamespace}/{AfterName}" }.ToJsonString()));

    public bool IsAfter(ObjectKey key) =>
        string.CompareOrdinal(key.Namespace, AfterNamespace) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(key.Name, AfterName) > 0));
}
