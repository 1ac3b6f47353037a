using System.Text;
using System.Text.Json;
using Slipway.Workloads;

namespace Slipway.Signatures;

/// <summary>The text of one entry of a ConfigMap or a Secret; of the other entries nothing is read.</summary>
/// <param name="Text">Null where the object has no such entry. Never to be logged: a Secret may hold anything.</param>
internal sealed record KeyEntry(string? Text)
{
    public override string ToString() => nameof(KeyEntry);
}

/// <summary>Kubernetes API reference, ConfigMap v1 (data, binaryData) and Secret v1 (data).</summary>
internal static class KeyEntryReader
{
    public static KeyEntry OfConfigMap(JsonElement map, string entry)
    {
        var root = JsonField.Root(map, "ConfigMap");
        return new(root["data"][entry].Text ?? Decoded(root["binaryData"][entry]));
    }

    public static KeyEntry OfSecret(JsonElement secret, string entry) => new(Decoded(JsonField.Root(secret, "Secret")["data"][entry]));

    private static string? Decoded(JsonField field) =>
        field.Text is null ? null : field.Element.TryGetBytesFromBase64(out var bytes) ? Encoding.UTF8.GetString(bytes) : throw field.Expected("base64");
}
