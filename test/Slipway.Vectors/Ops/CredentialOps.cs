using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Registry;

namespace Slipway.Vectors.Ops;

/// <summary>Pull secrets and docker's configuration: dockerconfig.json.</summary>
internal static class CredentialOps
{
    public static JsonObject Lookup(VectorCase one) => Found(one) is [var first, ..]
        ? new JsonObject { ["found"] = true, ["username"] = first.Username, ["password"] = first.Password }
        : new JsonObject { ["found"] = false };

    public static JsonObject LookupAll(VectorCase one) => new() { ["usernames"] = Found(one).Select(credential => credential.Username).Array() };

    public static JsonObject GlobMatch(VectorCase one) => new() { ["match"] = PullSecrets.Matches(one.Text("glob"), one.Text("target")) };

    public static JsonObject IsDockerHub(VectorCase one) => new() { ["match"] = PullSecrets.IsOnDockerHub(one.Text("image")) };

    public static JsonObject DecodeEntry(VectorCase one)
    {
        using var entry = JsonDocument.Parse(one.Text("input"));
        return DockerConfig.TryEntry(entry.RootElement, out _) is not { } credential ? Error : new JsonObject
        {
            ["error"] = false,
            ["username"] = credential.Username,
            ["password"] = credential.Password,
            ["identityToken"] = credential.IdentityToken ?? "",
            ["registryToken"] = credential.RegistryToken ?? "",
        };
    }

    public static JsonObject DecodeAuth(VectorCase one) => DockerConfig.TryDecode(one.Text("input")) is var (username, password)
        ? new JsonObject { ["username"] = username, ["password"] = password }
        : Error;

    public static JsonObject DecodeConfig(VectorCase one)
    {
        var config = DockerConfig.Parse(Encoding.UTF8.GetBytes(one.Text("input")));
        return config.Entries.IsEmpty ? Error : new JsonObject
        {
            ["servers"] = new JsonObject(config.Entries.Select(entry => KeyValuePair.Create(
                entry.Key, (JsonNode?)new JsonObject { ["username"] = entry.Value.Username, ["password"] = entry.Value.Password }))),
        };
    }

    public static JsonObject HelperAddress(VectorCase one) => DockerServer.TryAddress(one.Text("input")) is { } address ? new JsonObject { ["url"] = address } : Error;

    public static JsonObject HostName(VectorCase one) => new() { ["hostname"] = DockerServer.HostOf(one.Text("input")) };

    private static ImmutableArray<RegistryCredential> Found(VectorCase one) =>
        PullSecrets.Lookup(one.Text("image"), [DockerConfig.Parse(Encoding.UTF8.GetBytes(one.Body.GetProperty("config").GetRawText()))]);

    private static JsonObject Error => new() { ["error"] = true };
}
