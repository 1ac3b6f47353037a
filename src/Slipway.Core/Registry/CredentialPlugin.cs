using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Deliveries;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>For whom a plugin's answer may be kept (credentialprovider.kubelet.k8s.io, PluginCacheKeyType).</summary>
public enum PluginCacheKey
{
    Image,
    Registry,
    Global,
}

/// <summary>
/// A credential provider of the kubelet (kubelet.config.k8s.io, CredentialProvider): a program that is run for the images that it matches,
/// with a request on stdin and an answer on stdout (credentialprovider.kubelet.k8s.io, CredentialProviderRequest and -Response).
/// </summary>
/// <param name="DefaultCacheDuration">How long an answer is kept that does not say it itself.</param>
/// <param name="ApiVersion">That it speaks: credentialprovider.kubelet.k8s.io/v1, v1beta1 or v1alpha1.</param>
public sealed record CredentialPlugin(
    string Name,
    ImmutableArray<string> MatchImages,
    TimeSpan DefaultCacheDuration,
    string ApiVersion,
    ImmutableArray<string> Args,
    ImmutableArray<KeyValuePair<string, string>> Env)
{
    private const string Group = "credentialprovider.kubelet.k8s.io";

    private static readonly string[] Versions = ["v1", "v1beta1", "v1alpha1"];

    // Longer is not believed: who takes a right away wants it to end.
    private static readonly TimeSpan LongestKept = TimeSpan.FromHours(24);

    public bool Matches(RepositoryName repository) => MatchImages.Any(pattern => PullSecrets.Matches(pattern, repository.ToString()));

    public byte[] Request(RepositoryName repository) => Encoding.UTF8.GetBytes(
        $$"""{"apiVersion":"{{ApiVersion}}","kind":"CredentialProviderRequest","image":"{{JavaScriptEncoder.Default.Encode(repository.ToString())}}"}""");

    /// <returns>Null, with the reason, where the answer is none.</returns>
    public PluginAnswer? Read(ReadOnlyMemory<byte> stdout, out string why)
    {
        var reason = "it does not answer with JSON";
        var answer = CloudJson.Read(stdout, root =>
        {
            reason = root.Text("kind") != "CredentialProviderResponse" ? "it does not answer with a CredentialProviderResponse"
                : root.Text("apiVersion") != ApiVersion ? $"it does not answer in {ApiVersion}, which it is configured for"
                : "its answer has no cacheKeyType that is Image, Registry or Global";
            if (root.Text("kind") != "CredentialProviderResponse" || root.Text("apiVersion") != ApiVersion || !Enum.TryParse<PluginCacheKey>(root.Text("cacheKeyType"), out var key))
            {
                return null;
            }

            // Null or absent, and only these, mean the default: zero means not to keep it.
            var kept = root.Text("cacheDuration") is not { } text ? DefaultCacheDuration : DurationText.TryParse(text, out var duration) ? duration : TimeSpan.Zero;
            return new PluginAnswer(key, kept < LongestKept ? kept : LongestKept, Config(root.Field("auth")));
        });
        why = reason;
        return answer;
    }

    /// <summary>Reads a CredentialProviderConfig, as JSON. The rules are those by which the kubelet refuses to start.</summary>
    /// <param name="problem">Names the field (<c>providers[0].name</c>) and the reason; empty where there is none.</param>
    public static ImmutableArray<CredentialPlugin> ReadConfig(JsonElement root, out string problem)
    {
        problem = root.Text("kind") is not "CredentialProviderConfig" ? "kind: it is not CredentialProviderConfig"
            : !Versions.Any(version => root.Text("apiVersion") == $"kubelet.config.k8s.io/{version}") ? "apiVersion: it is not kubelet.config.k8s.io/v1, v1beta1 or v1alpha1"
            : root.Field("providers") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0 ? "providers: there is none"
            : "";
        var plugins = ImmutableArray.CreateBuilder<CredentialPlugin>();
        foreach (var (index, entry) in (problem.Length > 0 ? [] : root.Field("providers").EnumerateArray().ToArray()).Index())
        {
            if (ReadPlugin(entry, out var why) is { } plugin && plugins.All(other => other.Name != plugin.Name))
            {
                plugins.Add(plugin);
                continue;
            }

            problem = why.Length > 0 ? $"providers[{index}].{why}" : $"providers[{index}].name: it comes twice";
            break;
        }

        return problem.Length > 0 ? [] : plugins.ToImmutable();
    }

    private static CredentialPlugin? ReadPlugin(JsonElement entry, out string why)
    {
        var name = entry.Text("name") ?? "";
        var images = Texts(entry.Field("matchImages"));
        var version = entry.Text("apiVersion") ?? "";
        var hasDuration = DurationText.TryParse(entry.Text("defaultCacheDuration"), out var duration);
        why = name is "" or "." or ".." || name.AsSpan().ContainsAny("/\\ ") ? "name: write the file name of the program, without a path"
            : images.IsEmpty || images.Any(image => image.Contains("://", StringComparison.Ordinal)) ? "matchImages: write at least one pattern, without a scheme"
            : !hasDuration ? "defaultCacheDuration: write a duration such as 12h"
            : !Versions.Any(known => version == $"{Group}/{known}") ? $"apiVersion: it is not {Group}/v1, v1beta1 or v1alpha1"
            : entry.Field("tokenAttributes").ValueKind is JsonValueKind.Object ? "tokenAttributes: tokens of the pods' service accounts are not handed to plugins here; give the controller's own an identity"
            : "";
        return why.Length > 0 ? null : new CredentialPlugin(name, images, duration, version, Texts(entry.Field("args")), Variables(entry.Field("env")));
    }

    private static DockerConfig Config(JsonElement auth)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, RegistryCredential>>();
        foreach (var server in auth.ValueKind is JsonValueKind.Object ? auth.EnumerateObject() : default)
        {
            entries.Add(new(server.Name, new RegistryCredential(server.Value.Text("username") ?? "", server.Value.Text("password") ?? "")));
        }

        return new DockerConfig(entries.ToImmutable(), []);
    }

    private static ImmutableArray<string> Texts(JsonElement list) =>
        list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!)] : [];

    private static ImmutableArray<KeyValuePair<string, string>> Variables(JsonElement list) =>
        list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray().Where(item => item.Text("name") is not null).Select(item => KeyValuePair.Create(item.Text("name")!, item.Text("value") ?? ""))] : [];
}

/// <summary>Credentials by the images they are for, and how long and for whom they may be kept.</summary>
public sealed record PluginAnswer(PluginCacheKey Key, TimeSpan Kept, DockerConfig Auth);
