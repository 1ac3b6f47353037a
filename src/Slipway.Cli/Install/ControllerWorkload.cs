using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Cli.Install;

/// <summary>The controller as a workload of the cluster that it looks after.</summary>
internal static class ControllerWorkload
{
    /// <summary>Of health, metrics and the registry's webhook.</summary>
    public const int Port = 8080;

    /// <summary>Its key <c>token</c> is what a registry must send to the webhook.</summary>
    public const string WebhookSecret = "slipway-webhook";

    /// <summary>Below it a Secret that was named has a directory of its name.</summary>
    public const string SecretsDirectory = "/etc/slipway/secrets";

    private const string ConfigurationDirectory = "/etc/slipway/config";

    private const string ConfigurationKey = "slipway.yaml";

    private const string ConfigurationVolume = "config";

    private const string CacheVolume = "cache";

    private const string CacheDirectory = "/var/cache/slipway";

    // Said, because an older API server that is asked to apply does not add it to the key of a port (kubernetes/kubernetes, structured merge).
    private const string Protocol = "TCP";

    // nonroot, as the distroless images number it.
    private const int User = 65532;

    public static JsonObject Deployment(InstallOptions options)
    {
        var json = Installation.Object("apps/v1", "Deployment", options.Namespace);
        json["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Installation.Labels },
            ["template"] = new JsonObject
            {
                ["metadata"] = PodMetadata(options),
                ["spec"] = PodSpec(options),
            },
        };
        return json;
    }

    public static JsonObject Service(InstallOptions options)
    {
        var json = Installation.Object("v1", "Service", options.Namespace);
        json["spec"] = new JsonObject
        {
            ["selector"] = Installation.Labels,
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = "http", ["protocol"] = Protocol }),
        };
        return json;
    }

    public static IEnumerable<JsonObject> Configuration(InstallOptions options)
    {
        if (options.Configuration is { } text)
        {
            var json = Installation.Object("v1", "ConfigMap", options.Namespace);
            json["data"] = new JsonObject { [ConfigurationKey] = text };
            yield return json;
        }
    }

    // The file is read at the start; another text is another pod.
    private static JsonObject PodMetadata(InstallOptions options)
    {
        var json = new JsonObject { ["labels"] = Installation.Labels };
        if (options.Configuration is { } text)
        {
            json["annotations"] = new JsonObject { ["slipway.dev/config-hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16] };
        }

        return json;
    }

    private static IEnumerable<JsonNode> Volumes(InstallOptions options)
    {
        yield return new JsonObject { ["name"] = CacheVolume, ["emptyDir"] = new JsonObject { ["sizeLimit"] = "256Mi" } };
        if (options.Configuration is not null)
        {
            yield return new JsonObject { ["name"] = ConfigurationVolume, ["configMap"] = new JsonObject { ["name"] = Installation.Name } };
        }

        // The controller starts without a Secret that is yet to be made; what needs it says so until it is there.
        foreach (var secret in options.Mounted)
        {
            yield return new JsonObject { ["name"] = $"secret-{secret}", ["secret"] = new JsonObject { ["secretName"] = secret, ["optional"] = true } };
        }
    }

    private static IEnumerable<JsonNode> Mounts(InstallOptions options)
    {
        yield return new JsonObject { ["name"] = CacheVolume, ["mountPath"] = CacheDirectory };
        if (options.Configuration is not null)
        {
            yield return Mount(ConfigurationVolume, ConfigurationDirectory);
        }

        foreach (var secret in options.Mounted)
        {
            yield return Mount($"secret-{secret}", $"{SecretsDirectory}/{secret}");
        }
    }

    private static JsonObject Mount(string volume, string path) => new() { ["name"] = volume, ["mountPath"] = path, ["readOnly"] = true };

    private static JsonObject PodSpec(InstallOptions options) => new()
    {
        ["serviceAccountName"] = Installation.Name,
        ["securityContext"] = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = User,
            ["runAsGroup"] = User,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        },
        ["containers"] = new JsonArray(Container(options)),
        ["volumes"] = new JsonArray([.. Volumes(options)]),
    };

    private static JsonObject Container(InstallOptions options) => new()
    {
        ["name"] = Installation.Name,
        ["image"] = options.Image,
        ["env"] = new JsonArray([.. Settings(options)]),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = Port, ["protocol"] = Protocol }),
        ["volumeMounts"] = new JsonArray([.. Mounts(options)]),
        ["livenessProbe"] = Probe("/livez", seconds: 10),
        ["readinessProbe"] = Probe("/readyz", seconds: 5),

        // Idle it takes a few millicores; the limit is the budget for ten thousand Deliveries.
        ["resources"] = new JsonObject
        {
            ["requests"] = new JsonObject { ["cpu"] = "10m", ["memory"] = "64Mi" },
            ["limits"] = new JsonObject { ["memory"] = "256Mi" },
        },
        ["securityContext"] = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        },
    };

    private static IEnumerable<JsonNode> Settings(InstallOptions options)
    {
        yield return Setting("SLIPWAY_CACHE_DIR", CacheDirectory);
        yield return Setting("SLIPWAY_LISTEN", $"http://0.0.0.0:{Port}");
        yield return Setting("SLIPWAY_LEASE_NAMESPACE", options.Namespace);
        if (options.Watched is not null)
        {
            yield return Setting("SLIPWAY_WATCH_NAMESPACE", options.Watched);
        }

        if (options.Configuration is not null)
        {
            yield return Setting("SLIPWAY_CONFIG", $"{ConfigurationDirectory}/{ConfigurationKey}");
        }

        // Without the Secret the webhook takes nothing, and polling does the work.
        yield return new JsonObject
        {
            ["name"] = "SLIPWAY_WEBHOOK_TOKEN",
            ["valueFrom"] = new JsonObject
            {
                ["secretKeyRef"] = new JsonObject { ["name"] = WebhookSecret, ["key"] = "token", ["optional"] = true },
            },
        };
    }

    private static JsonObject Setting(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Probe(string path, int seconds) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "http" },
        ["periodSeconds"] = seconds,
    };
}
