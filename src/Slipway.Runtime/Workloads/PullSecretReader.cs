using System.Text.Json;

namespace Slipway.Workloads;

/// <summary>Credentials for registries as a Secret holds them.</summary>
/// <param name="Config">The file's bytes, unread. Never to be logged.</param>
/// <param name="Legacy">The old format (.dockercfg): registries at the top, without <c>auths</c>.</param>
public sealed record PullSecret(string Namespace, string Name, ReadOnlyMemory<byte> Config, bool Legacy);

/// <summary>Reads Secrets of the two types that Kubernetes has for registries (Kubernetes, "Secrets", Docker config Secrets).</summary>
public static class PullSecretReader
{
    public const string DockerConfigJson = "kubernetes.io/dockerconfigjson";

    public const string DockerConfig = "kubernetes.io/dockercfg";

    /// <summary>Null when the Secret is of another type or has no such entry.</summary>
    /// <exception cref="FormatException">A field has the wrong type or is no base64; the message names object and field, never a value.</exception>
    public static PullSecret? Read(JsonElement secret)
    {
        var metadata = JsonField.Root(secret, "Secret")["metadata"];
        var (@namespace, name) = (metadata["namespace"].Text ?? "", metadata["name"].RequiredText);
        var root = JsonField.Root(secret, $"Secret {@namespace}/{name}");
        string? entry = root["type"].Text switch
        {
            DockerConfigJson => ".dockerconfigjson",
            DockerConfig => ".dockercfg",
            _ => null,
        };
        if (entry is null || root["data"][entry] is not { Text: not null } field)
        {
            return null;
        }

        return field.Element.TryGetBytesFromBase64(out var config) ? new(@namespace, name, config, entry == ".dockercfg") : throw field.Expected("base64");
    }
}
