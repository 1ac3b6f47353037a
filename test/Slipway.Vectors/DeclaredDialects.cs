using System.Collections.Frozen;
using System.Text.Json;
using Slipway.Registry;

namespace Slipway.Vectors;

/// <summary>
/// Peers' own rules that Slipway does not follow, by file and dialect. A dialect is ours as a whole or not at all: never an op of a dialect whose other ops pass.
/// </summary>
public static class DeclaredDialects
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        ["policy-regex/keel"] = "it orders what a group captured as text, so that build 9 comes after build 10; ours is filter.extract with an order of its own",
        ["policy-semver/keel"] =
            "its policies (patch, minor, major, all) are relative to what runs, so that what is picked depends on the path that led there; a range says the same by itself",
        ["dockerconfig/keel"] = "it compares hosts without ports and paths, so that a login would go where the kubelet does not send it; ours are the kubelet's rules",
        ["registry-cloud/go-containerregistry"] = "localhost/repo is a repository of localhost, as the reference grammar and the kubelet read it",
        ["registry-cloud/kargo"] = "the question is whether a host is one of ECR, with a repository or without",
        ["registry-cloud/kubernetes-in-tree"] = "'azurecr.' followed by any suffix would be sent a token of ours: a suffix has to be known or named",
        [$"registry-http/{DockerDigests}"] = "watchtower compares with the RepoDigests of a Docker engine; in a cluster the pods' imageID says what runs, by repository and digest",
        [$"registry-http/{FrontOfGhcr}"] = "watchtower asks ghcr.io for images of lscr.io; a login goes to the host it is for, and lscr.io answers by itself",
        [$"registry-http/{PartOfAList}"] = "a list whose page links to itself has no end that is known: it is refused whole, for a policy must not act on a part of it",
        [$"registry-http/{PlainPrivate}"] = "go-containerregistry takes private addresses for plain HTTP; here a login goes over plain HTTP only where the operator has named the registry",
        [$"webhooks/auth/{OpenWithoutSecret}"] = "without a configured secret it takes what anybody sends; ours is no credential, no route",
    }.ToFrozenDictionary();

    private const string OpenWithoutSecret = "open-without-secret";
    private const string DockerDigests = "docker-repo-digests";
    private const string FrontOfGhcr = "front-of-ghcr";
    private const string PartOfAList = "part-of-a-list";
    private const string PlainPrivate = "plain-private-address";

    /// <summary>A peer's rule that the file does not mark by name, told by the input that it hangs on, and so for every case that has it.</summary>
    public static string? Unmarked(string file, JsonElement one) => (file, Text(one, "op")) switch
    {
        ("webhooks/auth", _) when one.ValueKind is JsonValueKind.Object && one.TryGetProperty("configuredSecret", out var secret) && secret.ValueEquals("") => OpenWithoutSecret,
        ("registry-http", "digest-in-repo-digests") => DockerDigests,
        ("registry-http", "registry-address") when Text(one, "input").StartsWith("lscr.io/", StringComparison.Ordinal) => FrontOfGhcr,
        ("registry-http", "tag-pages") when one.GetProperty("expect").TryGetProperty("terminates", out _) => PartOfAList,
        ("registry-http", "default-scheme") when HostKind.IsPrivateAddress(Text(one, "registry").Split(':')[0]) && !HostKind.IsLoopback(Text(one, "registry").Split(':')[0]) => PlainPrivate,
        _ => null,
    };

    private static string Text(JsonElement one, string name) =>
        one.ValueKind is JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
