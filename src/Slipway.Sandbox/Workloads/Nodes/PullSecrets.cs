using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>The login for a registry from the pull secrets of a pod and its service account ("Pull an Image from a Private Registry").</summary>
internal static class PullSecrets
{
    public static RegistryLogin? Find(ObjectStore store, JsonObject pod, string domain)
    {
        var account = pod.Text("spec", "serviceAccountName") is { Length: > 0 } named ? named : "default";
        var ofAccount = store.Find(Known.ServiceAccounts, pod.Namespace(), account)?.Objects("imagePullSecrets") ?? [];
        return pod.Objects("spec", "imagePullSecrets").Concat(ofAccount)
            .Select(reference => store.Find(Known.Secrets, pod.Namespace(), reference.Text("name")))
            .OfType<JsonObject>()
            .Select(secret => Login(secret, domain))
            .FirstOrDefault(login => login is not null);
    }

    private static RegistryLogin? Login(JsonObject secret, string domain)
    {
        try
        {
            var config = JsonNode.Parse(Convert.FromBase64String(secret.Text("data", ".dockerconfigjson"))) as JsonObject;
            return config?.Section("auths", domain) is { } entry ? Login(entry) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // A kubelet passes over a secret that it cannot read, and pulls without it.
            return null;
        }
    }

    private static RegistryLogin? Login(JsonObject entry)
    {
        if (entry.Text("username") is { Length: > 0 } user)
        {
            return new(user, entry.Text("password"));
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(entry.Text("auth")));
        return pair.IndexOf(':') is > 0 and var colon ? new(pair[..colon], pair[(colon + 1)..]) : null;
    }
}
